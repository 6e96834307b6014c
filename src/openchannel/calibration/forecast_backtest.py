"""The rolling-origin back-test: forecasts as they would have been made, scored as they fell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration import scores
from openchannel.calibration.forecast_models import BASELINES, MODELS, Windows, forecasts

__all__ = [
    "FIRST_ORIGIN",
    "INTERVAL",
    "POOL_ERRORS",
    "STEP_WEEKS",
    "TRAINING_ORIGIN",
    "BackTest",
    "Miss",
    "ModelScores",
    "back_test",
    "weekly",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TRAINING_ORIGIN = dt.date(1990, 1, 1)
"""From here on models learn from their own forecasts."""
FIRST_ORIGIN = dt.date(1995, 1, 2)
"""From here on forecasts are scored."""
STEP_WEEKS = 13
INTERVAL = 0.8
"""Share of the central interval of a count."""
POOL_ERRORS = 3
"""Standard errors by which the pool must win to be issued: with 32 comparisons of questions and
windows, two errors would crown it by chance about once, three about once in twenty back-tests."""
_ISSUED = "discounted_rate"


@dataclass(frozen=True, slots=True)
class ModelScores:
    """Mean scores of one model over the origins; `coverage` is the share inside the interval."""

    model: str
    brier: float
    log_score: float
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


@dataclass(frozen=True, slots=True)
class BackTest:
    """One question over windows of one length.

    chosen : the model that is issued: the pool where it beats the best single model by
        `POOL_ERRORS` errors out of sample, else the discounted rate
    brier_skill, crps_skill : of the chosen model against each other baseline
    pool_gain : share of the log score of counts that the pool saves against the best single model
    said, came : of the chosen model, for the reliability diagram
    """

    question: str
    weeks: int
    gap: int
    n: int
    n_came: int
    models: tuple[ModelScores, ...]
    best_single: str
    chosen: str
    pool_gain: scores.Skill
    brier_skill: dict[str, scores.Skill]
    crps_skill: dict[str, scores.Skill]
    misses: tuple[Miss, ...]
    said: tuple[float, ...]
    came: tuple[int, ...]


def weekly(days: Sequence[dt.date], start: dt.date, n_weeks: int) -> Ints:
    """Events by week of seven days from `start`; days outside the grid are left out."""
    place = [(day - start).days // 7 for day in days]
    inside = [p for p in place if 0 <= p < n_weeks]
    return np.bincount(np.asarray(inside, int), minlength=n_weeks).astype(np.int64)


def back_test(
    question: str,
    events: Sequence[tuple[dt.date, str]],
    start: dt.date,
    end: dt.date,
    *,
    weeks: int,
    gap: int = 0,
    seed: int = 1,
) -> BackTest:
    """Forecast from every thirteenth week, and score what has ended by the record's end.

    Parameters
    ----------
    events
        Day and name of each event.
    start, end
        First day of the record for this question, and the last day of the record.
    gap
        Weeks between the last known week and the first of the window: the age of the evidence.
    """
    n_weeks = ((end - start).days + 1) // 7
    counts = weekly([day for day, _ in events], start, n_weeks)
    first = -(-(TRAINING_ORIGIN - start).days // 7)
    windows = Windows(np.arange(first, n_weeks - gap - weeks + 1, STEP_WEEKS), weeks, gap)
    scored = (windows.origins + gap) * 7 >= (FIRST_ORIGIN - start).days
    laws = {name: law[scored] for name, law in forecasts(counts, windows).items()}
    outcomes = windows.outcomes(counts)[scored]
    block = 2 * max(2, -(-(weeks + gap) // STEP_WEEKS))
    parts = {name: _parts(law, outcomes) for name, law in laws.items()}

    singles = [m for m in MODELS if m != "pool"]
    best = min(singles, key=lambda m: float(parts[m]["count_log"].mean()))
    gain = scores.skill(
        parts["pool"]["count_log"], parts[best]["count_log"], block=block, seed=seed
    )
    chosen = "pool" if gain.value > POOL_ERRORS * gain.error else _ISSUED

    def against(score: str) -> dict[str, scores.Skill]:
        return {
            b: scores.skill(parts[chosen][score], parts[b][score], block=block, seed=seed)
            for b in BASELINES
            if b != chosen
        }

    said = 1 - laws[chosen][:, 0]
    opened = [start + dt.timedelta(days=7 * int(t + gap)) for t in windows.origins[scored]]
    return BackTest(
        question=question,
        weeks=weeks,
        gap=gap,
        n=len(outcomes),
        n_came=int((outcomes > 0).sum()),
        models=tuple(_scores(name, parts[name]) for name in MODELS),
        best_single=best,
        chosen=chosen,
        pool_gain=gain,
        brier_skill=against("brier"),
        crps_skill=against("crps"),
        misses=_misses(opened, weeks, said, outcomes, events),
        said=tuple(float(p) for p in said),
        came=tuple(int(c > 0) for c in outcomes),
    )


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
    means = {k: float(v.mean()) for k, v in parts.items() if k != "count_log"}
    return ModelScores(name, **means)


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
    found: dict[str, Miss] = {}
    for i in np.argsort(-costs, kind="stable"):
        last = opened[i] + dt.timedelta(days=7 * weeks - 1)
        inside = [f"{day}: {name}" for day, name in events if opened[i] <= day <= last]
        event = inside[0] if inside else f"none came in the window of {opened[i]}"
        found.setdefault(
            event,
            Miss(opened[i], last, float(said[i]), int(outcomes[i]), float(costs[i]), event),
        )
        if len(found) == most:
            break
    return tuple(found.values())
