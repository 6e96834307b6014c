"""Axes of belief, and the red team on a model whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from openchannel.analysis.belief_axes import axes_of, world_at
from openchannel.analysis.redteam import Team
from openchannel.analysis.redteam_sides import Side, Sizes, sides_of
from openchannel.domain import Case
from openchannel.kernel.keys import Column, Scalar
from openchannel.model import central_beliefs, world_beliefs

from .short_case import one_year


@pytest.fixture(scope="module")
def case() -> Case:
    return one_year()


# --- axes -----------------------------------------------------------------------------------


def test_every_axis_returns_to_the_place_it_was_asked_for(case: Case):
    """Place to number and back, at the ends and between."""
    for axis in axes_of(case):
        low, high = axis.limits
        for place in (low, 0.6 * low, 0.0, 0.3 * high, high):
            assert axis.place(axis.value(place)) == pytest.approx(place, abs=1e-9), axis.name


def test_the_ends_of_an_axis_are_the_ends_of_the_range(case: Case):
    """Even in the logarithm for multipliers; common factors and shares have no axis."""
    axes = {a.name: a for a in axes_of(case)}
    assert (axes["gamma_D"].value(-1), axes["gamma_D"].value(1)) == pytest.approx((-0.15, 0.9))
    assert axes["q01_times"].value(0.5) == pytest.approx(math.sqrt(2.5))
    assert axes["iota_D_plus"].value(0) == 0.0
    assert "omega_risk" not in axes
    assert not [name for name in axes if name.startswith("p_sev")]


@pytest.mark.parametrize("held", [False, True])
def test_moved_beliefs_stand_where_the_axes_say(case: Case, held: bool):
    """Set, multiplied and shifted; everything else at its default."""
    axes = axes_of(case)
    places = {"gamma_D": -1.0, "rho_times": -0.5, "iota_D_plus": 0.4, "fb_times": 1.0}
    world = world_at(axes, [places.get(a.name, 0.0) for a in axes], held=held)
    central = central_beliefs(case)
    view = world_beliefs(case, world, central)
    changed = np.flatnonzero(view.par != central.par).tolist()
    assert sorted([Scalar.gamma_D, Scalar.fb3, Scalar.fb4]) == changed
    assert view.par[Scalar.gamma_D] == pytest.approx(-0.15)
    assert view.par[Scalar.fb3] == pytest.approx(3.0 * central.par[Scalar.fb3])
    rho = 1.0 - 0.5 * 0.5
    assert view.ch[:, Column.rho] == pytest.approx(rho * central.ch[:, Column.rho])
    shifted = np.minimum(central.ch[:, Column.iota_D] + 0.1, 1.0)
    assert view.ch[:, Column.iota_D] == pytest.approx(shifted)


# --- the red team ---------------------------------------------------------------------------


class Known(Team):
    """A team whose losses are a plane in the beliefs, with luck of a known size.

    Isolation gains `SLOPES` a range unit against both rivals and begins behind them.
    """

    SLOPES = {"gamma_D": -0.06, "zeta": 0.08, "p_dec": 0.002}
    BEHIND = {"P0": 0.01, "P7": 0.03}
    NOISE = 0.002

    def levels(self, points, purpose, replicates, told=None):
        gain = sum(s * points[:, self.at(name)] for name, s in self.SLOPES.items())
        draw = np.random.default_rng(len(purpose))
        luck = draw.normal(0.0, self.NOISE, (64, 1, 1)) * np.ones((64, len(points), 1))
        loss = {"P0": 0 * gain, "P7": 0 * gain, "P1": -gain}
        base = {"P0": 1.0, "P7": 1.0 + self.BEHIND["P0"] - self.BEHIND["P7"],
                "P1": 1.0 + self.BEHIND["P0"]}  # fmt: skip
        out = np.zeros((64, len(points), 3, 2))
        for x, policy in enumerate(self.luck.policies):
            out[:, :, x, 0] = 1e4 * (base[policy] + loss[policy])
            if policy == "P1":
                out[:, :, x, 0] += 1e4 * luck[..., 0]
        out[..., 1] = out[..., 0] * 1e-6
        return out

    def _in_ranges(self, point, replicates):
        return self.levels(point[None], "ranges", replicates)

    def at(self, name: str) -> int:
        return next(i for i, a in enumerate(self.axes) if a.name == name)


@pytest.fixture(scope="module")
def team(case: Case) -> Known:
    return Known(case, 1, Sizes.of(8192))


def test_the_nearest_beliefs_of_a_plane_are_found_and_confirmed(case: Case, team: Known):
    """Needed: .03 + .01 of margin; |slopes| .1 (with the two that matter), so .4 range units."""
    side = sides_of(case)[0]
    assert side == Side("for", "The strongest case for isolation", "P1", ("P0", "P7"))
    result = team.make_case(side, team.screen(), 0.01)
    assert {b.axis.name for b in result.beliefs} == {"gamma_D", "zeta"}
    places = {b.axis.name: b.place for b in result.beliefs}
    assert places["gamma_D"] < 0 < places["zeta"]
    # Two standard errors of luck (.0005) are asked for on top of the margin.
    assert result.distance == pytest.approx(0.4, rel=0.05)
    assert result.is_confirmed
    assert result.holds_in_ranges
    assert result.tested["P7"].mean == pytest.approx(0.01, abs=0.002)
    assert result.tested["P0"].mean == pytest.approx(0.03, abs=0.002)
    assert result.at_defaults["P7"].mean == pytest.approx(-0.03, abs=0.001)


def test_luck_that_the_defaults_share_is_taken_out(case: Case):
    """Margins that luck moves by 1, 2 and -1 of one factor are told exactly; others' luck stays."""
    team = Known(case, 1, Sizes.of(8192))
    side = sides_of(case)[1]
    z = np.random.default_rng(4).normal(0.3, 1.0, 64)

    def levels(margins: list[float], slopes: list[float], luck: np.ndarray) -> np.ndarray:
        out = np.full((64, len(margins), 3, 2), 1e4)
        gain = np.array(margins) + 0.01 * np.array(slopes) * luck[:, None]
        out[:, :, team.luck.policies.index(side.policy), 0] -= 1e4 * gain
        return out

    team.__dict__["_anchor"] = levels([0.05], [0.0], z)
    shared = levels([0.05, 0.06, 0.08, 0.02], [1.0, 1.0, 2.0, -1.0], z)
    means, errors = team._steadied(side, shared)
    assert means[:, 0] == pytest.approx([0.06, 0.08, 0.02], abs=1e-12)
    assert errors == pytest.approx(np.zeros((3, 1)), abs=1e-12)
    other = np.random.default_rng(5).normal(0.0, 1.0, 64)
    apart = np.concatenate([shared[:, :1], levels([0.06], [1.0], other)], axis=1)
    _, errors = team._steadied(side, apart)
    assert errors[0, 0] == pytest.approx(0.01 / 8, rel=0.3)


