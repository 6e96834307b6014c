"""What chosen schools of thought hold in the modules they were chosen for, as numbers to put in.

Owns the order in which a world's changes act and where they end; whose beliefs come first, and
what the case becomes, is `own_case`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from openchannel.casefile.own_laws import rescaled
from openchannel.domain import Case, Draw, Override, Parameter

__all__ = ["Held", "held_by_schools", "scaled"]

How = Literal["set", "times"]


@dataclass(frozen=True, slots=True)
class Held:
    """Some elements of one parameter, set to a number or multiplied by it."""

    parameter: str
    elements: tuple[str, ...]
    how: How
    number: float


def held_by_schools(
    case: Case, modules: Mapping[str, str], stated: set[tuple[str, str]]
) -> list[Held]:
    """What worlds hold, by module, of all that is not in `stated` as (parameter, element)."""
    found: dict[tuple[str, str], tuple[How, float]] = {}
    for change in _changes(case, modules):
        for element in change.elements or case.parameters[change.parameter].elements:
            place = change.parameter, element
            how, number = found.get(place, ("times", 1.0))
            if change.how == "set":
                found[place] = "set", change.value
            else:
                found[place] = how, number * change.value
    together: dict[tuple[str, How, float], list[str]] = {}
    for (key, element), (how, number) in found.items():
        if (key, element) not in stated:
            together.setdefault((key, how, number), []).append(element)
    return [Held(key, tuple(e), how, number) for (key, how, number), e in together.items()]


def _changes(case: Case, modules: Mapping[str, str]) -> Iterator[Override]:
    """The overrides of the chosen worlds in their order, each in the module it was chosen for."""
    for module, world_id in modules.items():
        world = case.world(world_id)
        nulls = [
            Override(key, (), "set", p.tie_effect.null)
            for key, p in case.parameters.items()
            if world.null_tie_effects and p.tie_effect is not None
        ]
        for change in (*nulls, *world.overrides):
            if case.parameters[change.parameter].module == module:
                yield change


def scaled(parameter: Parameter, elements: tuple[str, ...], times: float) -> Parameter:
    """The parameter with some elements multiplied, ranges and all.

    The bounds of the parameter act on the product, where a world's multiplier acts on numbers that
    the bounds have cut already.
    """
    low, high = parameter.bounds
    values = tuple(
        min(max(v * times, low), high) if e in elements else v
        for e, v in zip(parameter.elements, parameter.values, strict=True)
    )
    draws: list[Draw] = []
    for draw in parameter.draws:
        moved = tuple(e for e in draw.elements if e in elements)
        if not moved or draw.law is None or draw.how == "times":  # a multiplier stays one
            draws.append(draw)
            continue
        draws.append(replace(draw, elements=moved, law=rescaled(draw.law, times=times)))
        if rest := tuple(e for e in draw.elements if e not in moved):
            draws.append(replace(draw, elements=rest))
    return replace(parameter, values=values, draws=tuple(draws))
