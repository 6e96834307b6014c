"""The rolling-origin back-test: forecasts as they would have been made, scored as they fell.

What is scored as issued is what is printed: the laws of the chosen models, made to agree over
nested events and over windows that begin on one day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration import scores
from openchannel.calibration.forecast_coherence import NOISE, agreeing
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
    "back_tests",
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
"""Standard errors by which a challenger must win to be issued: with 16 comparisons of challengers
and questions, two errors would crown one by chance in about one back-test of three, three in one of
fifty."""


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

    counted_from : first day of the record that is counted
    first : first day of the first window that is scored
    best : the model of the best log score of counts among those that are no challengers
    gains : share of that score that each challenger saves against `best`
    gains_in_all : the same over all lengths of windows of the question together
    chosen : the model that is issued, one for all windows of a question: the challenger that gains
        most in all, if it gains `WINNING_ERRORS` errors or more, else the discounted rate
    issued : scores of what is printed: its laws, made to agree with those of nested questions
    moved, most_moved : share of origins at which that moved the chance of an event, and the largest
        move
    brier_skill, crps_skill : of what is issued against each baseline
    said, came : of what is issued, for the reliability diagram
    """

    question: str
    weeks: int
    gap: int
    counted_from: dt.date
    first: dt.date
    n: int
    n_came: int
    models: tuple[ModelScores, ...]
    best: str
    gains: dict[str, scores.Skill]
    gains_in_all: dict[str, scores.Skill]
    chosen: str
    issued: ModelScores
    moved: float
    most_moved: float
    brier_skill: dict[str, scores.Skill]
    crps_skill: dict[str, scores.Skill]
    misses: tuple[Miss, ...]
    said: tuple[float, ...]
    came: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """Forecasts of windows of one length by every model, with the scores of those that ended.

    laws : by origin, the same origins for every length of window; the last is the record's end
    scored : places of the origins whose windows are scored
    block : origins that are alike because their windows overlap, twice over
    """

    weeks: int
    opened: tuple[dt.date, ...]
    outcomes: Ints
    laws: Mapping[str, Floats]
    scored: Ints
    parts: Mapping[str, Mapping[str, Floats]]
    block: int

    def skill(self, score: str, model: str, other: str, seed: int) -> scores.Skill:
        """What a model saves of a score of another."""
        return self.saved(self.parts[model][score], score, other, seed)

    def saved(self, own: Floats, score: str, other: str, seed: int) -> scores.Skill:
        """What forecasts with scores of their own save of a score of a model."""
        return scores.skill(own, self.parts[other][score], block=self.block, seed=seed)


@dataclass(frozen=True, slots=True)
class _Choice:
    """The windows of a question, what challengers gain over all of them, and who is issued."""

    series: Series
    runs: tuple[_Run, ...]
    in_all: dict[str, scores.Skill]
    chosen: str


def back_tests(
    every: Sequence[Series], weeks: Sequence[int], *, gap: int = 0, seed: int = 1
) -> list[tuple[BackTest, Floats]]:
    """Forecast from every thirteenth week, and score what has ended by the record's end.

    Gives for each question and each length of window the scores, and the law that is issued for the
    window after the record's end: the probability of each count.

    Parameters
    ----------
    every
        One series for each question; those that hold one another are made to agree.
    gap
        Weeks between the last known week and the first of the window: the age of the evidence.
    """
    choices = [_choice(series, weeks, gap, seed) for series in every]
    issued = _issued(choices)
    return [
        (_judged(run, choice, law, gap, seed), law[-1])
        for choice, laws in zip(choices, issued, strict=True)
        for run, law in zip(choice.runs, laws, strict=True)
    ]


def _choice(series: Series, weeks: Sequence[int], gap: int, seed: int) -> _Choice:
    """Every model's forecasts of a question, and the model that is issued for it."""
    origins = np.arange(series.first_origin, series.n_weeks - gap - min(weeks) + 1, STEP_WEEKS)
    runs = tuple(_run(series, origins, n, gap) for n in weeks)
    in_all = _gains_in_all(runs, seed)
    won = [c for c, g in in_all.items() if g.value > WINNING_ERRORS * g.error > 0]
    return _Choice(series, runs, in_all, max(won, key=lambda c: in_all[c].value, default=ISSUED))


