"""Beliefs as rows that a reader can move: numbers, reasons, and the file that they make.

A row is a quantity that the case varies by a law of its own. Where the reader starts from a school
of thought, its rows stand where the school holds them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from openchannel.analysis.belief_axes import Axis, axes_of
from openchannel.casefile.own_beliefs import parse_own
from openchannel.casefile.own_case import apply_own
from openchannel.casefile.own_laws import centre
from openchannel.domain import Case, Discrete, Law, Override, Parameter
from openchannel.ensemble.design import quantile
from openchannel.errors import Problem, UserError
from openchannel.report.grades import GRADE_WORDS, marker
from openchannel.report.numbers import plain
from openchannel.report.sections.trail_parameters import MODULES, module_title
from openchannel.report.wording import listed
from openchannel.usecases.runs.own_beliefs import Said, beliefs_text

__all__ = [
    "HOW",
    "Group",
    "Moved",
    "Row",
    "belief_groups",
    "belief_rows",
    "moved_words",
    "own_text",
    "share",
]

#: A belief moved: the 5 % and the 95 % point of what the reader holds; one number where equal.
Moved = Mapping[str, tuple[float, float]]

_REACH = 0.5  # how far the scale of a row goes beyond the case's range, in widths of it
#: How a file of beliefs states a quantity, by what the quantity does to the case's number.
HOW = {"value": "set", "times": "times", "plus": "plus"}
_TITLE = "Beliefs of the page"


@dataclass(frozen=True, slots=True)
class Row:
    """One belief as it stands at the start.

    low, high : 5 % and 95 % points of the starting law, equal where a number is held
    least, most : ends of the scale that a slider and the curve of the belief share
    """

    axis: Axis
    low: float
    high: float
    least: float
    most: float

    @property
    def id(self) -> str:
        """Name of the quantity."""
        return self.axis.name

    @property
    def parameter(self) -> Parameter:
        """The parameter, with label, unit, grade, sources and reasoning."""
        return self.axis.parameter

    @property
    def is_ratio(self) -> bool:
        """Whether its scale is even in the logarithm."""
        return self.least > 0 and self.axis.is_ratio

    @property
    def about(self) -> str:
        """What the number does, in words: nothing for the number itself."""
        of = "" if self.axis.elements == self.parameter.elements else listed(self.axis.elements)
        where = f" ({of})" if of else ""
        return {
            "value": where,
            "times": f"{where}, multiple of the case's value",
            "plus": f"{where}, added to the case's value",
        }[self.axis.how].lstrip(", ")

    @property
    def unit(self) -> str:
        """Unit of the number that is moved."""
        return "multiple" if self.axis.how == "times" else self.parameter.unit

    @property
    def grade(self) -> str:
        """The grade with its marker, in words."""
        return f"{marker(self.parameter.grade)} {GRADE_WORDS[self.parameter.grade]}"

    @property
    def middle(self) -> float:
        """Where the slider stands: the middle of the range on the scale, 0 to 1000."""
        return 500.0 * (share(self, self.low) + share(self, self.high))


@dataclass(frozen=True, slots=True)
class Group:
    """Beliefs about one mechanism; the effects of contact stand apart from all others."""

    id: str
    title: str
    rows: tuple[Row, ...]


def belief_groups(case: Case, start: str = "") -> tuple[Group, ...]:
    """Every belief that can be moved, by mechanism; what contact does comes first."""
    rows = belief_rows(case, start)
    modules = {r.parameter.module for r in rows}
    ordered = [m for m in MODULES if m in modules] + sorted(modules - set(MODULES))
    rows = tuple(sorted(rows, key=lambda r: ordered.index(r.parameter.module)))
    ties = tuple(r for r in rows if r.parameter.tie_effect is not None)
    groups = [Group("contact", "What contact does", ties)] if ties else []
    for module in ordered:
        own = tuple(r for r in rows if r.parameter.module == module and r not in ties)
        if own:
            groups.append(Group(module, module_title(module), own))
    return tuple(groups)


def belief_rows(case: Case, start: str = "") -> tuple[Row, ...]:
    """Every belief of a case that can be moved, as a start has it: defaults, or a school's id."""
    seen = case
    if start:
        if start not in {w.id for w in case.worlds}:
            raise UserError(_no_school(start, case))
        seen = apply_own(case, parse_own(own_text(case, start, {}), case))
    return tuple(_row(axis, seen) for axis in axes_of(case))


def own_text(case: Case, start: str, moved: Moved, off: Sequence[str] = ()) -> str:
    """The file of beliefs of a start, what is moved from it, and claims that are switched off.

    A belief that is moved stands above the switch of a claim that rests on it.

    Raises
    ------
    UserError
        For names that are no belief of the case, and ids that are no claim of its ledger.
    """
    rows = {r.id: r for r in belief_rows(case)}
    claims = {p.id: p for p in case.propositions}
    problems = [_no_belief(name) for name in moved if name not in rows]
    problems += [_no_claim(name) for name in off if name not in claims]
    if problems:
        raise UserError(problems)
    modules = dict.fromkeys((p.module for p in case.parameters.values()), start) if start else {}
    said: list[Said] = []
    for name, (low, high) in moved.items():
        axis = rows[name].axis
        number = low if low == high else (low, high)
        said.append((axis.parameter, axis.elements, HOW[axis.how], number))
    taken = {(parameter.key, e) for parameter, elements, _, _ in said for e in elements}
    for claim in dict.fromkeys(off):
        for override in claims[claim].off:
            said += _switched(case, override, taken, rows.values())
    origin = f"from school {start}" if start else "from the defaults of the case"
    note = f"Moved on the page, {origin}."
    return beliefs_text(_TITLE, note, case, said, modules)


