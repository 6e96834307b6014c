"""What to watch: rhythms worked by hand, and the built-in record on known days."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import openchannel as oc
from openchannel.calibration.tie_equations import TieInputs
from openchannel.calibration.ties import tie_history
from openchannel.calibration.watch import ChannelWatch, rhythm, watch
from openchannel.evidence import Record

EVERY_TEN_DAYS = [dt.date(2020, 1, 1) + dt.timedelta(days=10 * i) for i in range(12)]


def on(day: str) -> dict[str, ChannelWatch]:
    """Every channel of the built-in case on a day."""
    case = oc.load("korea")
    inputs = TieInputs.from_case(case)
    as_of = dt.date.fromisoformat(day)
    with Record.open(case.evidence_folder) as record:
        history = tie_history(record, inputs, end=as_of)
        return {w.id: w for w in watch(record, inputs, history, as_of)}


@pytest.fixture(scope="module")
def singapore() -> dict[str, ChannelWatch]:
    """The day of the Singapore summit."""
    return on("2018-06-12")


def test_a_wait_is_judged_by_the_gaps_before() -> None:
    """Every ten days: after ten on time, and silent as soon as the longest gap is passed."""
    last = EVERY_TEN_DAYS[-1]
    found = [rhythm(EVERY_TEN_DAYS, last + dt.timedelta(days=n)) for n in (10, 11)]
    assert [("on time", 10), ("silent", 11)] == [(r.standing, r.days_since) for r in found]
    assert (10.0, 10.0) == (found[0].usual_days, found[0].overdue_after_days)


def test_overdue_lies_between_most_gaps_and_the_longest() -> None:
    """Ten gaps of ten days and one of a hundred: eleven days are late, a hundred and one silent."""
    days = [*EVERY_TEN_DAYS[:-1], EVERY_TEN_DAYS[-2] + dt.timedelta(days=100)]
    standing = [rhythm(days, days[-1] + dt.timedelta(days=n)).standing for n in (10, 11, 101)]
    assert ["on time", "overdue", "silent"] == standing


def test_days_of_one_session_are_no_gaps() -> None:
    """Three days of talks each quarter are a rhythm of quarters."""
    quarters = [dt.date(2020, 1, 1) + dt.timedelta(days=90 * i) for i in range(6)]
    days = [q + dt.timedelta(days=k) for q in quarters for k in range(3)]
    assert 88.0 == rhythm(days, days[-1]).usual_days


def test_few_contacts_say_nothing_of_a_rhythm() -> None:
    """No contact, four, and routine traffic are told as what they are."""
    day = dt.date(2021, 1, 1)
    assert "never" == rhythm([], day).standing
    assert "too few to say" == rhythm(EVERY_TEN_DAYS[:4], day).standing
    assert "routine" == rhythm(EVERY_TEN_DAYS, day, is_routine=True).standing


def test_the_channel_of_leaders_on_the_day_of_the_summit(
    singapore: dict[str, ChannelWatch],
) -> None:
    """Both leaders hold it, and either takes most of the tie with him."""
    found = singapore["SUM"]
    assert dt.date(2018, 6, 12) == found.rhythm.last_contact
    assert [("D. Trump", False), ("J.U. Kim", True)] == [
        (h.name, h.is_theirs) for h in found.holders
    ]
    case = oc.load("korea")
    lost = {h.is_theirs: h.at_stake for h in found.holders}
    assert lost[True] == pytest.approx(found.strength * (1 - case.parameters["iota_D"]["SUM"]))
    assert lost[False] == pytest.approx(found.strength * (1 - case.parameters["iota_U"]["SUM"]))


def test_ties_fade_by_their_half_life(singapore: dict[str, ChannelWatch]) -> None:
    """A year is 52 weeks of decay; the day of fading is when the floor is reached."""
    found = singapore["INT"]
    half_life = oc.load("korea").parameters["HL"]["INT"]
    assert found.in_a_year == pytest.approx(found.strength * 0.5 ** (52 / half_life))
    assert found.fades_on is not None
    weeks = (found.fades_on - dt.date(2018, 6, 12)).days / 7
    assert found.strength * np.exp2(-weeks / half_life) == pytest.approx(0.1, abs=0.001)


def test_services_share_a_tie(singapore: dict[str, ChannelWatch]) -> None:
    """Each of three services on the other side holds a third of the intelligence channel."""
    theirs = [h.at_stake for h in singapore["INT"].holders if h.is_theirs]
    assert 3 == len(theirs)
    assert theirs == pytest.approx([theirs[0]] * 3)


def test_the_envoys_are_silent_at_the_end_of_the_record() -> None:
    """The last senior contact was in October 2019, the post of envoy is empty."""
    found = on("2025-06-30")["SEN"]
    assert ("silent", dt.date(2019, 10, 5)) == (found.rhythm.standing, found.rhythm.last_contact)
    assert "" == next(h.name for h in found.holders if h.office_id == "U-SRNK")
    assert found.fades_on is None
