"""What the record says about the historical moments, against the printed figures."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import openchannel.errors
from openchannel.calibration.record import historical_moments
from openchannel.calibration.record_association import (
    Association,
    dialogue_association,
    mantel_haenszel,
    year_jackknife,
)
from openchannel.calibration.record_moment import (
    Moment,
    autocorrelation,
    poisson_interval,
    share_interval,
)
from openchannel.calibration.record_targets import TARGETS
from openchannel.evidence import Record

BUILT_IN = Path(openchannel.errors.__file__).parent / "cases/korea/evidence"


@pytest.fixture(scope="module")
def korea() -> Iterator[Record]:
    with Record.open(BUILT_IN) as record:
        yield record


@pytest.fixture(scope="module")
def moments(korea: Record) -> dict[str, Moment]:
    return {m.id: m for m in historical_moments(korea)}


@pytest.fixture(scope="module")
def associations(korea: Record) -> dict[str, Association]:
    return {a.id: a for a in dialogue_association(korea)}


@pytest.mark.parametrize(
    ("moment", "printed", "half_digit"),
    [
        # J1, project coding
        ("H1", 18.6, 0.05),
        ("H2.2", 0.355, 0.0005),
        ("H2.3", 0.470, 0.0005),
        ("H2.4", 0.100, 0.0005),
        ("H2.5", 0.076, 0.0005),
        ("H3", 1.27, 0.005),
        ("H4.1", 0.35, 0.005),
        ("H4.2", 0.30, 0.0055),  # .3052
        ("H4.3", 0.23, 0.005),
        ("H4.4", 0.15, 0.005),
        ("H4.8", 0.10, 0.005),
        ("H5", 11.4, 0.05),
        # E1, where the record and not the older list is the source
        ("H7", 3.9, 0.05),
        ("H8", 0.36, 0.005),
        ("H9", 30.0, 0.5),
        ("H10", 0.0, 0.0),
        ("H11", 9.4, 0.05),
        ("H16", 2.09, 0.005),
        ("H18", 3.90, 0.005),
        # second reading
        ("H13", 4.0, 0.05),
        ("H15", 9.5 / 7, 0.01),
        ("H15.1990", 28.4 / 8, 0.01),
        ("H15.closed", 4.0, 0.05),
        ("H16.title", 2.33, 0.005),
        ("H19", 0.76, 0.005),
        ("H19.1996", 0.23, 0.005),
        ("H19.ban", 0.26, 0.006),
    ],
)
def test_printed_figures_are_met(
    moments: dict[str, Moment], moment: str, printed: float, half_digit: float
) -> None:
    """Within half a unit of the last printed digit."""
    assert moments[moment].value == pytest.approx(printed, abs=half_digit)


def test_intervals_are_those_of_the_second_reading(moments: dict[str, Moment]) -> None:
    """Crises a decade 2.0 to 7.0; share lethal .11 to .69; phone cut .30 to 1.52 a year."""
    crises, lethal, phone = moments["H7"], moments["H8"], moments["H15"]
    assert (crises.low, crises.high) == pytest.approx((2.0, 7.0), abs=0.05)
    assert (lethal.low, lethal.high) == pytest.approx((0.11, 0.69), abs=0.005)
    assert phone.low is not None
    assert phone.high is not None
    assert (1 / phone.high, 1 / phone.low) == pytest.approx((0.30, 1.52), abs=0.01)


def test_figures_that_the_record_does_not_meet_stay_as_measured(
    moments: dict[str, Moment],
) -> None:
    """Stated, not hidden: spread of crisis lengths, time closed, meetings by period."""
    assert moments["H9.spread"].value == pytest.approx(2.98, abs=0.01)  # E1 asks for 4 or more
    closed, not_open = moments["H21"].value, moments["H21.senior"].value
    assert (closed, not_open) == pytest.approx((0.238, 0.609), abs=0.001)  # E1: .5 to .65
    assert moments["H19.2009"].n == 15  # persons; 14 cases make the 1.6 a year of the reading
    meetings = [moments[f"H23.{y}"].n for y in (1990, 1993, 2019)]
    assert meetings == [4, 13, 0]  # E1 prints 7, 19, 0 from another source


def test_every_moment_has_a_place_in_the_specification(moments: dict[str, Moment]) -> None:
    """Ids belong to targets; what the record cannot give says why."""
    ids = {t.id.partition(".")[0] for t in TARGETS}
    assert {m.partition(".")[0] for m in moments} <= ids
    assert all(m.note for m in moments.values() if m.value is None)
    assert {f"H{i}" for i in range(1, 24)} == ids


def test_a_record_that_ends_early_says_so(korea: Record, tmp_path: Path) -> None:
    """Periods that lie after the end have no value, and nothing is made up for them."""
    korea.export(tmp_path / "early", "csv")
    for name in ("provocations", "contacts"):
        path = tmp_path / "early" / f"{name}.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        column = 1  # start or date
        kept = [x for x in lines[1:] if x.split(",")[column] < "1995"]
        path.write_text("".join([lines[0], *kept]), encoding="utf-8")
    with Record.open(tmp_path / "early") as early:
        found = {m.id: m for m in historical_moments(early)}
        assert found["H1"].value is None
        assert found["H19.ban"].value is None
        assert found["H23.1993"].n == 13
        assert all(m.note for m in found.values() if m.value is None)


def test_targets_have_ordered_bands() -> None:
    """Low below high, and the printed value inside unless the specification says otherwise."""
    for t in TARGETS:
        if t.low is not None and t.high is not None:
            assert t.low < t.high
            assert t.value is None or t.low <= t.value <= t.high


def test_exact_intervals() -> None:
    """Against closed forms: no event in 1 year, 0 of 8, all of 3."""
    assert poisson_interval(0) == pytest.approx((0.0, -np.log(0.025)))
    assert share_interval(0, 8) == pytest.approx((0.0, 1 - 0.025 ** (1 / 8)))
    assert share_interval(3, 3) == pytest.approx((0.025 ** (1 / 3), 1.0))


def test_autocorrelation_of_a_known_series() -> None:
    """Alternation has -1 at lag 1 and 1 at lag 2; a constant has none."""
    series = np.tile([0, 2], 50).astype(np.int64)
    assert (autocorrelation(series, 1), autocorrelation(series, 2)) == pytest.approx((-1.0, 1.0))
    assert np.isnan(autocorrelation(np.ones(5, np.int64), 1))
    assert np.isnan(autocorrelation(series, 100))


def test_mantel_haenszel_by_hand() -> None:
    """Two strata with the ratio 1/2 each give 1/2, whatever their levels."""
    events = np.array([1, 2, 10, 20], np.int64)
    exposed = np.array([True, False, True, False])
    strata = np.array([1, 1, 2, 2], np.int64)
    ratio, low, high = mantel_haenszel(events, exposed, strata)
    assert ratio == pytest.approx(0.5)
    assert np.log(high / ratio) == pytest.approx(1.96 * np.sqrt((33 / 4) / (5.5 * 11)), rel=1e-4)
    assert low < 0.5 < high
    crossed = mantel_haenszel(events, exposed, np.arange(4))
    assert all(np.isnan(v) for v in crossed)


def test_the_jackknife_leaves_out_each_year_that_tells() -> None:
    """Against the ratio without each year; a year with weeks of one kind only is none of them."""
    rng = np.random.default_rng(2)
    strata = np.repeat(np.arange(6), 20)
    exposed = rng.random(120) < 0.4
    exposed[:20] = True
    events = rng.poisson(np.where(exposed, 0.3, 0.9)).astype(np.int64)
    ratio = mantel_haenszel(events, exposed, strata)[0]
    kept = [strata != year for year in range(1, 6)]
    logs = np.log([mantel_haenszel(events[k], exposed[k], strata[k])[0] for k in kept])
    spread = np.sqrt(4 / 5 * ((logs - logs.mean()) ** 2).sum())
    wanted = ratio * np.exp(1.96 * spread * np.array([-1, 1]))
    assert year_jackknife(events, exposed, strata) == pytest.approx(wanted, rel=1e-4)
    few = strata < 3  # one that tells nothing, and two
    assert np.isnan(year_jackknife(events[few], exposed[few], strata[few])).all()


def test_association_is_that_of_the_evidence_readme(
    associations: dict[str, Association],
) -> None:
    """1,059 weeks near a contact, 793 not; .092 against .335 (.329 here); .77 within years.

    The README counted the raw older list; the record holds 358 of its 363 events.
    """
    found = associations["as_printed"]
    assert (found.weeks_with, found.weeks_without) == (1059, 793)
    assert found.rate_with == pytest.approx(0.092, abs=0.0005)
    assert found.rate_without == pytest.approx(0.335, abs=0.007)
    assert found.stratified == pytest.approx(0.77, abs=0.005)


def test_military_contacts_show_nothing(associations: dict[str, Association]) -> None:
    """README: 45 contacts, .106 against .218, ratio 1.02; the channel rules place 43 of them."""
    found = associations["military_as_printed"]
    assert found.n_contacts == 43
    assert (found.rate_with, found.rate_without) == pytest.approx((0.106, 0.218), abs=0.006)
    assert found.stratified == pytest.approx(1.02, abs=0.05)


def test_no_interval_leaves_out_one_and_each_says_it_is_no_effect(
    associations: dict[str, Association],
) -> None:
    """The sign is not stable, forwards or backwards in time."""
    for found in associations.values():
        assert found.low < 1.0 < found.high
        assert found.wide_low < 1.0 < found.wide_high
        assert "not an effect" in found.note
    before, after = associations["contact_before"], associations["contact_after"]
    assert before.ratio < 1.0
    assert after.ratio < 1.0  # contacts that came later cannot have caused it
