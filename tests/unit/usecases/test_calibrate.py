"""The table of historical moments: targets, record and model side by side."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from openchannel.calibration import moments as simulation
from openchannel.calibration.moments import SimulatedMoment
from openchannel.calibration.record_targets import TARGETS
from openchannel.errors import UserError
from openchannel.usecases.cases import load
from openchannel.usecases.history.calibrate import MomentRow, MomentTable, moments

Rows = dict[str, MomentRow]


@pytest.fixture(scope="module")
def table() -> MomentTable:
    return moments(load("korea"), futures=0)


@pytest.fixture
def rows(table: MomentTable) -> Rows:
    return {r.id: r for r in table.rows}


def test_every_target_has_one_row_in_the_order_of_the_specification(table: MomentTable) -> None:
    """Other periods and lags stand behind the last of their family, and none is lost or doubled."""
    assert [t.id for t in TARGETS] == [r.id for r in table.rows if not r.variant]
    ids = [r.id for r in table.rows]
    assert len(ids) == len(set(ids))
    assert ids.index("H4.4") < ids.index("H4.3") < ids.index("H5")
    assert ids.index("H1") < ids.index("H1.2019") < ids.index("H2.2")


def test_the_record_is_held_against_the_band_where_both_speak_of_one_thing(rows: Rows) -> None:
    """A gap in years is not held against a chance; bounds are not held against a share."""
    assert rows["H1"].recorded_in_band is True
    assert rows["H2.2"].recorded_in_band is False
    assert rows["H10"].recorded_in_band is True  # a band open below
    for moment in ("H11", "H12", "H20", "H21", "H22", "H15.closed", "H23.2019"):
        assert rows[moment].recorded_in_band is None
    assert rows["H11"].is_of_model_only


def test_parts_are_held_against_the_band_only_where_there_is_no_whole(rows: Rows) -> None:
    """H6 is given by period alone; H1 by period and as a whole."""
    assert rows["H6"].recorded is None
    assert rows["H6.2012"].recorded_in_band is True
    assert not rows["H1.2022"].has_band


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[SimulatedMoment]], None]:
    """Put moments in the place of a simulation."""

    def put(found: list[SimulatedMoment]) -> None:
        monkeypatch.setattr(simulation, "simulated_moments", lambda *_: found)

    return put


def test_the_model_stands_beside_the_record(
    simulated: Callable[[list[SimulatedMoment]], None],
) -> None:
    """With error, note and band; a number that is not defined is told as none."""
    simulated(
        [
            SimulatedMoment("H1", 17.0, 0.1),
            SimulatedMoment("H3", 2.0, 0.1, "too wide"),
            SimulatedMoment("H5", float("nan"), float("nan")),
        ]
    )
    table = moments(load("korea"), futures=10)
    found = {r.id: r for r in table.rows}
    assert table.has_simulation
    assert (17.0, 0.1, True) == (
        found["H1"].simulated,
        found["H1"].simulated_error,
        found["H1"].simulated_in_band,
    )
    assert (False, "too wide") == (found["H3"].simulated_in_band, found["H3"].simulated_note)
    assert (None, None) == (found["H5"].simulated, found["H5"].simulated_in_band)
    json.dumps(table.as_dict(), allow_nan=False)


@pytest.mark.parametrize(("futures", "seed"), [(1, 1), (-3, 1), (10, -1), (10, 2**64)])
def test_sizes_out_of_bounds_are_refused(futures: int, seed: int) -> None:
    """Before anything is read."""
    with pytest.raises(UserError):
        moments("korea", futures=futures, seed=seed)
