"""The ten tables of a record: their columns, what each may hold, and which dates place a row.

A visible table, no code to speak of. Reading files by it belongs to `reading`, asking questions
to `record`. Column meanings are those of the evidence folder's README and codebook.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["KINDS", "TABLES", "TABLE_OF", "Column", "Table"]

ColumnKind = Literal["text", "date", "count", "choice", "grade"]

YES_NO = ("yes", "no")

KINDS = (
    "ballistic_missile",
    "cruise_missile",
    "space_launch",
    "nuclear_test",
    "nuclear_programme",
    "artillery_fire",
    "ground_clash",
    "naval_clash",
    "air_clash",
    "infiltration",
    "assassination_or_terror",
    "abduction_or_seizure",
    "hybrid",
    "other",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what its cells may hold, and whether a cell may be empty."""

    name: str
    kind: ColumnKind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    bounds: tuple[int, int] = (0, 1_000_000)  # of a count


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the record.

    `start` and `end` name the columns that place a row in time (`end` may be empty or the same
    column), `label` the column that says what it was. A table whose file has no `id` column gets
    ids made of `prefix` and the row's number in the file.
    """

    name: str
    columns: tuple[Column, ...]
    label: str
    start: str
    end: str = ""
    precision: str = ""
    prefix: str = ""
    is_outcome: bool = False  # its rows stop at the end of the record

    @property
    def file(self) -> str:
        """Name of the table's file."""
        return f"{self.name}.csv"

    @property
    def has_id(self) -> bool:
        """Whether the file has an `id` column of its own."""
        return not self.prefix

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns in the order of the file."""
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        """The column of this name; StopIteration if there is none."""
        return next(c for c in self.columns if c.name == name)


def _text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(n) for n in names)


_ID = Column("id", required=True)
_GRADE = Column("confidence", "grade", required=True)
_SECOND = Column("second_read", "choice", choices=YES_NO)
_NOTE = Column("note")


def _choice(name: str, *choices: str, required: bool = True) -> Column:
    return Column(name, "choice", required=required, choices=choices)


def _count(name: str, low: int = 0, high: int = 1_000_000, *, required: bool = False) -> Column:
    return Column(name, "count", required=required, bounds=(low, high))


def _date(name: str, *, required: bool = False) -> Column:
    return Column(name, "date", required=required)


_PRECISION = ("day", "month", "year")

TABLES: tuple[Table, ...] = (
    Table(
        "contacts",
        (
            _ID,
            _date("start", required=True),
            _date("end", required=True),
            Column("date_precision"),
            Column("place"),
            Column("channel", required=True),
            *_text("us_principal", "dprk_principal", "subject", "source"),
            _GRADE,
        ),
        label="subject",
        start="start",
        end="end",
        precision="date_precision",
    ),
    Table(
        "provocations",
        (
            _ID,
            _date("date", required=True),
            _choice("date_precision", *_PRECISION),
            _choice("kind", *KINDS),
            Column("range_class"),
            _count("missiles"),
            _choice("target", "ROK", "US", "Japan", "multiple", "none"),
            _choice("us_personnel_hit", *YES_NO),
            _count("deaths"),
            _count("dprk_deaths"),
            _count("severity", 1, 5, required=True),
            Column("label", required=True),
            *_text("sources", "note"),
            _choice("dprk_initiated", "yes", "no", "unclear"),
            _choice("exclude", *YES_NO),
        ),
        label="label",
        start="date",
        end="date",
        precision="date_precision",
        is_outcome=True,
    ),
    Table(
        "crises",
        (
            _ID,
            Column("name", required=True),
            _date("trigger_date", required=True),
            _choice("trigger_precision", *_PRECISION),
            _date("end_date"),
            _choice("end_precision", *_PRECISION, required=False),
            Column("trigger_kind"),
            _count("peak_rung", 0, 6, required=True),
            _choice("us_dprk_channel_open", "yes", "no", "unclear"),
            Column("channel_which"),
            _choice("channel_answered", "yes", "partly", "no", "unclear"),
            *_text("resolved_by", "sources"),
            _GRADE,
            _NOTE,
        ),
        label="name",
        start="trigger_date",
        end="end_date",
        precision="trigger_precision",
        is_outcome=True,
    ),
    Table(
        "exercises",
        (
            Column("exercise", required=True),
            _count("year", 1900, 2200, required=True),
            _date("start"),
            _date("end"),
            Column("status", required=True),
            *_text("scale", "source"),
            _GRADE,
        ),
        label="exercise",
        start="start",
        end="end",
        prefix="EX",
    ),
    Table(
        "agreements",
        (
            _ID,
            Column("name", required=True),
            _date("start", required=True),
            _date("end"),
            _date("end_declared"),
            *_text("kind", "parties", "end_cause", "ended_by"),
            _choice("status", "in force", "ended", "lapsed", "fulfilled", "superseded"),
            _count("duration_days"),
            _count("duration_days_declared"),
            _choice("h18_set", *YES_NO),
            Column("source"),
            _GRADE,
            _SECOND,
            _NOTE,
        ),
        label="name",
        start="start",
        end="end",
    ),
    Table(
        "offices",
        (
            Column("office_id", required=True),
            _choice("side", "US", "DPRK"),
            Column("title", required=True),
            Column("holder", required=True),
            _date("from"),
            _date("to"),
            Column("how_left"),
            _count("term_days"),
            Column("source"),
            _GRADE,
            _SECOND,
            _NOTE,
        ),
        label="title",
        start="from",
        end="to",
        prefix="OF",
    ),
    Table(
        "channels",
        (
            _ID,
            Column("name", required=True),
            *_text("us_office", "dprk_office", "dprk_hierarchy", "authority_note"),
            _date("first_open"),
            Column("state_mid_2025"),
            _count("spells"),
            Column("source"),
            _GRADE,
            _SECOND,
        ),
        label="name",
        start="first_open",
    ),
    Table(
        "channel_spells",
        (
            _ID,
            Column("channel", required=True),
            Column("line", required=True),
            _date("open_from", required=True),
            _date("open_to"),
            _count("open_days"),
            *_text("ended_how", "cut_by", "reason", "source"),
            _GRADE,
            _SECOND,
            _NOTE,
        ),
        label="line",
        start="open_from",
        end="open_to",
    ),
    Table(
        "incidents_lethal",
        (
            _ID,
            _date("date", required=True),
            _date("end_date"),
            *_text("place", "kind", "first_force_by"),
            _count("rok_us_dead"),
            _count("us_dead"),
            _count("civilian_dead"),
            _count("rok_us_wounded"),
            _count("dprk_dead_low"),
            _count("dprk_dead_high"),
            Column("class"),
            _choice("narrow_set", *YES_NO),
            *_text("crisis_file_id", "source"),
            _GRADE,
            _SECOND,
            _NOTE,
        ),
        label="kind",
        start="date",
        end="end_date",
        is_outcome=True,
    ),
    Table(
        "detentions",
        (
            _ID,
            Column("initials", required=True),
            _date("start", required=True),
            _date("end"),
            _count("days"),
            *_text("status", "release_mode"),
            _choice("senior_visit", *YES_NO),
            *_text("channel_used", "source"),
            _GRADE,
            _SECOND,
            _NOTE,
        ),
        label="initials",
        start="start",
        end="end",
        is_outcome=True,
    ),
)


#: The tables by name.
TABLE_OF = {t.name: t for t in TABLES}
