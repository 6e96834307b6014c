"""The rolling-origin back-test: forecasts as they would have been made, scored as they fell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration import scores
from openchannel.calibration.forecast_models import BASELINES, MODELS, Windows, forecasts
from openchannel.calibration.forecast_series import Series

__all__ = [
    "CHALLENGERS",
    "INTERVAL",
    "STEP_WEEKS",
    "WINNING_ERRORS",
    "BackTest",
    "Miss",
    "ModelScores",
    "back_test",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEP_WEEKS = 13
INTERVAL = 0.8
"""Share of the central interval of a count."""
ISSUED = "discounted_rate"
"""The model that is issued where no challenger wins."""
CHALLENGERS = ("pool", "regression")
WINNING_ERRORS = 3
"""Standard errors by which a challenger must win to be issued: with 64 comparisons of challengers,
questions and windows, two errors would crown one by chance once or twice, three in about one
back-test of twelve."""


@dataclass(frozen=True, slots=True)
class ModelScores:
    """Mean scores of one model over the origins; `coverage` is the share inside the interval.

    log_score : of the chance of one event or more; count_log : of the count
    """

    model: str
    brier: float
    log_score: float
    count_log: float
    crps: float
    interval_score: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Miss:
    """A forecast that cost much: what was said of a window, and what came."""

    origin: dt.date
    last: dt.date
    said: float
    came: int
    log_score: float
    event: str

    def is_the_same(self, other: Miss) -> bool:
        """Whether both missed one event, or one quiet in windows that overlap."""
        if self.came or other.came:
            return self.event == other.event
        return self.origin <= other.last and other.origin <= self.last


@dataclass(frozen=True, slots=True)
class BackTest:
    """One question over windows of one length.

    first : first day of the first window that is scored
    best : the model of the best log score of counts among those that are no challengers
    gains : share of that score that each challenger saves against `best`
    chosen : the model that is issued: the challenger that gains most of those that gain
        `WINNING_ERRORS` errors or more, else the discounted rate
    brier_skill, crps_skill : of the chosen model against each other baseline
    said, came : of the chosen model, for the reliability diagram
    """

    question: str
    weeks: int
    gap: int
    first: dt.date
    n: int
    n_came: int
    models: tuple[ModelScores, ...]
    best: str
    chosen: str
    gains: dict[str, scores.Skill]
    brier_skill: dict[str, scores.Skill]
    crps_skill: dict[str, scores.Skill]
    misses: tuple[Miss, ...]
    said: tuple[float, ...]
    came: tuple[int, ...]


def back_test(
    series: Series, *, weeks: int, gap: int = 0, seed: int = 1
) -> tuple[BackTest, Floats]:
    """Forecast from every thirteenth week, and score what has ended by the record's end.

    Gives the scores, and the law of the chosen model for the window after the record's end: the
    probability of each count.

    Parameters
    ----------
    gap
        Weeks between the last known week and the first of the window: the age of the evidence.
    """
    grid, n_weeks = series.grid, series.n_weeks
    past = np.arange(series.first_origin, n_weeks - gap - weeks + 1, STEP_WEEKS)
    windows = Windows(np.append(past, n_weeks), weeks, gap)
    every = forecasts(grid, windows)
    scored = np.flatnonzero(past + gap >= series.first_scored)
    laws = {name: law[scored] for name, law in every.items()}
    outcomes = Windows(past[scored], weeks, gap).outcomes(grid.counts)
    parts = {name: _parts(law, outcomes) for name, law in laws.items()}
    block = 2 * max(2, -(-(weeks + gap) // STEP_WEEKS))

    def against(score: str, model: str, others: Sequence[str]) -> dict[str, scores.Skill]:
        own = parts[model][score]
        return {b: scores.skill(own, parts[b][score], block=block, seed=seed) for b in others}

    best = min(
        (m for m in MODELS if m not in CHALLENGERS),
        key=lambda m: float(parts[m]["count_log"].mean()),
    )
    gains = {c: against("count_log", c, [best])[best] for c in CHALLENGERS}
    chosen = _chosen(gains)
    others = [b for b in BASELINES if b != chosen]
    said = 1 - laws[chosen][:, 0]
    opened = [grid.start + dt.timedelta(weeks=int(t + gap)) for t in past[scored]]
    return BackTest(
        question=series.question,
        weeks=weeks,
        gap=gap,
        first=opened[0],
        n=len(outcomes),
        n_came=int((outcomes > 0).sum()),
        models=tuple(_scores(name, parts[name]) for name in MODELS),
        best=best,
        chosen=chosen,
        gains=gains,
        brier_skill=against("brier", chosen, others),
        crps_skill=against("crps", chosen, others),
        misses=_misses(opened, weeks, said, outcomes, series.events),
        said=tuple(float(p) for p in said),
        came=tuple(int(c > 0) for c in outcomes),
    ), every[chosen][-1]


def _chosen(gains: Mapping[str, scores.Skill]) -> str:
    """The challenger that gains most, if it is clear of luck."""
    won = [c for c, g in gains.items() if g.value > WINNING_ERRORS * g.error > 0]
    return max(won, key=lambda c: gains[c].value, default=ISSUED)


def _parts(law: Floats, outcomes: Ints) -> dict[str, Floats]:
    """Every score of every forecast of one model."""
    said, came = 1 - law[:, 0], (outcomes > 0).astype(float)
    low = scores.quantile(law, (1 - INTERVAL) / 2)
    high = scores.quantile(law, (1 + INTERVAL) / 2)
    held = law[np.arange(len(law)), np.minimum(outcomes, law.shape[1] - 1)]
    return {
        "brier": scores.brier(said, came),
        "log_score": scores.log_score(said, came),
        "crps": scores.crps(law, outcomes),
        "interval_score": scores.interval_score(low, high, outcomes, INTERVAL),
        "coverage": ((low <= outcomes) & (outcomes <= high)).astype(float),
        "count_log": -np.log(np.maximum(held, 1e-300)),
    }


def _scores(name: str, parts: dict[str, Floats]) -> ModelScores:
    return ModelScores(name, **{k: float(v.mean()) for k, v in parts.items()})


def _misses(
    opened: Sequence[dt.date],
    weeks: int,
    said: Floats,
    outcomes: Ints,
    events: Sequence[tuple[dt.date, str]],
    most: int = 3,
) -> tuple[Miss, ...]:
    """The forecasts with the worst log scores, each named with the first event of its window.

    Windows that overlap miss the same event together; only the worst of them is named.
    """
    costs = scores.log_score(said, (outcomes > 0).astype(float))
    found: list[Miss] = []
    for i in np.argsort(-costs, kind="stable"):
        last = opened[i] + dt.timedelta(days=7 * weeks - 1)
        inside = [f"{day}: {name}" for day, name in events if opened[i] <= day <= last]
        event = inside[0] if inside else f"none came until {last}"
        miss = Miss(opened[i], last, float(said[i]), int(outcomes[i]), float(costs[i]), event)
        if not any(m.is_the_same(miss) for m in found):
            found.append(miss)
        if len(found) == most:
            break
    return tuple(found)
