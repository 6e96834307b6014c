"""Sweeps on a stand-in for the simulator whose gains are a formula, and once on the real one."""

from __future__ import annotations

import numpy as np
import pytest

from openchannel.analysis.one_way import survey
from openchannel.analysis.pairs import choose_pairs, contour, map_pairs
from openchannel.analysis.sweeps import Sweeps, SweepSizes, widened
from openchannel.kernel.keys import Scalar

from .short_case import one_year

SIZES = SweepSizes(known=4096, screen=512, near=2048, grid=256, draws=32, each=8)


class Formula:
    """Losses by formula: the gain is 100 + 400 (gamma_D - 0.22) - 300 (zeta - 0.1), with luck.

    Its threshold in gamma_D, all else at the default, is -0.03; in zeta it is 0.4333.
    """

    def __init__(self, noise: float) -> None:
        self.noise = noise

    def means(self, jobs, told=None):
        return [self._mean(j) for j in jobs]

    def _mean(self, job):
        luck = np.random.default_rng([job.seed, job.first]).normal(size=2)
        size = self.noise / np.sqrt(job.n)
        gamma, zeta = job.beliefs.par[:, Scalar.gamma_D], job.beliefs.par[:, Scalar.zeta]
        gain = 100 + 400 * (gamma - 0.22) - 300 * (zeta - 0.1)
        gain = gain + size * (luck[0] + 0.1 * luck[1] * gamma)
        loss = np.full((len(gamma), 3), 5000.0)  # baseline, isolation, policy
        loss[:, 1] += 50.0
        loss[:, 2] -= gain
        return loss[..., None]


@pytest.fixture
def sweeps() -> Sweeps:
    made = Sweeps(one_year(), "P7", ("P0", "P1"), 1, SIZES)
    made._luck = Formula(200.0)
    return made


def test_thresholds_of_a_formula_are_found(sweeps: Sweeps) -> None:
    """Both beliefs that matter, against both rivals, within three of their errors; and no other."""
    found = survey(sweeps)
    by_name = {b.axis.name: b for b in found.beliefs}
    assert [b.axis.name for b in found.beliefs[:2]] == ["gamma_D", "zeta"]
    truth = {("gamma_D", 0): -0.03, ("gamma_D", 1): -0.155, ("zeta", 0): 0.43333, ("zeta", 1): 0.6}
    for (name, rival), value in truth.items():
        belief = by_name[name]
        t = belief.central[rival].threshold
        place = belief.axis.place(value)
        if abs(place) <= 0.95:
            assert t.status == "crosses"
            assert abs(t.place - place) < 3 * t.error
            assert t.error < 0.1
    assert all(b.central[0].threshold.status == "none" for b in found.beliefs[2:])
    assert {b.axis.name for b in found.beliefs if b.drawn} >= {"gamma_D", "zeta"}


def test_an_end_that_the_short_run_cannot_tell_is_run_again(sweeps: Sweeps) -> None:
    """Against isolation the gain at the low end of gamma_D is 2: neither sign is claimed unless
    two standard errors allow it."""
    belief = next(b for b in survey(sweeps).beliefs if b.axis.name == "gamma_D")
    gain, error = belief.central[1].profile.mean[0], belief.central[1].profile.error[0]
    status = belief.central[1].threshold.status
    assert status == ("none" if gain > 2 * error else "not_told") or abs(gain) < 3 * error


def test_drawn_readings_hold_the_belief_and_draw_the_rest(sweeps: Sweeps) -> None:
    """The gain averaged over the drawn zeta, at gamma_D held, is the formula at zeta's mean."""
    axis = next(a for a in sweeps.axes if a.name == "gamma_D")
    sweeps._luck = Formula(0.0)
    (profiles,) = sweeps.drawn([(axis, (-1.0, 0.0, 1.0))])
    slope = np.diff(profiles[0].mean) / np.diff([axis.low, axis.central, axis.high])
    assert slope == pytest.approx([400.0, 400.0])


def test_a_factor_moves_the_beliefs_that_share_it(sweeps: Sweeps) -> None:
    """With a high common efficacy of ties gamma_D is drawn higher and zeta lower: gains rise."""
    sweeps._luck = Formula(0.0)
    profile = sweeps.factor("omega_tie", (-1.0, 0.0, 1.0))[0]
    assert profile.mean[0] < profile.mean[1] < profile.mean[2]
    flat = sweeps.factor("omega_risk", (-1.0, 1.0))[0]
    assert flat.mean[0] == pytest.approx(flat.mean[1], rel=1e-3)


def test_the_map_of_a_pair_has_its_line_where_the_formula_says(sweeps: Sweeps) -> None:
    """On the line of nought, 100 + 400 (gamma - .22) = 300 (zeta - .1), within the luck of the
    grid."""
    sweeps._luck = Formula(0.0)
    found = survey(sweeps)
    assert {b.axis.name for b in choose_pairs(found.beliefs)[0]} == {"gamma_D", "zeta"}
    first = map_pairs(sweeps, found.beliefs)[0]
    (line,) = first.lines
    gamma, zeta = line.T if first.x.name == "gamma_D" else line.T[::-1]
    assert 100 + 400 * (gamma - 0.22) == pytest.approx(300 * (zeta - 0.1), abs=1e-6)
    reach, axis = (first.xs, first.x) if first.x.name == "gamma_D" else (first.ys, first.y)
    assert reach[0] < axis.low
    assert reach[-1] > axis.high
    assert 0.0 < first.share_worse < 1.0


def test_a_wider_belief_keeps_its_bounds(sweeps: Sweeps) -> None:
    """Ends move out by the factor, ratios in logarithms, and never beyond what is possible."""
    axes = {a.name: a for a in sweeps.axes}
    wide = widened(axes["gamma_D"], 1.5)
    assert (wide.low, wide.high) == pytest.approx((0.22 - 1.5 * 0.37, 0.22 + 1.5 * 0.68))
    assert widened(axes["fb_times"], 2.0).high == pytest.approx(9.0)
    assert widened(axes["zeta"], 1.5).low == 0.0


def test_contour_of_a_plane_is_a_straight_line() -> None:
    """x + y = 1 on a square."""
    grid = np.linspace(0.0, 2.0, 5)
    (line,) = contour(grid, grid, grid[None, :] + grid[:, None] - 1.0)
    assert line.sum(axis=1) == pytest.approx(np.ones(len(line)))


def test_sweeps_do_not_depend_on_threads() -> None:
    """Same seed, same bytes, on one thread and on two; the real simulator over one year."""
    results = []
    for threads in (1, 2):
        sweeps = Sweeps(one_year(), "P7", ("P0",), 3, SweepSizes.of(256), threads=threads)
        axis = next(a for a in sweeps.axes if a.name == "gamma_D")
        (by_rival,) = sweeps.central([(axis, (-1.0, 1.0))], 64, "test")
        results.append(by_rival[0])
    assert np.array_equal(results[0].mean, results[1].mean)
    assert np.array_equal(results[0].influence, results[1].influence)