def _switched(
    case: Case, override: Override, taken: set[tuple[str, str]], rows: Iterable[Row]
) -> list[Said]:
    """What the switch of a claim holds, as far as nothing is said of it yet.

    A multiplier moves the whole range of its belief.
    """
    parameter = case.parameters[override.parameter]
    wanted = override.elements or parameter.elements
    elements = tuple(e for e in wanted if (parameter.key, e) not in taken)
    taken |= {(parameter.key, e) for e in elements}
    if not elements:
        return []
    row = next(
        (r for r in rows if r.parameter.key == parameter.key and r.axis.how == "times"), None
    )
    if override.how == "times" and row is not None and row.axis.elements == elements:
        ends = row.low * override.value, row.high * override.value
        return [(parameter, elements, "times", ends)]
    return [(parameter, elements, override.how, float(override.value))]


def moved_words(
    case: Case,
    start: str,
    before: Moved,
    now: Moved,
    off_before: Sequence[str] = (),
    off_now: Sequence[str] = (),
) -> list[str]:
    """What was moved or switched between two states of the page, one phrase each."""
    rows = {r.id: r for r in belief_rows(case, start)}
    words = []
    for name, row in rows.items():
        old, new = (state.get(name, (row.low, row.high)) for state in (before, now))
        if old != new:
            words.append(f"“{row.parameter.label}”: {_span(new)} instead of {_span(old)}")
    for claim in case.propositions:
        was, is_now = (claim.id in off for off in (off_before, off_now))
        if was != is_now:
            words.append(f"{claim.id}, “{claim.claim}”, switched {'off' if is_now else 'on again'}")
    return words


def share(row: Row, value: float) -> float:
    """Where a value lies on the scale of a row: 0 at the left end, 1 at the right."""
    if row.is_ratio:
        floor = max(value, 1e-300)
        return math.log(floor / row.least) / math.log(row.most / row.least)
    return (value - row.least) / (row.most - row.least)


def _row(axis: Axis, seen: Case) -> Row:
    low, high = _ends(axis, seen.parameters[axis.parameter.key])
    least, most = min(axis.low, low), max(axis.high, high)
    if axis.is_ratio and least > 0:
        factor = (most / least) ** _REACH
        return Row(axis, low, high, _rounded(least / factor), _rounded(most * factor))
    beyond = _REACH * ((most - least) or 1.0)
    floor, ceiling = axis.parameter.bounds if axis.how == "value" else (-math.inf, math.inf)
    if axis.how == "times":
        floor = 0.0
    least, most = max(floor, least - beyond), min(ceiling, most + beyond)
    return Row(axis, low, high, _rounded(least), _rounded(most))


def _ends(axis: Axis, parameter: Parameter) -> tuple[float, float]:
    """5 % and 95 % points of the quantity as a case has it, in the quantity's own number."""
    first = axis.elements[0]
    law = next((d.law for d in parameter.draws if first in d.elements and d.law), None)
    middle, usual = parameter[first], axis.parameter[first]
    points = (1.0, 1.0) if law is None else _points(law)
    match axis.how:
        case "times":
            scale = middle / usual if usual else 1.0
            low, high = (scale * p for p in points)
        case "plus":
            low, high = (middle - usual + (0.0 if law is None else p) for p in points)
        case _:
            low, high = points if law is not None else (middle, middle)
    return _rounded(low), _rounded(high)


@lru_cache(maxsize=1024)
def _points(law: Law) -> tuple[float, float]:
    if isinstance(law, Discrete):
        middle = centre(law)
        return (middle, middle) if len(law.values) == 1 else (law.values[0], law.values[-1])
    low, high = quantile(law, np.array([0.05, 0.95])).tolist()
    return low, high


def _rounded(value: float) -> float:
    """Three digits: what a reader sees in a box is what the box says."""
    return float(f"{value:.3g}")


def _span(ends: Sequence[float]) -> str:
    low, high = (plain(v) for v in ends)
    return low if low == high else f"{low} to {high}"


def _no_belief(name: str) -> Problem:
    return Problem(
        file="page",
        field=name[:40],
        wrong="the case has no belief of this name that can be moved",
        allowed="the names of the rows of the page",
        mend="open the page again",
    )


def _no_claim(name: str) -> Problem:
    return Problem(
        file="page",
        field="off",
        wrong=f"the ledger has no claim {name[:40]!r}",
        allowed="ids of the ledger, such as B6 or R1",
        mend="open the page again",
    )


def _no_school(name: str, case: Case) -> Problem:
    ids = ", ".join(w.id for w in case.worlds)
    return Problem("page", "start", f"there is no school {name[:40]!r}", ids, "choose one of these")
