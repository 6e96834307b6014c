"""The age of a record is told from counts that other pages use too, or it is said why not."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from openchannel.calibration.history.data import read
from openchannel.errors import UserError
from openchannel.evidence import Record
from openchannel.usecases.history.work import evidence_values
from openchannel.usecases.evidence.record import open_record, record_folder
from openchannel.usecases.signs.record import weekly_since_2012


def _cut(folder: Path, rows: dict[str, dict[str, str]]) -> Path:
    """The tables of the built-in record with their heads, and at most one row each."""
    for path in Path(record_folder("korea")).glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            names = next(csv.reader(stream))
        with (folder / path.name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, names, lineterminator="\n")
            writer.writeheader()
            if path.stem in rows:
                writer.writerow(rows[path.stem])
    return folder


def test_weeks_since_2012_are_those_of_the_record_and_of_what_history_says() -> None:
    """One count by week in all places; weeks begin on Monday, 2 January 2012."""
    with open_record("korea") as record:
        found = weekly_since_2012(record)
        _, counts = record.weekly_provocations("2012-01-02", found["end"])
        said = evidence_values(record, read(record))
    assert found["weekly_since_2012"] == counts.sum(axis=1).tolist()
    assert found["weekly_since_2012"] == said["weekly_since_2012"]
    assert np.sum(found["weekly_since_2012"]) > 100


def test_a_record_without_a_dated_row_is_refused(tmp_path: Path) -> None:
    """With the folder and what to do, and not with a complaint about a maximum of nothing."""
    with Record.open(_cut(tmp_path, {})) as record, pytest.raises(UserError) as told:
        weekly_since_2012(record)
    assert "no provocation and no contact is dated" in str(told.value)
    assert str(tmp_path) in str(told.value)


def test_a_record_of_earlier_years_has_an_end_and_no_weeks(tmp_path: Path) -> None:
    """A contact of 1993 alone ends the record; nothing of 2012 is counted as quiet."""
    contact = {
        "id": "C001", "start": "1993-06-02", "end": "1993-06-11", "date_precision": "day",
        "channel": "senior diplomatic", "us_principal": "R. Gallucci", "subject": "Round 1",
        "source": "a page", "confidence": "A",
    }  # fmt: skip
    with Record.open(_cut(tmp_path, {"contacts": contact})) as record:
        found = weekly_since_2012(record)
    assert found["end"] == dt.date(1993, 6, 2)
    assert found["weekly_since_2012"] == []
