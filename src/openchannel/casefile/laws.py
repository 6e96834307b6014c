"""Laws as written to laws as drawn from: ends in order, weights with sum 1, supports that exist."""

from __future__ import annotations

import math
from dataclasses import dataclass

from openchannel.casefile.document import Document, Step
from openchannel.casefile.forms import LawForm
from openchannel.casefile.forms.laws import DiscreteForm
from openchannel.casefile.words import listed
from openchannel.domain import Discrete, Law, LogNormal, LogUniform, Pert, Uniform
from openchannel.errors import Problem

__all__ = ["LAWS", "SUM_TOLERANCE", "LawReader", "Path", "count_of", "support"]

LAWS = ("pert", "uniform", "log_uniform", "lognormal", "discrete")
SUM_TOLERANCE = 1e-6

Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class LawReader:
    """Reads the law at a place of a document; what is wrong with it goes to `problems`."""

    document: Document
    problems: list[Problem]

    def read(self, path: Path, name: str, form: LawForm, centre: float | None) -> Law | None:
        """The law called `name` of the form.

        `centre` is the mode of a PERT law that is written without one; None where there is no
        value to take it from.
        """
        at = (*path, name)
        match name:
            case "pert":
                return self._pert(at, form.pert or [], centre)
            case "uniform":
                low, high = form.uniform or []
                return Uniform(low, high) if self._is_ordered(at, low, high) else None
            case "log_uniform":
                return self._log_uniform(at, *(form.log_uniform or []))
            case "lognormal" if form.lognormal is not None:
                return LogNormal(form.lognormal.median, form.lognormal.sigma)
            case "discrete" if form.discrete is not None:
                return self._discrete(at, form.discrete)
        raise AssertionError(name)

    def say(self, path: Path, wrong: str, allowed: str, mend: str) -> None:
        """Note a problem with the value at `path`."""
        self.problems.append(self.document.problem(path, wrong, allowed, mend))

    def _pert(self, path: Path, numbers: list[float], centre: float | None) -> Pert | None:
        low, high = numbers[0], numbers[-1]
        if not self._is_ordered(path, low, high):
            return None
        if len(numbers) == 3 and not low <= numbers[1] <= high:
            self.say(
                path,
                f"the mode {numbers[1]:g} is not within the range",
                f"a number from {low:g} to {high:g}",
                "widen the range, or correct the mode",
            )
            return None
        if len(numbers) == 3:
            return Pert(low, numbers[1], high)
        if centre is None:
            self.say(
                path,
                "the mode is not given",
                "three numbers, `[low, mode, high]`",
                f"write the likeliest number in the middle: `pert: [{low:g}, 1, {high:g}]`",
            )
            return None
        # A value outside is complained of by whoever knows that the value is right.
        return Pert(low, min(max(centre, low), high), high)

    def _log_uniform(self, path: Path, low: float, high: float) -> LogUniform | None:
        if not self._is_ordered(path, low, high):
            return None
        if low > 0:
            return LogUniform(low, high)
        self.say(
            path,
            f"a log-uniform law cannot begin at {low:g}",
            "two numbers above 0",
            "raise the lower end above 0, or use `uniform`",
        )
        return None

    def _discrete(self, path: Path, form: DiscreteForm) -> Discrete | None:
        total = math.fsum(form.weights)
        if len(form.values) != len(form.weights):
            self.say(
                path,
                f"{len(form.values)} values have {len(form.weights)} weights",
                "one weight for each value",
                "add or delete a weight",
            )
        elif len(set(form.values)) < len(form.values):
            self.say(
                (*path, "values"),
                "a value is repeated",
                "each value once",
                "join equal values and add their weights",
            )
        elif abs(total - 1) > SUM_TOLERANCE:
            self.say(
                (*path, "weights"),
                f"the weights have the sum {total:g}",
                "the sum 1",
                "divide each weight by the sum",
            )
        else:
            return Discrete(tuple(form.values), tuple(form.weights))
        return None

    def _is_ordered(self, path: Path, low: float, high: float) -> bool:
        if low < high:
            return True
        wrong = "the ends are reversed" if low > high else "the two ends are equal"
        fixed = "delete the range of a number that is not varied"
        mend = f"write `[{high:g}, {low:g}]`" if low > high else fixed
        self.say(path, f"{wrong}: {low:g}, {high:g}", "a lower end below the upper end", mend)
        return False


def support(law: Law) -> tuple[float, float]:
    """The lowest and the highest number that can be drawn."""
    match law:
        case LogNormal():
            return 0.0, math.inf
        case Discrete():
            return min(law.values), max(law.values)
    return law.low, law.high


def count_of(what: str, names: list[str]) -> str:
    """How many of a thing are given where one should be."""
    if not names:
        return f"no {what} is given"
    return f"{len(names)} {what}s are given: {listed(names)}"
