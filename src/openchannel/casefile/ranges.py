"""Ranges to draws: what is uncertain about a parameter, held against its value and bounds.

Owns what `range:` means. Laws are read by `laws`; drawing belongs to `ensemble`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from openchannel.casefile.forms import LawForm, RangeForm
from openchannel.casefile.laws import LAWS, SUM_TOLERANCE, LawReader, Path, count_of, support
from openchannel.casefile.words import listed, one_of
from openchannel.domain import Draw, Law, LogNormal

__all__ = ["RangeReader"]

_SHAPES = (*LAWS, "dirichlet", "times", "plus")
_NEUTRAL = {"times": 1.0, "plus": 0.0}


@dataclass(frozen=True, slots=True)
class RangeReader:
    """Turns the ranges of one parameter into draws.

    `values` are by element in the order of the index. `is_sound` is False where values and bounds
    have problems of their own; then ranges are not held against them.
    """

    laws: LawReader
    values: Mapping[str, float]
    bounds: tuple[float, float]
    is_sound: bool

    def draws(self, forms: list[RangeForm]) -> tuple[Draw, ...]:
        """The draws of the parameter, in the order of its ranges; faults become problems."""
        draws: list[Draw] = []
        for i, form in enumerate(forms):
            draws += self._draws(("range", i), form)
        self._refuse_overlap(forms, draws)
        return tuple(draws)

    def _draws(self, path: Path, form: RangeForm) -> list[Draw]:
        shapes = [name for name in _SHAPES if getattr(form, name) is not None]
        if len(shapes) != 1:
            self.laws.say(
                path,
                count_of("law", shapes),
                f"exactly one of {', '.join(_SHAPES)}",
                "keep one law; write a list of ranges for several uncertain quantities",
            )
            return []
        elements = self._elements(path, form)
        if not elements:
            return []
        (shape,) = shapes
        if shape == "dirichlet":
            return self._dirichlet(path, form)
        groups = [(e,) for e in elements] if form.each else [elements]
        if shape in _NEUTRAL:
            how: Literal["times", "plus"] = "times" if shape == "times" else "plus"
            law = self._relative((*path, how), how, getattr(form, how))
            return [] if law is None else [Draw(group, how, law) for group in groups]
        laws = [(group, self._direct(path, shape, form, group)) for group in groups]
        return [Draw(group, "value", law) for group, law in laws if law is not None]

    def _elements(self, path: Path, form: RangeForm) -> tuple[str, ...]:
        """Elements that the range is about; none where `of` is faulty."""
        if form.of and "" in self.values:
            self.laws.say(
                (*path, "of"),
                "`of` names elements of a parameter that has one number",
                "`of` only with `index`",
                "delete `of`",
            )
            return ()
        unknown = [(i, e) for i, e in enumerate(form.of) if e not in self.values]
        for i, element in unknown:
            self.laws.say(
                (*path, "of", i),
                f"the parameter has no element `{element}`",
                one_of(element, self.values),
                "correct the element, or add it to `value`",
            )
        repeated = sorted({e for e in form.of if form.of.count(e) > 1})
        if repeated:
            self.laws.say(
                (*path, "of"),
                f"{listed(repeated)} is named twice",
                "each element once",
                "delete the repeated element",
            )
        if unknown or repeated:
            return ()
        return tuple(e for e in self.values if not form.of or e in form.of)

    def _direct(self, path: Path, name: str, form: LawForm, group: tuple[str, ...]) -> Law | None:
        """The law of a number that replaces the value."""
        centres = {self.values[e] for e in group}
        if len(centres) > 1:
            shown = ", ".join(f"{e}: {self.values[e]:g}" for e in group)
            self.laws.say(
                (*path, name),
                f"one drawn number would replace elements that differ ({shown})",
                "elements of one value, `each: true`, `times` or `plus`",
                "write `each: true` for a number each, or `times: {...}` to scale them",
            )
            return None
        (centre,) = centres
        law = self.laws.read(path, name, form, centre)
        return law if law is not None and self._fits((*path, name), law, centre) else None

    def _fits(self, path: Path, law: Law, centre: float) -> bool:
        """Whether the law contains the value and keeps to the bounds."""
        low, high = support(law)
        floor, ceiling = self.bounds
        if self.is_sound and not low <= centre <= high:
            self.laws.say(
                path,
                f"the value {centre:g} is not within the range",
                f"a range that contains {centre:g}; this one is {low:g} to {high:g}",
                "widen the range, or correct the value",
            )
            return False
        # A log-normal law has no upper end; what is drawn beyond the bounds is clipped.
        if isinstance(law, LogNormal) or (floor <= low and high <= ceiling):
            return True
        self.laws.say(
            path,
            f"the range {low:g} to {high:g} reaches beyond the bounds",
            f"numbers from {floor:g} to {ceiling:g} (`bounds`)",
            "narrow the range, or widen `bounds` if the number may really be there",
        )
        return False

    def _relative(self, path: Path, how: str, form: LawForm) -> Law | None:
        """The law of a multiplier or a shift; it must be able to leave the value as it is."""
        names = [name for name in LAWS if getattr(form, name) is not None]
        if len(names) != 1:
            self.laws.say(
                path,
                count_of("law", names),
                f"exactly one of {', '.join(LAWS)}",
                f"write for example `{how}: {{uniform: [0.5, 1.5]}}`",
            )
            return None
        law = self.laws.read(path, names[0], form, None)
        if law is None:
            return None
        neutral, (low, high) = _NEUTRAL[how], support(law)
        if low <= neutral <= high:
            return law
        self.laws.say(
            (*path, names[0]),
            f"the range {low:g} to {high:g} leaves out {neutral:g}, the value unchanged",
            f"a range that contains {neutral:g}",
            "widen the range, or move the value to where the range is",
        )
        return None

    def _dirichlet(self, path: Path, form: RangeForm) -> list[Draw]:
        """Shares around the central ones; all elements together."""
        assert form.dirichlet is not None
        total = math.fsum(self.values.values())
        is_shares = abs(total - 1) <= SUM_TOLERANCE and min(self.values.values()) > 0
        if form.of or form.each:
            self.laws.say(
                path,
                "`dirichlet` draws all elements together",
                "no `of` and no `each`",
                "delete `of` and `each`",
            )
        elif self.is_sound and not is_shares:
            self.laws.say(
                (*path, "dirichlet"),
                f"the values are no shares: their sum is {total:g}",
                "values above 0 with sum 1",
                "correct `value`, or use another law",
            )
        else:
            elements = tuple(self.values)
            return [Draw(elements, "dirichlet", None, form.dirichlet.concentration)]
        return []

    def _refuse_overlap(self, forms: list[RangeForm], draws: list[Draw]) -> None:
        """A number that one draw replaces may not be the business of another draw too."""
        for element in self.values:
            hows = [draw.how for draw in draws if element in draw.elements]
            if len(hows) > 1 and {"value", "dirichlet"} & set(hows):
                name = f"element {element}" if element else "the number"
                self.laws.say(
                    ("range", len(forms) - 1),
                    f"{name} is drawn by {len(hows)} ranges, and one of them replaces it",
                    "one range for each element; several only of `times` and `plus`",
                    "name the elements of each range with `of`",
                )
                return
