"""Forecasts of counts by week from counts by week, each from what was known at its origin.

Every model gives the probability of each count 0 to `MOST_EVENTS` in a window. A model sees the
weeks before an origin; what it learns from its own past forecasts it learns from windows that have
ended by then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.forecast_regression import Grid, fit, foretellers

__all__ = ["BASELINES", "HALF_LIVES", "MODELS", "MOST_EVENTS", "Windows", "forecasts"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_EVENTS = 160
"""Counts above are taken as this one; three times the busiest year of the record."""
BASELINES = ("climatology", "persistence", "recent_rate")
MODELS = (*BASELINES, "discounted_rate", "regression", "pool")
HALF_LIVES = (26, 52, 104, 208, 520)
"""Half-lives in weeks among which the discounted rate chooses by its past."""

_PRIOR_SHAPE = 0.5  # Jeffreys' prior of a rate
_RECENT_WEEKS = 52
_CHOOSING_WEEKS = 13
_EM_STEPS = 30
_FIRST_ROW = 52  # weeks that a window of the regression must have behind it
_ROW_STEP = 4
_LEAST_CHANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Windows:
    """Where forecasts stand on the grid of weeks.

    origins : int64[n], weeks known at each, in order
    weeks : length of the window
    gap : weeks between the last known and the first of the window
    """

    origins: Ints
    weeks: int
    gap: int = 0

    @property
    def ends(self) -> Ints:
        """The week after the last of each window."""
        return self.origins + self.gap + self.weeks

    def outcomes(self, counts: Ints) -> Ints:
        """Events in each window; int64[n]. Windows that reach beyond the grid are an error."""
        total = np.concatenate([[0], np.cumsum(counts)])
        return np.asarray(total[self.ends] - total[self.ends - self.weeks])


def forecasts(grid: Grid, windows: Windows) -> dict[str, Floats]:
    """Probabilities of each count, float64[n_origins, MOST_EVENTS + 1], of every model.

    The last windows may end after the record: they are forecast, and nothing is learnt from them.
    """
    counts = grid.counts
    ended = windows.ends <= len(counts)
    known = Windows(windows.origins[ended], windows.weeks, windows.gap)
    outcomes = np.minimum(known.outcomes(counts), MOST_EVENTS)
    found = {
        "climatology": _climatology(counts, windows),
        "persistence": _rate(_sums(counts, windows.origins, windows.weeks), windows.weeks, windows),
        "recent_rate": _rate(_sums(counts, windows.origins, _RECENT_WEEKS), _RECENT_WEEKS, windows),
    }
    found["discounted_rate"] = _discounted(counts, windows, _half_lives(counts, windows))
    found["regression"] = _regression(grid, windows)
    found["pool"] = _pool(np.stack(list(found.values())), windows, outcomes)
    return found


def _sums(counts: Ints, origins: Ints, weeks: int) -> Floats:
    total = np.concatenate([[0], np.cumsum(counts)])
    return np.asarray(total[origins] - total[np.maximum(origins - weeks, 0)], np.float64)


def _rate(events: Floats, exposure: Floats | float, windows: Windows) -> Floats:
    """The predictive law of a Poisson rate seen for `exposure` weeks: negative binomial."""
    shape = events + _PRIOR_SHAPE
    share = np.broadcast_to(exposure / (exposure + windows.weeks), shape.shape)
    return _whole(_negative_binomial(shape, share))


def _negative_binomial(shape: Floats, share: Floats) -> Floats:
    """Chances of each count 0 to `MOST_EVENTS`, a row for each law, from one count to the next.

    Of events in a row of which each comes with `1 - share`, before as many as `shape` fail to.
    """
    counts = np.arange(MOST_EVENTS)
    none = (shape * np.log(share))[:, None]
    steps = (counts + shape[:, None]) / (counts + 1) * (1 - share[:, None])
    more = none + np.cumsum(np.log(steps), axis=1)
    return np.asarray(np.exp(np.concatenate([none, more], axis=1)))


def _whole(chances: Floats) -> Floats:
    """Rows that sum to one: what lies beyond the last count is put on it."""
    chances[:, -1] += np.maximum(1 - chances.sum(axis=1), 0)
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def _climatology(counts: Ints, windows: Windows) -> Floats:
    """How often each count came in all earlier windows, blended with a wide law of their mean.

    The blend weighs one window against the number of windows that do not overlap, so that nothing
    that has not happened yet is given no chance.
    """
    total = np.concatenate([[0], np.cumsum(counts)])
    sums = np.minimum(total[windows.weeks :] - total[: -windows.weeks], MOST_EVENTS)
    origins, size = windows.origins, MOST_EVENTS + 1
    seen = [np.bincount(sums[: t - windows.weeks + 1], minlength=size) for t in origins]
    share = np.stack([n / n.sum() for n in seen])
    apart = (origins / windows.weeks)[:, None]
    mean = (total[origins][:, None] + _PRIOR_SHAPE) / apart
    wide = (mean / (1 + mean)) ** np.arange(size) / (1 + mean)  # geometric
    return _whole((apart * share + wide) / (apart + 1))


def _discounted(counts: Ints, windows: Windows, half_lives: Ints) -> Floats:
    """A rate in which a week counts half as much as one a half-life later; one for each origin."""
    ages = np.arange(windows.origins.max(initial=0))
    fading = {h: 0.5 ** (ages / h) for h in np.unique(half_lives)}
    events, exposure = np.empty((2, len(windows.origins)))
    for row, (origin, half_life) in enumerate(zip(windows.origins, half_lives, strict=True)):
        weights = fading[half_life][:origin]
        events[row] = weights @ counts[:origin][::-1]
        exposure[row] = weights.sum()
    return _rate(events, exposure, windows)


def _half_lives(counts: Ints, windows: Windows) -> Ints:
    """The half-life with the best log score until each origin; the middle one at first.

    It is chosen on windows of one length for all, so that a longer window never has a smaller
    chance of an event than a shorter one from the same day.
    """
    guide = Windows(windows.origins, _CHOOSING_WEEKS, windows.gap)
    ended = guide.ends <= len(counts)
    known = Windows(guide.origins[ended], guide.weeks, guide.gap)
    outcomes = np.minimum(known.outcomes(counts), MOST_EVENTS)
    laws = [_discounted(counts, known, np.full(len(known.origins), h)) for h in HALF_LIVES]
    gained = np.cumsum(_given(np.stack(laws), outcomes), axis=1)
    best = [int(gained[:, n - 1].argmax()) if n else len(laws) // 2 for n in _n_ended(guide)]
    return np.asarray(HALF_LIVES)[best]


def _regression(grid: Grid, windows: Windows) -> Floats:
    """The law of a regression fitted at each origin to the windows that had ended by then.

    Windows open four times within their length, in every fourth week at most; each counts by the
    share of it that no other one covers.
    """
    weeks, gap = windows.weeks, windows.gap
    step = max(_ROW_STEP, weeks // 4)
    rows = Windows(np.arange(_FIRST_ROW, len(grid.counts) - gap - weeks + 1, step), weeks, gap)
    columns, offset = foretellers(grid, rows.origins, weeks, gap)
    ended = rows.ends[None, :] <= windows.origins[:, None]
    counts = np.minimum(rows.outcomes(grid.counts), MOST_EVENTS).astype(np.float64)
    fitted = fit(columns, offset, counts, np.where(ended, min(1.0, step / weeks), 0.0))
    mean, size = fitted.law(*foretellers(grid, windows.origins, weeks, gap))
    return _whole(_negative_binomial(size, size / (size + mean)))


def _given(chances: Floats, outcomes: Ints) -> Floats:
    """Log probability that each expert gave to what came; float64[n_experts, n_ended]."""
    there = chances[:, np.arange(len(outcomes)), outcomes]
    return np.asarray(np.log(np.maximum(there, _LEAST_CHANCE)))


def _n_ended(windows: Windows) -> Ints:
    """How many windows have ended by each origin."""
    return np.searchsorted(windows.ends, windows.origins, side="right")


def _pool(chances: Floats, windows: Windows, outcomes: Ints) -> Floats:
    """A mixture of experts with the weights that would have scored best until each origin.

    Weights by expectation-maximisation of the log score, from equal ones, with one window's worth
    of equal shares as prior.
    """
    given = np.exp(_given(chances, outcomes))
    n_experts = len(chances)
    found = np.empty(chances.shape[1:])
    weights, shares = np.full((2, n_experts), 1 / n_experts)
    mixed = np.empty(given.shape[1])
    for row, n in enumerate(_n_ended(windows)):
        known, said = given[:, :n], mixed[:n]
        for _ in range(_EM_STEPS if n else 0):  # in place: there are tens of thousands of steps
            np.matmul(weights, known, out=said)
            np.reciprocal(said, out=said)
            np.matmul(known, said, out=shares)
            weights *= shares
            weights += 1 / n_experts
            weights /= n + 1
        found[row] = weights @ chances[:, row]
    return found
