"""Tables and figures of how forecasts fared; each takes the back-tests and gives one block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from openchannel.calibration.forecast_backtest import (
    CHALLENGERS,
    STEP_WEEKS,
    WINNING_ERRORS,
    BackTest,
    Miss,
)
from openchannel.calibration.forecast_models import BASELINES
from openchannel.calibration.forecast_questions import question_of
from openchannel.calibration.scores import ReliabilityBin, Skill, reliability
from openchannel.report.model import Figure, Row, Table, Text, words
from openchannel.report.numbers import PLUS_MINUS, SPACE
from openchannel.report.pages.forecast_charts import reliability_chart, skill_chart
from openchannel.report.pages.forecast_tables import chance, column

__all__ = [
    "BASELINE_NAMES",
    "MODEL_NAMES",
    "gain_table",
    "miss_table",
    "reliability_figure",
    "saved",
    "score_table",
    "skill_figure",
    "skill_table",
    "worst_misses",
]

MODEL_NAMES = {
    "climatology": "climatology",
    "persistence": "persistence",
    "recent_rate": "recent rate",
    "discounted_rate": "discounted rate",
    "regression": "regression",
    "pool": "pool",
}
BASELINE_NAMES = {b: MODEL_NAMES[b] for b in BASELINES}
_MOST_MISSES = 10


def _points(value: float) -> str:
    return f"{100 * value:.0f}{SPACE}%"


def saved(skill: Skill) -> str:
    """A skill with its error, in per cent."""
    value = round(100 * skill.value)
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{abs(value)}{PLUS_MINUS}{100 * skill.error:.0f}{SPACE}%"


def _told(skill: Skill | None) -> Text:
    """The same, heavy where it lies two errors or more from nothing."""
    return words("") if skill is None else words(saved(skill), strong=skill.is_measurable)


def _bins(tests: Sequence[BackTest], weeks: int) -> list[ReliabilityBin]:
    """Said against came over all questions, for windows of one length."""
    shown = [t for t in tests if t.weeks == weeks]
    said = np.array([p for t in shown for p in t.said])
    came = np.array([c for t in shown for c in t.came], float)
    return reliability(said, came, alone=min(1.0, STEP_WEEKS / weeks))


def reliability_figure(tests: Sequence[BackTest], only: Sequence[int]) -> Figure:
    """Said against came for each length of window, all questions, with consistency bands."""
    drawn, cells = [], []
    for weeks in only:
        for b in _bins(tests, weeks):
            found = {k: 100 * getattr(b, k) for k in ("said", "came", "low", "high")}
            drawn.append({"window": f"{weeks} weeks", "n": b.n, **found})
            texts = (f"{weeks} weeks", _points(b.said), _points(b.came),
                     f"{100 * b.low:.0f} to {_points(b.high)}", str(b.n))  # fmt: skip
            cells.append(Row(tuple(words(t) for t in texts)))
    heads = ("Said", "Came", "Band", "Forecasts")
    return Figure(
        "figure-reliability",
        "Said against came, all questions; grey: where nine in ten would lie if forecasts were "
        "right",
        "Points of how often events came against the chance that was said, with consistency bands.",
        reliability_chart(drawn),
        Table(
            "table-reliability",
            "Said against came, all questions",
            (column("Window", 1.2, right=False), *(column(h) for h in heads)),
            tuple(cells),
            words(
                "In the bands, windows of one question that overlap count as one. Answers of "
                "several questions on one day fall together, which no band here allows for: a "
                "frequency just outside says little."
            ),
            compact=True,
        ),
    )


def skill_figure(tests: Sequence[BackTest]) -> Figure:
    """Brier skill against each baseline with two errors either way."""
    drawn = [
        {
            "row": question_of(t.question).short,
            "baseline": f"against {BASELINE_NAMES[name]}",
            "weeks": t.weeks,
            "skill": 100 * s.value,
            "low": 100 * (s.value - 2 * s.error),
            "high": 100 * (s.value + 2 * s.error),
            "sure": s.is_measurable,
        }
        for name in BASELINES
        for t in tests
        if (s := t.brier_skill.get(name)) is not None
    ]
    weeks = sorted({t.weeks for t in tests})
    return Figure(
        "figure-skill",
        "Share of the baselines' Brier score that is saved, two errors either way; filled: two "
        f"errors or more from nothing; from top to bottom {_listed(weeks)} weeks, cut at 60 %",
        "Skill of the issued forecasts against three baselines, by question and window.",
        skill_chart(drawn, weeks),
        skill_table(tests, is_short=True),
    )


def _listed(weeks: Sequence[int]) -> str:
    return ", ".join(str(w) for w in weeks)


def skill_table(tests: Sequence[BackTest], *, is_short: bool = False) -> Table:
    """Brier and CRPS skill against each baseline; the short form leaves the CRPS out."""
    scores = ("brier_skill",) if is_short else ("brier_skill", "crps_skill")
    heads = {"brier_skill": "Brier", "crps_skill": "CRPS"}
    rows = [
        Row(
            (
                words(question_of(t.question).short),
                words(str(t.weeks)),
                words(f"{t.n_came} of {t.n}"),
                *(_told(getattr(t, s).get(b)) for s in scores for b in BASELINES),
            )
        )
        for t in tests
    ]
    titles = [f"{heads[s]}: {BASELINE_NAMES[b]}" for s in scores for b in BASELINES]
    return Table(
        "table-skill-brier" if is_short else "table-skill",
        "Skill: share of the score of a baseline that is saved, ± one standard error",
        (
            column("Event", 1.8, right=False),
            column("Weeks", 0.6),
            column("Came", 0.9),
            *(column(t, 1.2) for t in titles),
        ),
        tuple(rows),
        words(
            "Heavy: two errors or more from nothing. Errors by block bootstrap over origins. Came: "
            "windows with an event, of all."
        ),
        compact=True,
    )


def score_table(tests: Sequence[BackTest]) -> Table:
    """Mean scores of what is issued, nested events made to agree."""
    rows = []
    for t in tests:
        own = t.issued
        numbers = (own.brier, own.log_score, own.crps, own.interval_score)
        texts = (question_of(t.question).short, str(t.weeks), MODEL_NAMES[t.chosen],
                 *(f"{x:.2f}" for x in numbers), _points(own.coverage))  # fmt: skip
        rows.append(Row(tuple(words(x) for x in texts)))
    return Table(
        "table-scores",
        "Mean scores of the forecasts that are issued; smaller is better",
        (
            column("Event", 1.8, right=False),
            column("Weeks", 0.7),
            column("Model", 1.4, right=False),
            *(column(h) for h in ("Brier", "Log", "CRPS", "Interval", "In 80 %")),
        ),
        tuple(rows),
        words(
            "Brier and log score: of at least one event. CRPS and the score of the 80 % interval: "
            "of the count. In 80 %: share of counts inside the interval, 80 % or more if right."
        ),
        compact=True,
    )


def gain_table(tests: Sequence[BackTest]) -> Table:
    """What the challengers save against the best simple model, by window and in all."""
    weeks = sorted({t.weeks for t in tests})
    rows = []
    for name in dict.fromkeys(t.question for t in tests):
        own = {t.weeks: t for t in tests if t.question == name}
        one = next(iter(own.values()))
        rows += [
            Row(
                (
                    words(question_of(name).short),
                    words(MODEL_NAMES[c]),
                    *(_told(own[w].gains[c]) for w in weeks),
                    _told(one.gains_in_all[c]),
                    words("yes" if one.chosen == c else "no"),
                )
            )
            for c in CHALLENGERS
        ]
    return Table(
        "table-gains",
        "Log score of counts that a regression and a pool of all models save",
        (
            column("Event", 1.8, right=False),
            column("Model", 1.1, right=False),
            *(column(f"{w} weeks") for w in weeks),
            column("In all"),
            column("Issued", 0.7, right=False),
        ),
        tuple(rows),
        words(
            "Against the simple model that did best, as seen afterwards. A challenger is issued "
            f"for all windows of a question where it saves {WINNING_ERRORS} errors or more in all; "
            "heavy: two or more."
        ),
        compact=True,
    )


def worst_misses(tests: Sequence[BackTest]) -> list[tuple[BackTest, Miss]]:
    """The misses that cost most, each event and each quiet of a table of the record once."""
    found = sorted(((t, m) for t in tests for m in t.misses), key=lambda f: -f[1].log_score)
    kept: dict[str, list[tuple[BackTest, Miss]]] = {}
    for test, miss in found:
        alike = kept.setdefault(question_of(test.question).table, [])
        if not any(m.is_the_same(miss) for _, m in alike):
            alike.append((test, miss))
    once = [f for alike in kept.values() for f in alike]
    return sorted(once, key=lambda f: -f[1].log_score)[:_MOST_MISSES]


def miss_table(tests: Sequence[BackTest]) -> Table:
    """The misses that cost most, with the events that came."""
    rows = [
        Row(
            tuple(
                words(x)
                for x in (
                    question_of(t.question).short,
                    f"{m.origin}, {t.weeks} weeks",
                    chance(m.said),
                    str(m.came),
                    m.event,
                )
            )
        )
        for t, m in worst_misses(tests)
    ]
    return Table(
        "table-misses",
        "The misses that cost most in log score, each event and each quiet once",
        (
            column("Asked", 1.3, right=False),
            column("Window from", 1.2, right=False),
            column("Said", 0.6),
            column("Came", 0.6),
            column("First event of the window", 3.0, right=False),
        ),
        tuple(rows),
        compact=True,
    )
