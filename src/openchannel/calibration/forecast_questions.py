"""What is forecast, and by which rule each question is resolved, in words and as a query.

The query is the rule: days of events are taken from the rows that it finds and nothing else.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from openchannel.evidence import Record

__all__ = [
    "OFFICIAL_CONTACT",
    "PROVOCATION",
    "QUESTIONS",
    "WEEKS",
    "Question",
    "dated_events",
    "question_of",
]

WEEKS = (4, 13, 26, 52)
"""Lengths of the windows that are forecast."""


@dataclass(frozen=True, slots=True)
class Question:
    """An event that may come in a window, with its rule of resolution.

    short : its title where there is little room
    rule : what counts, in words
    query : the same on the record, giving ids of rows
    within : questions of which each of its events is an event too
    """

    id: str
    title: str
    short: str
    table: str
    rule: str
    query: str
    within: tuple[str, ...] = ()


def _provocation(severity: int) -> Question:
    return Question(
        f"provocation_{severity}",
        f"Provocation of severity {severity} or more",
        f"Severity {severity} or more",
        "provocations",
        f"A row of provocations with severity {severity} to 5 by the codebook that is not marked "
        "exclude; each row counts, days of a campaign too.",
        f"SELECT id FROM provocations WHERE severity >= {severity} "  # noqa: S608 - our own number
        "AND \"exclude\" <> 'yes'",
        tuple(f"provocation_{s}" for s in range(2, severity)),
    )


_GRAVEST = tuple(f"provocation_{s}" for s in (2, 3, 4, 5))
"""Of these is a row that the codebook gives severity 5."""

PROVOCATION = _provocation(2)
OFFICIAL_CONTACT = Question(
    "official_contact",
    "Official contact of the two governments",
    "Official contact",
    "contacts",
    "A row of contacts in which officials of both governments exchange something: not an offer "
    "or statement without an answer, a duty-officer message, a private or third-party "
    "go-between, Congress or KEDO.",
    "SELECT id FROM contacts WHERE NOT regexp_matches(channel, '^(no contact|public statement|"
    "letter \\(refused\\)|letter / private|New York channel \\(unanswered\\)|cancelled|hotline|"
    "semi-official|track|legislative|KEDO|detainee|T15|THP)')",
)

QUESTIONS: tuple[Question, ...] = (
    PROVOCATION,
    _provocation(3),
    _provocation(4),
    _provocation(5),
    Question(
        "nuclear_test",
        "Nuclear test",
        "Nuclear test",
        "provocations",
        "A row of provocations of kind nuclear_test that is not marked exclude.",
        "SELECT id FROM provocations WHERE kind = 'nuclear_test' AND \"exclude\" <> 'yes'",
        _GRAVEST,
    ),
    Question(
        "icbm_test",
        "Flight of an ICBM-class missile",
        "ICBM-class flight",
        "provocations",
        "A row of provocations with range_class ICBM and severity 5 (flown, not halted) that is "
        "not marked exclude.",
        "SELECT id FROM provocations WHERE range_class = 'ICBM' AND severity = 5 "
        "AND \"exclude\" <> 'yes'",
        _GRAVEST,
    ),
    Question(
        "crisis",
        "Start of a crisis",
        "Start of a crisis",
        "crises",
        "A row of crises, on the day of its trigger, whatever its peak.",
        "SELECT id FROM crises",
    ),
    OFFICIAL_CONTACT,
)


def question_of(name: str) -> Question:
    """The question of this id; StopIteration if there is none."""
    return next(q for q in QUESTIONS if q.id == name)


def dated_events(record: Record, question: Question) -> list[tuple[dt.date, str]]:
    """Day and id of each event of a question, in order of dates."""
    ids = record.ids(question.query)
    entries = (e for e in record.entries(question.table) if e.id in ids)
    return sorted((e.middle, e.id) for e in entries if e.middle is not None)
