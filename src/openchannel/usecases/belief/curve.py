"""The curve of one belief: how likely each value is, at the start and as somebody moved it.

Owns the numbers, and two drawings of them: the small path of a row on a page, and the chart that
can be saved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from openchannel.casefile.own_laws import Spread, family_of, law_of
from openchannel.ensemble.design import quantile
from openchannel.errors import Problem, UserError
from openchannel.usecases.belief.rows import HOW, Row, belief_rows, share
from openchannel.usecases.settings import not_one_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from openchannel.domain import Case, Law
    from openchannel.report.model import Figure

__all__ = ["BeliefCurve", "curve", "curve_of", "curve_path"]

#: The coordinates of a path; a page stretches them.
_WIDTH, _HEIGHT = 240.0, 36.0
_POINTS = 61
_LEVELS = (np.arange(2000) + 0.5) / 2000


@dataclass(frozen=True, slots=True)
class BeliefCurve:
    """One belief at the start and as it was moved, on one scale.

    start : the school that the belief starts from; empty for the defaults of the case
    low, high : 5 % and 95 % points as moved
    """

    row: Row
    start: str
    low: float
    high: float

    @property
    def values(self) -> tuple[float, ...]:
        """Places on the scale, from its lower to its upper end."""
        return tuple(_scale(self.row).tolist())

    def likelihoods(self, low: float, high: float) -> tuple[float, ...]:
        """How likely each place is beside the likeliest; empty where one number is held."""
        return tuple(_heights(self.row, low, high).tolist())

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        row = self.row
        return {
            "belief": row.id,
            "label": row.parameter.label,
            "unit": row.unit,
            "grade": row.parameter.grade,
            "start": self.start,
            "at_the_start": [row.low, row.high],
            "as_moved": [self.low, self.high],
            "values": list(self.values),
            "likelihood_at_the_start": list(self.likelihoods(row.low, row.high)),
            "likelihood_as_moved": list(self.likelihoods(self.low, self.high)),
        }

    def figure(self) -> Figure:
        """The curve as a chart, with its numbers."""
        from openchannel.report.sketch_charts import belief_figure

        return belief_figure(self.as_dict(), is_ratio=self.row.is_ratio)


def curve(
    case: Case | str | Path,
    belief: str,
    *,
    start: str = "",
    low: float | None = None,
    high: float | None = None,
) -> BeliefCurve:
    """How likely each value of a belief is: where the case has it, and where you would have it.

    Parameters
    ----------
    belief : str
        Name of the quantity, such as `gamma_D`.
    start : str
        Id of a school of thought to start from; the defaults of the case if not given.
    low, high : float
        Ends between which you are nine tenths sure; those of the start if not given.

    Raises
    ------
    UserError
        For names that the case does not know, and ends that no law has.
    """
    from openchannel.domain import Case as CaseType
    from openchannel.usecases.cases import load

    loaded = case if isinstance(case, CaseType) else load(case)
    rows = {r.id: r for r in belief_rows(loaded, start)}
    if belief not in rows:
        raise UserError(not_one_of("belief", belief, list(rows)))
    return curve_of(rows[belief], start, low, high)


def curve_of(
    row: Row, start: str = "", low: float | None = None, high: float | None = None
) -> BeliefCurve:
    """The curve of a row; raises `UserError` where no law has these ends."""
    ends = row.low if low is None else low, row.high if high is None else high
    _heights(row, *ends)
    return BeliefCurve(row, start, *ends)


def curve_path(row: Row, low: float, high: float) -> str:
    """The law `low to high` of a row as the path of a small curve, highest where it is likeliest.

    Raises
    ------
    UserError
        Where no law has these points.
    """
    heights = _heights(row, low, high)
    if low == high:
        x = _WIDTH * min(1.0, max(0.0, share(row, low)))
        return f"M{x:.1f},{_HEIGHT:.0f}V2"
    points = (
        f"{x:.1f},{_HEIGHT - (_HEIGHT - 2.0) * y:.1f}"
        for x, y in zip(_places() * _WIDTH, heights, strict=True)
    )
    return f"M0,{_HEIGHT:.0f}L{'L'.join(points)}L{_WIDTH:.0f},{_HEIGHT:.0f}"


def _places() -> NDArray[np.float64]:
    return np.linspace(0.0, 1.0, _POINTS)


def _scale(row: Row) -> NDArray[np.float64]:
    """Values at the places of the scale of a row."""
    if row.is_ratio:
        return np.asarray(row.least * (row.most / row.least) ** _places())
    return np.asarray(row.least + _places() * (row.most - row.least))


def _heights(row: Row, low: float, high: float) -> NDArray[np.float64]:
    """Density along the scale by its highest; empty where one number is held.

    Raises
    ------
    UserError
        Where no law has these points, or none that a computer's numbers can hold.
    """
    is_sound = math.isfinite(low) and math.isfinite(high) and low <= high
    if is_sound and low == high:
        return np.empty(0)
    try:
        with np.errstate(all="ignore"):
            heights = _slopes(row, low, high) if is_sound else None
    except (OverflowError, ValueError):  # ends of a law of ratios at or below 0, or far apart
        heights = None
    if heights is None or not np.isfinite(heights).all():
        raise UserError(_no_range(row, low, high))
    return heights


def _slopes(row: Row, low: float, high: float) -> NDArray[np.float64]:
    """The slope of the distribution function along the scale, by its highest."""
    family = family_of(row.parameter, row.axis.elements, HOW[row.axis.how])
    known = _quantiles(law_of(Spread(low, high), family))
    below = np.interp(_scale(row), known, _LEVELS, left=0.0, right=1.0)
    slope = np.gradient(below, _places())
    kernel = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0  # a grid is no reason for steps
    heights = np.convolve(slope, kernel, mode="same")
    return np.asarray(heights / (float(heights.max()) or 1.0))


@lru_cache(maxsize=512)  # a page draws a hundred curves, and nearly all again when one is moved
def _quantiles(law: Law) -> NDArray[np.float64]:
    """The values of a law at `_LEVELS`; nobody may write to them."""
    values = quantile(law, _LEVELS)
    values.flags.writeable = False
    return values


def _no_range(row: Row, low: float, high: float) -> Problem:
    return Problem(
        file="page",
        field=row.id,
        wrong=f"{low:g} to {high:g} is no range of “{row.parameter.label}”",
        allowed="a lower number, then a higher one; above 0 where the scale is one of ratios",
        mend="correct one of the two numbers",
    )
