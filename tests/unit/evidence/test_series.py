"""Counts by week, and what counts once."""

import datetime as dt

import numpy as np
import pytest

from openchannel.errors import UserError
from openchannel.evidence import Record
from openchannel.evidence.series import campaigns

from .conftest import MakeFolder


def test_weeks_begin_at_the_start_and_are_whole(korea: Record) -> None:
    """1,852 weeks from 1990-01-01 to 2025-06-29, as in the evidence README."""
    weeks, counts = korea.weekly_provocations("1990-01-01", "2025-06-30")
    assert (1852, 4) == counts.shape
    assert np.datetime64("1990-01-01") == weeks[0]
    assert np.datetime64("2025-06-23") == weeks[-1]


def test_severities_stand_in_columns(korea: Record) -> None:
    """Totals by severity equal the rows counted one by one."""
    counts = korea.weekly_provocations("2012-01-02", "2025-06-29", drop_campaign_days=False)[1]
    rows = [
        e["severity"]
        for e in korea.entries("provocations")
        if e.first and e.first >= dt.date(2012, 1, 2) and e["exclude"] == "no"
    ]
    assert [rows.count(s) for s in (2, 3, 4, 5)] == counts.sum(axis=0).tolist()


def test_the_older_list_has_the_weekly_moments_of_the_readme(korea: Record) -> None:
    """Mean .196, variance .342, 86 % zero on the raw list; six of its rows are merged here."""
    counts = korea.weekly_provocations("1990-01-01", "2025-06-30", 1, "csis", False, False)[1]
    total = counts.sum(axis=1)
    assert total.mean() == pytest.approx(0.196, abs=0.004)
    assert total.var() == pytest.approx(0.342, abs=0.02)
    assert (total == 0).mean() == pytest.approx(0.86, abs=0.005)


def test_a_campaign_counts_once_with_its_highest_severity(korea: Record) -> None:
    """32 balloon waves, the manhunt of 1996 and the landings of 1968 are three decisions."""
    groups = [g for g in campaigns(korea.entries("provocations")) if len(g) > 1]
    assert [(g[0].id, len(g), max(e["severity"] for e in g)) for g in groups] == [
        ("P0109", 6, 5), ("P0223", 3, 2), ("P0226", 7, 5), ("P0294", 3, 2), ("P0534", 30, 1),
    ]  # fmt: skip
    once = korea.weekly_provocations("1996-01-01", "1996-12-31")[1].sum()
    daily = korea.weekly_provocations("1996-01-01", "1996-12-31", drop_campaign_days=False)[1].sum()
    assert 6 + 2 == daily - once


def test_contacts_leave_out_line_messages_and_refusals(korea: Record) -> None:
    """Nothing but line messages since 2020-03; a month counts in the week of its middle."""
    assert korea.weekly_contacts("2020-04-01", "2023-08-31")[1].sum() == 0
    weeks, counts = korea.weekly_contacts("1990-01-01", "1990-01-31", channel="NYC")
    assert [str(w) for w in weeks[counts > 0]] == ["1990-01-15"]
    by_channel = sum(
        korea.weekly_contacts("1988-01-04", "2026-12-31", c)[1].sum() for c in korea.channel_codes
    )
    assert korea.weekly_contacts("1988-01-04", "2026-12-31")[1].sum() > by_channel > 200


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("2000-01-01", "2000-01-03"), "end"),
        (("2000-01-01", "2001-01-01", 6), "min_severity"),
        (("2000-01-01", "2001-01-01", 2, "S1"), "coding"),
    ],
)
def test_impossible_series_are_refused(
    korea: Record, arguments: tuple[str, ...], field: str
) -> None:
    """Less than a week, a severity or a coding that is not there."""
    with pytest.raises(UserError) as caught:
        korea.weekly_provocations(*arguments)  # type: ignore[arg-type]
    assert field == caught.value.problems[0].field


def test_empty_tables_give_zeros(make_folder: MakeFolder) -> None:
    """No rows, no events, the same weeks."""
    with Record.open(make_folder(lambda rows: rows["provocations"].clear())) as record:
        assert record.weekly_provocations("2000", "2001")[1].sum() == 0
