"""A case as the writer of one's own beliefs sees it: ranges replaced, and one world.

What is stated keeps its dependence: tie effects still rise and fall together, and base risks with
the common factor. Reading the file belongs to `own_beliefs`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from openchannel.casefile.own_beliefs import OwnBelief, OwnBeliefs
from openchannel.casefile.own_laws import (
    SHAPE,
    Exactly,
    Spread,
    Stated,
    centre,
    family_of,
    law_of,
    log_spread,
    lognormal_between,
    rescaled,
)
from openchannel.casefile.own_schools import held_by_schools, scaled
from openchannel.domain import Case, Draw, Law, Parameter, Uniform, World

__all__ = ["OWN_WORLD", "apply_own"]

#: Id of the world that a run of one's own beliefs has.
OWN_WORLD = "OWN"


def apply_own(case: Case, own: OwnBeliefs) -> Case:
    """The case under one's own beliefs: its ranges and numbers replaced, and one world, `OWN`.

    Modules for which a school is chosen hold what the school holds, except where a belief of one's
    own says otherwise. All of it stands in the parameters, so that whatever starts from the
    defaults of the case starts from one's own. The fingerprint is of case and beliefs together.
    """
    sd = _held(own, "omega_risk_sd", case)
    by_key: dict[str, list[OwnBelief]] = {}
    for belief in own.beliefs:
        by_key.setdefault(belief.parameter, []).append(belief)
    parameters = dict(case.parameters)
    stated = {(b.parameter, e) for b in own.beliefs for e in b.elements}
    for held in held_by_schools(case, own.modules, stated):
        key = held.parameter
        if held.how == "times":
            parameters[key] = scaled(parameters[key], held.elements, held.number)
        else:
            school = OwnBelief(key, held.elements, "set", Exactly(held.number))
            by_key.setdefault(key, []).append(school)
    for key, beliefs in by_key.items():
        parameters[key] = _believed(parameters[key], beliefs, sd)
    for key, parameter in parameters.items():
        if parameter != case.parameters[key]:
            parameters[key] = _owned(parameter, case.parameters[key], own.title)
    both = f"{case.fingerprint}\0{own.fingerprint}"
    return replace(
        case,
        parameters=parameters,
        worlds=(
            World(
                id=OWN_WORLD,
                title=own.title,
                argument=own.note or "Beliefs of a reader, given in a file beside the case.",
                weight=1.0,
            ),
        ),
        fingerprint=hashlib.sha256(both.encode()).hexdigest(),
    )


def _owned(parameter: Parameter, before: Parameter, title: str) -> Parameter:
    """The parameter marked as a judgement of the reader's, with what the case says of its own."""
    told = ", ".join(dict.fromkeys(f"{v:g}" for v in before.values))
    reasoning = f"{title}: stated in a file of own beliefs. The case has {told}: {before.reasoning}"
    return replace(parameter, grade="C", provisional=True, reasoning=reasoning)


def _held(own: OwnBeliefs, key: str, case: Case) -> float:
    """A number that shapes other beliefs: one's own where it is stated, else the case's."""
    for belief in own.beliefs:
        if belief.parameter == key:
            return centre(law_of(belief.stated, SHAPE))
    return case.parameters[key].value if key in case.parameters else 0.0


def _believed(parameter: Parameter, beliefs: Sequence[OwnBelief], sd: float) -> Parameter:
    """The parameter with its own ranges and values where one states them."""
    named = {e for b in beliefs for e in b.elements}
    values = dict(zip(parameter.elements, parameter.values, strict=True))
    risks = list(parameter.risk_factor)
    mine: list[Draw] = []
    for belief in beliefs:
        law = law_of(belief.stated, family_of(parameter, belief.elements, belief.how))
        shared = set(belief.elements) & set(risks)
        if shared:
            within = _beside_factor(belief.stated, sd)
            law = law if within is None else within
            if within is None:  # it stands alone, as it is stated
                risks = [e for e in risks if e not in shared]
        mine += _drawn(parameter, belief, law, values)
    return replace(
        parameter,
        values=tuple(values[e] for e in parameter.elements),
        draws=_in_place(parameter.draws, named, mine),
        risk_factor=tuple(risks),
    )


def _in_place(draws: Sequence[Draw], named: set[str], mine: Sequence[Draw]) -> tuple[Draw, ...]:
    """One's own draws in the places of those they replace, so that others keep their coordinates.

    A draw of which some elements are left keeps its place; what finds no place stands at the end.
    """
    waiting = list(mine)
    placed: list[Draw] = []
    for draw in draws:
        left = tuple(e for e in draw.elements if e not in named)
        if left:
            placed.append(replace(draw, elements=left))
            continue
        heir = next((m for m in waiting if set(m.elements) & set(draw.elements)), None)
        if heir is not None:
            waiting.remove(heir)
            placed.append(heir)
    return (*placed, *waiting)


def _beside_factor(stated: Stated, sd: float) -> Law | None:
    """The law that, times the common factor of base risks, has the stated 5 % and 95 % points.

    There is one where the stated range is wider than the factor's own; None elsewhere.
    """
    if not isinstance(stated, Spread) or stated.low <= 0:
        return None
    spread = log_spread(stated.low, stated.high)
    if spread <= sd:
        return None
    return replace(lognormal_between(stated.low, stated.high), sigma=math.sqrt(spread**2 - sd**2))


def _drawn(
    parameter: Parameter, belief: OwnBelief, law: Law, values: dict[str, float]
) -> Iterator[Draw]:
    """The draw of a belief; `values` take its centre, around which the draw is then neutral."""
    middle = centre(law)
    low, high = parameter.bounds
    was_drawn = any(set(belief.elements) & set(d.elements) for d in parameter.draws)
    for element in belief.elements:
        moved = {
            "set": middle,
            "times": values[element] * middle,
            "plus": values[element] + middle,
        }[belief.how]
        values[element] = min(max(moved, low), high)
    if isinstance(belief.stated, Exactly) and not was_drawn:
        return
    # A number held keeps the coordinate of its range, so that other draws do not shift.
    match belief.how:
        case "set":
            yield Draw(belief.elements, "value", law)
        case "times":
            neutral = Uniform(1.0, 1.0) if middle == 0 else rescaled(law, times=1.0 / middle)
            yield Draw(belief.elements, "times", neutral)
        case "plus":
            yield Draw(belief.elements, "plus", rescaled(law, plus=-middle))