def test_numbers_found_can_be_written_down(case: Case, team: Known):
    """Three significant digits, so that the file says what was tested."""
    result = team.make_case(sides_of(case)[0], team.screen(), 0.01)
    for belief in result.beliefs:
        assert belief.value == pytest.approx(float(f"{belief.value:.3g}"), rel=1e-12)


def test_a_margin_beyond_the_ranges_is_not_found(case: Case, team: Known):
    """All three beliefs at their ends give .142 - .03; a margin of .2 is out of reach."""
    result = team.make_case(sides_of(case)[0], team.screen(), 0.2)
    assert not result.is_found
    assert not result.is_confirmed
    assert result.tested == {}
    assert 0.1 < result.best < 0.12
    assert not any(reached for _, _, reached in result.by_size)


def test_a_margin_that_the_defaults_reach_is_doubled_until_they_do_not(case: Case, team: Known):
    """Engagement beats isolation by .03 at the defaults: 1 % becomes 4 %."""
    result = team.make_case(sides_of(case)[1], team.screen(), 0.01)
    assert result.asked == 0.01
    assert result.target == pytest.approx(0.04)
    assert {b.axis.name for b in result.beliefs} <= {"gamma_D", "zeta"}
    assert result.distance == pytest.approx(0.01 / 0.1, rel=0.35)
    assert result.is_confirmed


def test_real_futures_run_through_every_step(case: Case, monkeypatch: pytest.MonkeyPatch):
    """Three axes of the real model: the same seed gives the same result, another another."""
    few = tuple(a for a in axes_of(case) if a.name in ("gamma_D", "zeta", "rho_times"))
    monkeypatch.setattr("openchannel.analysis.redteam.axes_of", lambda _: few)
    results, levels = [], []
    for _ in range(2):
        team = Team(case, 1, Sizes(64, 64, 64, 64, 64), threads=2)
        results.append(team.make_case(sides_of(case)[1], team.screen(), 1e-4))
        levels.append(team.levels(np.zeros((1, 3)), "test", 64))
    assert repr(results[0]) == repr(results[1])
    assert np.array_equal(levels[0], levels[1])
    other = Team(case, 2, Sizes(64, 64, 64, 64, 64)).levels(np.zeros((1, 3)), "test", 64)
    assert not np.array_equal(levels[0], other)
    assert all(abs(b.place) <= 1.0 for b in results[0].beliefs)