def _run(series: Series, origins: Ints, weeks: int, gap: int) -> _Run:
    grid = series.grid
    laws = forecasts(grid, Windows(np.append(origins, series.n_weeks), weeks, gap))
    has_ended = origins + gap + weeks <= series.n_weeks
    scored = np.flatnonzero(has_ended & (origins + gap >= series.first_scored))
    outcomes = Windows(origins[scored], weeks, gap).outcomes(grid.counts)
    return _Run(
        weeks=weeks,
        opened=tuple(grid.start + dt.timedelta(weeks=int(t + gap)) for t in origins[scored]),
        outcomes=outcomes,
        laws=laws,
        scored=scored,
        parts={name: _parts(law[scored], outcomes) for name, law in laws.items()},
        block=2 * max(2, -(-(weeks + gap) // STEP_WEEKS)),
    )


def _issued(choices: Sequence[_Choice]) -> list[list[Floats]]:
    """Laws of the chosen models by question and window, made to agree; float64[origin, count]."""
    said = [[run.laws[c.chosen] for run in c.runs] for c in choices]
    found = [list(laws) for laws in said]
    for root in choices:
        if any(root.series.is_within(c.series) for c in choices):
            continue
        nodes = [
            (place, which)
            for place, c in enumerate(choices)
            if c is root or c.series.is_within(root.series)
            for which in range(len(c.runs))
        ]
        laws = np.stack([said[place][which] for place, which in nodes])
        holds = np.array([[_holds(choices, a, b) for b in nodes] for a in nodes])
        for (place, which), law in zip(nodes, agreeing(laws, holds), strict=True):
            found[place][which] = law
    return found


def _holds(choices: Sequence[_Choice], wide: tuple[int, int], narrow: tuple[int, int]) -> bool:
    """Whether a question and window counts whatever another does."""
    (outer, longer), (inner, shorter) = wide, narrow
    first, second = choices[outer], choices[inner]
    is_nested = outer == inner or second.series.is_within(first.series)
    return is_nested and first.runs[longer].weeks >= second.runs[shorter].weeks


def _gains_in_all(runs: Sequence[_Run], seed: int) -> dict[str, scores.Skill]:
    """What each challenger saves over all lengths of windows, from the origins that all have."""
    n = min(len(r.outcomes) for r in runs)
    sums = {m: np.sum([r.parts[m]["count_log"][:n] for r in runs], axis=0) for m in MODELS}
    best, block = sums[_best(sums)], max(r.block for r in runs)
    return {c: scores.skill(sums[c], best, block=block, seed=seed) for c in CHALLENGERS}


def _best(costs: Mapping[str, Floats]) -> str:
    """The model of least mean cost among those that are no challengers."""
    return min((m for m in MODELS if m not in CHALLENGERS), key=lambda m: float(costs[m].mean()))


def _judged(run: _Run, choice: _Choice, law: Floats, gap: int, seed: int) -> BackTest:
    issued, before = law[run.scored], run.laws[choice.chosen][run.scored]
    said, came = 1 - issued[:, 0], run.outcomes > 0
    moves = np.abs(issued[:, 0] - before[:, 0])
    own = _parts(issued, run.outcomes)
    best = _best({m: run.parts[m]["count_log"] for m in MODELS})
    series = choice.series
    return BackTest(
        question=series.question,
        weeks=run.weeks,
        gap=gap,
        counted_from=series.grid.start,
        first=run.opened[0],
        n=len(came),
        n_came=int(came.sum()),
        models=tuple(_scores(name, run.parts[name]) for name in MODELS),
        best=best,
        gains={c: run.skill("count_log", c, best, seed) for c in CHALLENGERS},
        gains_in_all=choice.in_all,
        chosen=choice.chosen,
        issued=_scores(choice.chosen, own),
        moved=float((moves > NOISE).mean()),
        most_moved=float(moves.max()),
        brier_skill={b: run.saved(own["brier"], "brier", b, seed) for b in BASELINES},
        crps_skill={b: run.saved(own["crps"], "crps", b, seed) for b in BASELINES},
        misses=_misses(run.opened, run.weeks, said, run.outcomes, series.events),
        said=tuple(float(p) for p in said),
        came=tuple(int(c) for c in came),
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


def _scores(name: str, parts: Mapping[str, Floats]) -> ModelScores:
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
