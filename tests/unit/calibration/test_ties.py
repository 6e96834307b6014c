"""Reliability against the oracles of the specification, and the ties of the record."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import openchannel.errors
from openchannel.calibration.tie_equations import (
    TieInputs,
    effective_channels,
    live_channels,
    reliability,
)
from openchannel.calibration.ties import TieHistory, historical_receptivity, tie_history
from openchannel.domain import Parameter
from openchannel.evidence import Record

BUILT_IN = Path(openchannel.errors.__file__).parent / "cases/korea/evidence"
CHANNELS = ("SUM", "SEN", "NYC", "DEF", "GOT", "UNC", "JRO", "INT", "T15", "HUM", "THP")
COLUMNS = {
    "auth": (1, 0.7, 0.45, 0.65, 0.5, 0.35, 0.25, 0.75, 0.2, 0.15, 0.3),
    "rho": (0.5, 0.5, 0.75, 0.6, 0.65, 0.9, 0.6, 0.65, 0.7, 0.6, 0.7),
    "tau": (72, 48, 24, 24, 36, 2, 72, 12, 120, 120, 36),
    "g": (0.25, 0.1, 0.05, 0.08, 0.08, 0.004, 0.08, 0.12, 0.06, 0.05, 0.02),
    "HL": (104, 78, 52, 78, 78, 104, 52, 78, 78, 52, 104),
    "iota_D": (0.2, 0.4, 0.6, 0.4, 0.5, 0.9, 0.6, 0.4, 0.7, 0.7, 0.8),
    "iota_U": (0.1, 0.4, 0.6, 0.5, 0.5, 0.9, 0.7, 0.5, 0.9, 0.8, 0.8),
}
SCALARS = {"psi0": 0.35, "psi1": 0.7, "psi2": 1.0, "b0": 0.35, "b1": 0.9, "q_cc": 0.35,
           "q_tie": 0.3}  # fmt: skip
A1 = TieInputs(
    CHANNELS,
    **{k: np.array(v, dtype=np.float64) for k, v in COLUMNS.items()},  # type: ignore[arg-type]
    psi=(0.35, 0.7, 1.0), b0=0.35, b1=0.9, q_cc=0.35, q_tie=0.3, routine={"UNC": 100},
)  # fmt: skip
START_OPEN = np.isin(CHANNELS, ["NYC", "UNC", "T15", "THP"])
START_TIES = np.array([0.15, 0.05, 0.10, 0, 0.03, 0.30, 0.02, 0.10, 0.05, 0.02, 0.30])


@pytest.fixture(scope="module")
def korea() -> Iterator[Record]:
    with Record.open(BUILT_IN) as record:
        yield record


@pytest.fixture(scope="module")
def history(korea: Record) -> TieHistory:
    return tie_history(korea, A1)


def test_oracles_of_the_start_state() -> None:
    """E2.7: .0624, .1212, .1690 by receptivity."""
    found = [reliability(START_OPEN, START_TIES, r, 24.0, A1) for r in range(3)]
    assert [0.0624, 0.1212, 0.1690] == pytest.approx(found, abs=5e-5)


def test_oracles_of_all_channels_open() -> None:
    """E2.7: .2018, .3522, .4489 with every tie at one half."""
    half = np.full(11, 0.5)
    found = [reliability(np.ones(11, bool), half, r, 24.0, A1) for r in range(3)]
    assert [0.2018, 0.3522, 0.4489] == pytest.approx(found, abs=5e-5)


def test_oracle_of_equal_channels() -> None:
    """E2.7: p = .2, k = 5, q = .35 give .43701."""
    ones = np.ones(5)
    inputs = TieInputs(
        tuple("abcde"), ones, np.full(5, 0.4), ones, ones, ones, ones, ones,
        (0.0, 0.5, 1.0), 1.0, 1.0, 0.35, 0.0,
    )  # fmt: skip
    found = reliability(np.ones(5, bool), np.zeros(5), 2, 1.0, inputs)  # 1 - 2^-1 of .4
    assert found == pytest.approx(0.43701, abs=5e-6)


def test_reliability_grows_with_all_that_should_help_and_saturates() -> None:
    """In the deadline, in open lines, in ties, in receptivity; bounded by 1 - q."""
    every = np.ones(11, bool)
    half = np.full(11, 0.5)
    base = reliability(START_OPEN, START_TIES, 1, 24.0, A1)
    assert reliability(START_OPEN, START_TIES, 1, 0.0, A1) == 0.0
    assert base < reliability(START_OPEN, START_TIES, 1, 48.0, A1)
    assert base < reliability(every, START_TIES, 1, 24.0, A1)
    assert base < reliability(START_OPEN, half, 1, 24.0, A1)
    assert base < reliability(START_OPEN, START_TIES, 2, 24.0, A1)
    assert reliability(every, np.ones(11), 2, 1e9, A1) < 1 - 0.35 * 0.7


def test_effective_channels() -> None:
    """Equal ties count one each; closed lines and empty ties not at all."""
    ones = np.ones(4)
    assert effective_channels(np.ones(4, bool), ones, ones) == pytest.approx(4.0)
    assert effective_channels(np.array([True, False, False, False]), ones, ones) == 1.0
    assert effective_channels(np.ones(4, bool), np.zeros(4), ones) == 0.0


def test_live_channels_need_all_three() -> None:
    """Open, a tie of .1 and an authority of .4."""
    live = live_channels(np.ones(11, bool), np.full(11, 0.1), A1)
    assert {"SUM", "SEN", "NYC", "DEF", "GOT", "INT"} == set(np.array(CHANNELS)[live])
    assert not live_channels(np.zeros(11, bool), np.ones(11), A1).any()


def test_history_covers_the_record(history: TieHistory) -> None:
    """Weeks of 1988 to mid-2025; every array over the same weeks."""
    n = len(history.weeks)
    assert np.datetime64("1988-01-04") == history.weeks[0]
    assert np.datetime64("2025-06-23") == history.weeks[-1]
    assert (n, 11) == history.s.shape == history.open_lines.shape == history.live.shape
    assert (n, 3) == history.rel24.shape
    assert (n,) == history.k_eff.shape == history.rel24_historical.shape
    assert ((history.s >= 0) & (history.s <= 1)).all()
    assert (np.diff(history.rel24, axis=1) > 0).all()


def test_history_has_the_shape_of_the_record(history: TieHistory) -> None:
    """Thick in 1999 and 2018, one line left after 2021, nothing authoritative alive."""
    year = history.weeks.astype("datetime64[Y]").astype(int) + 1970
    rel = {y: history.rel24_historical[year == y].mean() for y in (1991, 1999, 2015, 2018, 2022)}
    assert rel[1999] > 3 * rel[1991]
    assert rel[2015] < rel[2022] < rel[2018]
    assert history.live_count[year == 2018].mean() > 2
    assert (history.live_count[year >= 2021] == 0).all()
    assert history.k_eff[year == 1995].mean() > 2.0
    assert history.k_eff[year == 2022].mean() < 1.1


def test_the_line_stays_tied_while_all_else_is_closed(history: TieHistory) -> None:
    """H12: strength of the UNC tie is .3 or more while receptivity is 0, since it reopened."""
    line = CHANNELS.index("UNC")
    late = (history.weeks >= np.datetime64("2020-01-01")) & (history.receptivity == 0)
    assert (history.s[late, line] >= 0.3).all()
    cut = (history.weeks > np.datetime64("2013-04-01")) & (
        history.weeks < np.datetime64("2018-07-01")
    )
    assert not history.open_lines[cut, line].any()


def test_each_channel_says_where_it_stands(history: TieHistory) -> None:
    """Only the line and the third party are open; no senior contact for five years."""
    found = {c.id: c for c in history.by_channel}
    assert {"UNC", "THP"} == {c for c, h in found.items() if h.is_open}
    assert found["SEN"].last_contact == dt.date(2019, 10, 5)
    assert found["SEN"].contacts_last_5_years == 0
    assert found["DEF"].contacts == 1
    assert found["UNC"].strength > 0.4
    assert all(h.strength < 0.02 for c, h in found.items() if c != "UNC")


def test_contacts_and_remainder_are_the_whole_table(korea: Record, history: TieHistory) -> None:
    """No contact is lost: 253 rows are either in a channel or listed with a reason."""
    assert 253 == history.contacts_per_year.sum() + len(history.remainder)
    assert all(": " in reason for _, reason in history.remainder)
    assert (
        history.contacts_per_year[history.years.index(2018)].sum()
        == len([r for r in korea.list("contacts", since="2018", until="2018-12-31")
                if r["channel_code"] and r["standing"] != "none"])
    )  # fmt: skip


def test_receptivity_follows_its_rule(korea: Record) -> None:
    """Open for 13 weeks after the summit of June 2019 and the talks after it, then down."""
    start = dt.date(2019, 10, 7)
    state = historical_receptivity(korea, start, 60).tolist()
    assert state[:12] == [2] * 12  # Stockholm, 5 October 2019
    assert state[12:23] == [1] * 11
    assert state[23] == 2  # letter of March 2020
    assert state[-1] == 0


def test_turnover_costs_what_its_share_says(korea: Record) -> None:
    """With full retention nobody is missed; with none every departure ends the tie."""
    ones, zeros = np.ones(11), np.zeros(11)
    kept = tie_history(korea, replace(A1, iota_D=ones, iota_U=ones))
    lost = tie_history(korea, replace(A1, iota_D=zeros, iota_U=zeros))
    now = tie_history(korea, A1)
    assert (lost.s <= now.s + 1e-12).all()
    assert (now.s <= kept.s + 1e-12).all()
    assert (lost.s[:, CHANNELS.index("THP")] == kept.s[:, CHANNELS.index("THP")]).all()


class _Policy:
    cadence = {"UNC": 100.0, "NYC": 6.0}  # noqa: RUF012


class _Channel:
    def __init__(self, code: str) -> None:
        self.id = code


class _Case:
    """As much of a case as the inputs ask for."""

    channels = [_Channel(c) for c in CHANNELS]  # noqa: RUF012
    status_quo = "P0"

    def __init__(self) -> None:
        def parameter(key: str, elements: tuple[str, ...], values: tuple[float, ...]) -> Parameter:
            return Parameter(key, "ties", key, "", "C", elements, values, (0, 1e9))

        self.parameters = {
            k: parameter(k, CHANNELS, tuple(float(x) for x in v)) for k, v in COLUMNS.items()
        } | {k: parameter(k, ("",), (v,)) for k, v in SCALARS.items()}

    def policy(self, _id: str) -> _Policy:
        return _Policy()


@pytest.mark.parametrize("indexed", [False, True])
def test_inputs_come_from_a_case(indexed: bool) -> None:
    """By channel and key, in the case's order; psi as one indexed parameter or as three."""
    case = _Case()
    if indexed:
        for i in range(3):
            del case.parameters[f"psi{i}"]
        case.parameters["psi"] = Parameter(
            "psi", "ties", "", "", "C", ("0", "1", "2"), (0.35, 0.7, 1.0), (0, 1)
        )
    inputs = TieInputs.from_case(case)  # type: ignore[arg-type]
    assert {"UNC": 100.0} == inputs.routine
    assert reliability(START_OPEN, START_TIES, 0, 24.0, inputs) == reliability(
        START_OPEN, START_TIES, 0, 24.0, A1
    )
