"""Parameter files to parameters: elements, values, bounds, ranges and references in agreement."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from openchannel.casefile.document import Document, Step
from openchannel.casefile.forms import ParameterForm
from openchannel.casefile.forms.beliefs import ALL
from openchannel.casefile.known import Known
from openchannel.casefile.laws import LawReader
from openchannel.casefile.ranges import RangeReader
from openchannel.casefile.words import listed, one_of
from openchannel.domain import Parameter, Reference, TieEffect
from openchannel.errors import Problem

__all__ = ["FIXED_ELEMENTS", "MODULES", "build_parameter", "elements_of"]

MODULES = (
    "ties",
    "tension",
    "crisis",
    "nuclear",
    "bargaining",
    "opportunities",
    "downside",
    "cost",
    "rules",
    "beliefs",
)
RUNGS = ("0", "1", "2", "3", "4")
FIXED_ELEMENTS: Mapping[str, tuple[str, ...]] = {
    "receptivity": ("0", "1", "2"),
    "severity": ("2", "3", "4", "5"),
    "shock": ("det", "open", "hum", "suc", "def"),
}


def build_parameter(
    key: str, module: str, document: Document, form: ParameterForm, known: Known
) -> Parameter | None:
    """The parameter, or None with its problems added to `known.problems`."""
    n_before = len(known.problems)
    check = _Check(document, form, known.problems)
    values = check.values(known)
    bounds = check.bounds()
    check.within(values, bounds)
    is_sound = len(known.problems) == n_before
    laws = LawReader(document, known.problems)
    draws = RangeReader(laws, values, bounds, is_sound).draws(form.range)
    risk_factor = check.risk_factor(values)
    check.is_sourced()
    for i, reference in enumerate(form.references):
        known.source(document, ("references", i, "source"), reference.source)
    if len(known.problems) > n_before:
        return None
    tie = form.tie_effect
    return Parameter(
        key=key,
        module=module,
        label=form.label.strip(),
        unit=form.unit.strip(),
        grade=form.grade,
        elements=tuple(values),
        values=tuple(values.values()),
        bounds=bounds,
        draws=draws,
        index=form.index or "",
        tie_effect=None if tie is None else TieEffect(tie.null, tie.sign),
        risk_factor=risk_factor,
        references=tuple(
            Reference(r.source, r.reason.strip(), r.locator.strip()) for r in form.references
        ),
        reasoning=form.reasoning.strip(),
        provisional=form.provisional,
        file=document.file.cited,
    )


def elements_of(form: ParameterForm, channels: tuple[str, ...] | None) -> tuple[str, ...]:
    """Elements that the parameter should have, in the order of its index.

    For rungs, the run from the lowest to the highest one written; for channels that could not be
    read, those written.
    """
    written = tuple(form.value)
    match form.index:
        case None:
            return ("",)
        case "channel":
            return written if channels is None else channels
        case "rung":
            given = [rung for rung in RUNGS if rung in form.value]
            return RUNGS[int(given[0]) : int(given[-1]) + 1] if given else RUNGS[1:]
        case fixed:
            return FIXED_ELEMENTS[fixed]


@dataclass(frozen=True, slots=True)
class _Check:
    document: Document
    form: ParameterForm
    problems: list[Problem]

    def values(self, known: Known) -> dict[str, float]:
        """Number by element in the order of the index; elements not written are left out."""
        written, index = self.form.value, self.form.index
        if index is None and "" not in written:
            self._say(
                ("value",),
                "a mapping stands here, but the parameter has no `index`",
                "one number, or a mapping together with `index`",
                "add `index: channel` (or receptivity, severity, rung, shock)",
            )
            return dict(written)
        if index is not None and "" in written:
            self._say(
                ("value",),
                f"one number stands here, but the index is {index}",
                f"a mapping from each {index} to its number",
                "write a number for each element, or delete `index`",
            )
            return dict(written)
        elements = elements_of(self.form, known.channels)
        missing = [e for e in elements if e not in written]
        if missing:
            self._say(
                ("value",),
                f"no number is given for {listed(missing)}",
                f"a number for each of {listed(elements, most=24)}",
                "add the missing elements",
                key=True,
            )
        valid = RUNGS if index == "rung" else elements
        for extra in (e for e in written if e not in valid):
            self._say(
                ("value", extra),
                f"`{extra}` is no element of the index {index}",
                one_of(extra, valid),
                "correct the element, or delete it",
                key=True,
            )
        return {e: written[e] for e in elements if e in written}

    def bounds(self) -> tuple[float, float]:
        low, high = self.form.bounds
        low = -math.inf if low is None else low
        high = math.inf if high is None else high
        if low >= high:
            self._say(
                ("bounds",),
                f"the bounds are reversed or equal: {low:g}, {high:g}",
                "a lower bound below the upper bound",
                f"write `[{high:g}, {low:g}]`, or correct one of them",
            )
            return -math.inf, math.inf
        return low, high

    def within(self, values: Mapping[str, float], bounds: tuple[float, float]) -> None:
        low, high = bounds
        allowed = f"a number from {low:g} to {high:g} (`bounds`)"
        for element, value in values.items():
            if not low <= value <= high:
                path = ("value", element) if element else ("value",)
                self._say(
                    path,
                    f"{value:g} is out of bounds",
                    allowed,
                    "correct the value, or the bounds if they are wrong",
                )
        tie = self.form.tie_effect
        if tie is not None and not low <= tie.null <= high:
            self._say(
                ("tie_effect", "null"),
                f"{tie.null:g} is out of bounds",
                allowed,
                "write the value at which contact has no effect",
            )

    def risk_factor(self, values: Mapping[str, float]) -> tuple[str, ...]:
        wanted = self.form.risk_factor
        if ALL in wanted:
            return tuple(values)
        for i, element in enumerate(wanted):
            if element not in values:
                self._say(
                    ("risk_factor", i),
                    f"the parameter has no element `{element}`",
                    one_of(element, values) if "" not in values else "`true`",
                    "correct the element, or write `true` for all",
                )
        return tuple(e for e in values if e in wanted)

    def is_sourced(self) -> None:
        if self.form.references:
            return
        if self.form.grade != "C":
            self._say(
                ("grade",),
                f"grade {self.form.grade} without a reference",
                "grades A and B need at least one reference; C is judgement",
                "add `references`, or write `grade: C` and say in `reasoning` how you judged",
            )
        elif not self.form.reasoning.strip():
            self._say(
                ("grade",),
                "neither a reference nor a reasoning is given",
                "references, or the reasoning behind a judgement (grade C)",
                "add `references` or `reasoning`",
            )

    def _say(
        self, path: tuple[Step, ...], wrong: str, allowed: str, mend: str, *, key: bool = False
    ) -> None:
        self.problems.append(self.document.problem(path, wrong, allowed, mend, key=key))
