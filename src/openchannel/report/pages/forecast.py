"""The pages of forecasts: what comes next by the record, and how such forecasts have fared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from openchannel.calibration.forecast_backtest import (
    CHALLENGERS,
    WINNING_ERRORS,
    BackTest,
    Miss,
)
from openchannel.calibration.forecast_questions import question_of
from openchannel.domain import Case
from openchannel.evidence.keeping.forecast_log import LoggedForecast
from openchannel.report.model import Block, Brief, Paragraph, Section, words
from openchannel.report.numbers import SPACE
from openchannel.report.pages.forecast_scores import (
    BASELINE_NAMES,
    MODEL_NAMES,
    gain_table,
    miss_table,
    reliability_figure,
    saved,
    score_table,
    skill_figure,
    skill_table,
    worst_misses,
)
from openchannel.report.pages.forecast_tables import (
    Due,
    chance,
    chance_figure,
    count_figure,
    due_table,
    forecast_table,
    rule_table,
)
from openchannel.report.pages.layout import page_of
from openchannel.report.wording import count_words, in_sentence, listed

__all__ = ["forecast_page", "score_page"]

SHOWN_WEEKS = 13
"""The window that a screen shows of back-tests; pages show all."""
_WARNING = "How often the record's events come, not why. No forecast of war."
_HIGH = 0.8


def forecast_page(
    case: Case,
    rows: Sequence[LoggedForecast],
    tests: Sequence[BackTest],
    evidence_end: dt.date,
    seed: int,
    *,
    left_out: Sequence[str] = (),
    is_short: bool = False,
) -> Brief:
    """The forecasts of a day with their rules, and the scores of such forecasts in the past.

    The short form is for a screen.
    """
    as_of = rows[0].first
    age = Paragraph(
        words(_age(as_of, evidence_end, tests[0].gap)), "warning" if tests[0].gap else "plain"
    )
    charts = () if is_short else (chance_figure(rows), count_figure(rows))
    model = Paragraph(words(_issued(tests)), "note")
    ahead = (age, *charts, forecast_table(rows), model, *_left_out(left_out))
    sections = [Section("section-ahead", "", f"The weeks from {as_of}", ahead)]
    if is_short:
        fared = tuple(Paragraph(words(s)) for s in _high_chances(tests))
        sections.append(Section("section-fared", "", "How such forecasts fared", fared))
    else:
        rules = Section("section-rules", "", "What counts", (rule_table(rows),))
        sections += [*_past(tests), rules]
    lines = (f"forecasts of {as_of}, record to {evidence_end}, seed {seed}",)
    return page_of("What the record makes likely next", case, lines, sections, _WARNING)


def score_page(
    case: Case,
    tests: Sequence[BackTest],
    evidence_end: dt.date,
    due: Sequence[Due],
    n_waiting: int,
    seed: int,
    *,
    left_out: Sequence[str] = (),
    is_short: bool = False,
) -> Brief:
    """How forecasts fared, in the back-test and in the log; the short form is for a screen."""
    gap = tests[0].gap
    log = Section("section-log", "", "The log", tuple(_log(due, tests, n_waiting)))
    past = _past_in_short(tests) if is_short else _past(tests)
    sections = [replace(past[0], blocks=(*past[0].blocks, *_left_out(left_out))), *past[1:], log]
    age = f"evidence {gap} weeks old at each origin" if gap else "evidence up to each origin"
    lines = (f"record to {evidence_end}, {age}, seed {seed}",)
    return page_of("How forecasts from the record fared", case, lines, sections, _WARNING)


def _left_out(titles: Sequence[str]) -> Iterator[Block]:
    if titles:
        yield Paragraph(
            words(f"Left out, because their table is too short to test forecasts on: "
                  f"{listed([in_sentence(t) for t in titles])}."),
            "warning",
        )  # fmt: skip


def _issued(tests: Sequence[BackTest]) -> str:
    names = listed(sorted({MODEL_NAMES[t.chosen] for t in tests}))
    return (
        f"Issued by: {names}. Counts of severity 2 hold those of severity 3, and so on; chances "
        f"are made to agree with that, and a longer window with a shorter one. {_agreed(tests)}"
    )


def _agreed(tests: Sequence[BackTest]) -> str:
    """How often, and how far, chances of nested events had to be moved in the back-test."""
    moved = sum(t.moved * t.n for t in tests) / sum(t.n for t in tests)
    if not moved:
        return "In the back-test they agreed as they were."
    most = max(tests, key=lambda t: t.most_moved)
    return (
        f"In the back-test that moved {100 * moved:.0f}{SPACE}% of chances, at most by "
        f"{100 * most.most_moved:.0f} points (“{question_of(most.question).short}” over "
        f"{most.weeks} weeks)."
    )


def _age(as_of: dt.date, evidence_end: dt.date, gap: int) -> str:
    days = (as_of - evidence_end).days
    if not gap:
        return f"The evidence ends on {evidence_end}."
    return (
        f"The evidence ends on {evidence_end}, {days} days before the first day. Models were "
        "trained and tested on windows that begin as long after their evidence; the scores below "
        "are those of forecasts from evidence as old."
    )


def _past(tests: Sequence[BackTest]) -> list[Section]:
    """What the back-test says, in full."""
    weeks = sorted({t.weeks for t in tests})
    fared: list[Block] = [
        *(Paragraph(words(s)) for s in _fared(tests)),
        reliability_figure(tests, weeks),
    ]
    skill: list[Block] = [skill_figure(tests), skill_table(tests), score_table(tests)]
    rivals: list[Block] = [Paragraph(words(_rivals(tests))), gain_table(tests)]
    misses: list[Block] = [Paragraph(words(_missed(tests))), miss_table(tests)]
    return [
        Section("section-fared", "", "How such forecasts fared", tuple(fared)),
        Section("section-skill", "", "Skill against simple baselines", tuple(skill)),
        Section("section-rivals", "", "Whether a richer model does better", tuple(rivals)),
        Section("section-misses", "", "The misses that cost most", tuple(misses)),
    ]


def _past_in_short(tests: Sequence[BackTest]) -> list[Section]:
    """The same for a screen: windows of one length, and what was found over all."""
    shown = [t for t in tests if t.weeks == SHOWN_WEEKS] or list(tests)
    fared: list[Block] = [
        *(Paragraph(words(s)) for s in _fared(tests)),
        skill_table(shown, is_short=True),
        reliability_figure(tests, [shown[0].weeks]),
    ]
    return [
        Section("section-fared", "", "How such forecasts fared", tuple(fared)),
        Section("section-rivals", "", "A richer model?", (Paragraph(words(_rivals(tests))),)),
        Section("section-misses", "", "The misses that cost most", (miss_table(tests),)),
    ]


def _fared(tests: Sequence[BackTest]) -> Iterator[str]:
    """What may be said of all questions and windows together."""
    first = min(t.first for t in tests)
    yield (
        f"Forecasts were made every 13 weeks from {first.year} on as they would have been then, "
        f"with what was known until then, and scored: {count_words(len(tests))} pairs of a "
        f"question and a window. The record is counted from {_counted_from(tests)}."
    )
    for name, said in BASELINE_NAMES.items():
        found = [s for t in tests if (s := t.brier_skill.get(name)) is not None]
        better = sum(s.is_measurable and s.value > 0 for s in found)
        worse = sum(s.is_measurable and s.value < 0 for s in found)
        yield (
            f"Against {said} the Brier score is measurably better in "
            f"{_of(better, len(found))} pairs and worse in {_of(worse)}; luck alone would "
            f"give about {0.023 * len(found):.0f} of either."
        )
    yield from _high_chances(tests)
    held = [(t.issued.coverage, t) for t in tests]
    share, test = min(held, key=lambda h: h[0])
    title = question_of(test.question).short
    yield (
        f"The 80{SPACE}% intervals of counts held them least often for “{title}” over "
        f"{test.weeks} weeks: in {100 * share:.0f}{SPACE}%."
    )


def _counted_from(tests: Sequence[BackTest]) -> str:
    """The first days that are counted, with the tables that are counted from each."""
    tables: dict[dt.date, list[str]] = {}
    for test in tests:
        own = tables.setdefault(test.counted_from, [])
        own += {question_of(test.question).table} - set(own)
    return listed([f"{day} ({listed(tables[day])})" for day in sorted(tables)])


def _high_chances(tests: Sequence[BackTest]) -> Iterator[str]:
    """How often came what was given a high chance."""
    pairs = [(p, c) for t in tests for p, c in zip(t.said, t.came, strict=True) if p >= _HIGH]
    if pairs:
        said, came = (sum(v) / len(pairs) for v in zip(*pairs, strict=True))
        aged = f" from evidence {tests[0].gap} weeks old" if tests[0].gap else ""
        yield (
            f"What was given {_HIGH:.0%} or more{aged} (on average {said:.0%}) came in {came:.0%} "
            "of back-tests."
        ).replace("%", f"{SPACE}%")


def _of(n: int, every: int = 0) -> str:
    """`nine of 32`, `none of 32`; without the second, `nine` or `none`."""
    first = count_words(n) if n else "none"
    return f"{first} of {every}" if every else first


def _rivals(tests: Sequence[BackTest]) -> str:
    """Whether the pool or the regression is issued anywhere."""
    one_each = {t.question: t for t in tests}.values()
    said = []
    for name in CHALLENGERS:
        gains = {t.question: t.gains_in_all[name] for t in one_each}
        top = max(gains, key=lambda q: gains[q].value / max(gains[q].error, 1e-9))
        said.append(
            f"The {MODEL_NAMES[name]} wins by {count_words(WINNING_ERRORS)} errors in "
            f"{_of(sum(t.chosen == name for t in one_each), len(gains))} questions; it does best "
            f"for “{question_of(top).short}” ({saved(gains[top])} of the log score of counts)."
        )
    return (
        "A regression on recent events, contacts, exercises and the season, and a pool of all "
        "models with weights learnt on the way, were held to the same origins. "
        f"{' '.join(said)} Where neither wins, the discounted rate is issued. What is issued is "
        "made to agree over nested events and windows, and is scored as it is printed. "
        f"{_agreed(tests)}"
    )


def _missed(tests: Sequence[BackTest]) -> str:
    test, miss = worst_misses(tests)[0]
    title = question_of(test.question).short
    return (
        f"The dearest miss: “{title}” from {miss.origin} over {test.weeks} weeks was given "
        f"{chance(miss.said)}, {_what_came(miss)}. A rate cannot see what has never happened, nor "
        "a turn of policy."
    )


def _what_came(miss: Miss) -> str:
    return f"and then came {miss.event}" if miss.came else f"but {miss.event}"


def _log(due: Sequence[Due], tests: Sequence[BackTest], n_waiting: int) -> Iterator[Block]:
    yield Paragraph(
        words(
            f"Logged forecasts that have come due: {_of(len(due))}; that wait for the record: "
            f"{_of(n_waiting)}."
        )
    )
    if due:
        yield due_table(due, tests)
