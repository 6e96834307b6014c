"""What can be wrong with a stated belief: numbers that do not rise, are no ratios or out of bounds.

Owns the words of these faults; where they stand in the file is `own_reader`'s.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Literal

from openchannel.casefile.own_form import StatementForm
from openchannel.casefile.own_laws import (
    Exactly,
    Quantiles,
    Spread,
    Stated,
    family_of,
    is_holdable,
    is_ratio,
)
from openchannel.domain import Parameter

__all__ = ["Fault", "How", "faults_of", "read_statement"]

How = Literal["set", "times", "plus"]


#: What is wrong, what is allowed, how to mend it.
Fault = tuple[str, str, str]


def faults_of(
    parameter: Parameter, elements: tuple[str, ...], how: How, stated: Stated
) -> list[Fault]:
    """Everything that keeps a statement from being a belief about some elements."""
    faults = [*_disorder(stated), *_beyond(parameter, how, stated)]
    if not isinstance(stated, Spread) or faults or not elements:
        return faults
    family = family_of(parameter, elements, how)
    if is_ratio(family) and stated.low <= 0:
        wrong = f"`{parameter.key}` has a range of ratios, and {stated.low:g} is no ratio"
        mend = "raise the lower number above 0, or write quantiles"
        return [(wrong, "two numbers above 0", mend)]
    if not is_holdable(stated, family):
        wrong = f"{stated.low:g} to {stated.high:g} is wider than a computer's numbers reach"
        return [(wrong, "two numbers that lie nearer to one another", "correct one of the two")]
    return []


def _beyond(parameter: Parameter, how: How, stated: Stated) -> list[Fault]:
    """Numbers that the parameter cannot be, or multipliers below 0."""
    low, high = parameter.bounds if how == "set" else (0.0, math.inf)
    if how == "plus":
        return []
    out = [x for x in stated.numbers if not low <= x <= high]
    what = "`bounds` of the parameter" if how == "set" else "a multiplier"
    ends = f"from {low:g}" + ("" if math.isinf(high) else f" to {high:g}")
    return [
        (f"{x:g} is out of bounds", f"numbers {ends} ({what})", "correct the number")
        for x in dict.fromkeys(out)
    ]


def read_statement(form: StatementForm) -> Stated:
    """What a statement says; its form says exactly one thing."""
    if form.at is not None:
        return Exactly(form.at)
    if form.low is not None and form.high is not None:
        return Spread(form.low, form.high)
    assert form.quantiles is not None
    pairs = sorted((_probability(p), x) for p, x in form.quantiles.items())
    return Quantiles(tuple(p for p, _ in pairs), tuple(x for _, x in pairs))


def _probability(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _disorder(stated: Stated) -> list[Fault]:
    """Ends or quantiles that do not rise, and probabilities that are none."""
    match stated:
        case Spread(low, high) if low >= high:
            fixed = f"write `{low:g}` alone to hold the number"
            mend = f"write `{high:g} to {low:g}`" if low > high else fixed
            return [(f"{low:g} to {high:g} does not rise", "a lower number, then a higher", mend)]
        case Quantiles():
            return _quantile_faults(stated)
    return []


def _quantile_faults(stated: Quantiles) -> list[Fault]:
    """The first thing that keeps quantiles from being those of a law."""
    probabilities, values = stated.probabilities, stated.values
    if not all(0.0 <= p <= 1.0 for p in probabilities):
        wrong, allowed = "a key of the quantiles is no probability", "numbers from 0 to 1"
        return [(wrong, allowed, "write for example `{0.1: 0.05, 0.5: 0.2, 0.9: 0.6}`")]
    if sum(0.0 < p < 1.0 for p in probabilities) < 2:
        wrong = "fewer than two quantiles lie between 0 and 1"
        allowed = "at least two; 0 and 1 may be added as limits"
        return [(wrong, allowed, "write for example `{0.1: 0.05, 0.9: 0.6}`")]
    rises = all(a < b for a, b in pairwise(probabilities))
    if not rises or not all(a <= b for a, b in pairwise(values)) or values[0] == values[-1]:
        wrong = "the quantiles do not rise with the probability"
        return [(wrong, "numbers in rising order, each probability once", "put them in order")]
    return []
