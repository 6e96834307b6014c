"""The built-in record, and a small one that a test may spoil."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

import openchannel.errors
from openchannel.evidence import TABLES, Record

BUILT_IN = Path(openchannel.errors.__file__).parent / "cases/korea/evidence"

ROWS: dict[str, list[dict[str, str]]] = {
    "contacts": [
        {"id": "C001", "start": "1993-06-02", "end": "1993-06-11", "date_precision": "day",
         "channel": "senior diplomatic", "us_principal": "R. Gallucci", "subject": "Round 1",
         "source": "a page", "confidence": "A month"},
        {"id": "C002", "start": "1993-08", "end": "1993-08", "date_precision": "month",
         "channel": "New York channel", "subject": "Follow-up, working level",
         "source": "a page", "confidence": "B"},
        {"id": "C003", "start": "1994", "end": "1994", "channel": "hotline",
         "subject": "86 messages", "source": "a page", "confidence": "A year"},
    ],
    "provocations": [
        {"id": "P0001", "date": "1993-03-12", "date_precision": "day", "target": "multiple",
         "kind": "nuclear_programme", "severity": "4", "label": "Withdrawal announced",
         "us_personnel_hit": "no", "deaths": "0", "sources": "csis", "dprk_initiated": "yes",
         "exclude": "no"},
        {"id": "P0002", "date": "1994-12-17", "date_precision": "day", "target": "US",
         "kind": "air_clash", "severity": "4", "label": "Helicopter shot down",
         "us_personnel_hit": "yes", "deaths": "1", "sources": "csis; rok",
         "dprk_initiated": "yes", "exclude": "no"},
    ],
    "crises": [
        {"id": "K01", "name": "Helicopter", "trigger_date": "1994-12-17",
         "trigger_precision": "day", "end_date": "1994-12-30", "end_precision": "day",
         "peak_rung": "4", "us_dprk_channel_open": "yes", "channel_answered": "yes",
         "sources": "icb14 1; contacts C001", "confidence": "A"},
    ],
    "exercises": [
        {"exercise": "Team Spirit", "year": "1993", "start": "1993-03", "end": "1993-03",
         "status": "held", "source": "a page", "confidence": "C"},
        {"exercise": "Team Spirit", "year": "1994", "status": "cancelled", "source": "a page",
         "confidence": "A"},
    ],
    "agreements": [
        {"id": "AG01", "name": "Joint statement", "start": "1993-06-11", "end": "1994-10-21",
         "status": "superseded", "duration_days": "497", "h18_set": "no", "source": "a page",
         "confidence": "B", "second_read": "yes"},
    ],
    "offices": [
        {"office_id": "U-POTUS", "side": "US", "title": "President", "holder": "W. Clinton",
         "from": "1993-01-20", "to": "2001-01-20", "term_days": "2922", "source": "a list",
         "confidence": "A"},
    ],
    "channels": [
        {"id": "SEN", "name": "Senior", "first_open": "1993-06-02", "source": "a page",
         "confidence": "A"},
        {"id": "NYC", "name": "New York", "first_open": "1993", "source": "a page",
         "confidence": "A"},
        {"id": "UNC", "name": "Line", "first_open": "1976", "source": "a page",
         "confidence": "A"},
    ],
    "channel_spells": [
        {"id": "SP01", "channel": "SEN", "line": "envoys", "open_from": "1993-06-02",
         "open_to": "1994-10-21", "open_days": "506", "source": "a page", "confidence": "A"},
        {"id": "SP02", "channel": "UNC", "line": "phone", "open_from": "1976",
         "source": "a page", "confidence": "A"},
        {"id": "SP03", "channel": "NYC", "line": "mission", "open_from": "1993-08",
         "open_to": "1994-12", "source": "a page", "confidence": "B"},
    ],
    "incidents_lethal": [
        {"id": "LI01", "date": "1994-12-17", "kind": "helicopter", "rok_us_dead": "1",
         "dprk_dead_low": "0", "dprk_dead_high": "0", "class": "force_clash",
         "narrow_set": "yes", "crisis_file_id": "K01", "source": "a page", "confidence": "A"},
    ],
    "detentions": [
        {"id": "DT01", "initials": "B.H.", "start": "1994-12-17", "end": "1994-12-30",
         "days": "13", "status": "soldier", "senior_visit": "yes", "channel_used": "SEN; UNC",
         "source": "a page", "confidence": "A"},
    ],
}  # fmt: skip

Change = Callable[[dict[str, list[dict[str, str]]]], None]
MakeFolder = Callable[..., Path]


@pytest.fixture(scope="session")
def korea() -> Iterator[Record]:
    with Record.open(BUILT_IN) as record:
        yield record


@pytest.fixture
def make_folder(tmp_path: Path) -> MakeFolder:
    """Writes the small record into a folder, after `change` had its way with the rows."""

    def make(change: Change | None = None) -> Path:
        rows = {name: [dict(r) for r in table] for name, table in ROWS.items()}
        if change is not None:
            change(rows)
        for table in TABLES:
            write_table(tmp_path / table.file, table.column_names, rows[table.name])
        return tmp_path

    return make


def write_table(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
