"""The strongest case for isolation and the strongest against it, as the nearest sets of beliefs.

A side wins under beliefs where its policy's expected loss lies below every rival's by a stated
share of the status quo's. The most plausible such beliefs are taken to be those nearest to the
defaults in range units, few of them moved. Search, refinement, stretch and test use luck of their
own, so that what is reported was not chosen for having looked good.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief_axes import axes_of, world_at
from openchannel.analysis.common_luck import (
    CommonLuck,
    Job,
    Told,
    derived_seed,
    groups_of,
    in_worlds,
)
from openchannel.analysis.measured import CLEAR, Measured, standard_error
from openchannel.analysis.nearest import (
    Box,
    NearestPoint,
    Screen,
    Searched,
    first_crossing,
    refine,
    screen,
    search,
)
from openchannel.analysis.redteam_sides import FEWEST, MovedBelief, Side, SideResult, Sizes
from openchannel.domain import Case
from openchannel.ensemble.design import sample_beliefs
from openchannel.model import Beliefs, central_beliefs

__all__ = ["SIZES", "Team"]

F8 = NDArray[np.float64]

#: Numbers of beliefs that may be moved at most, each tried.
SIZES = (16, 10, 6, 4, 3, 2, 1)
_FACTORS = np.geomspace(0.6, 2.0, 12)
_LOSS, _WAR = "composite_loss", "p_war"


class Team:
    """Makes the case of one side after the other from one screen of all beliefs."""

    def __init__(
        self, case: Case, seed: int, sizes: Sizes, *, overlay: str = "", threads: int | None = None
    ) -> None:
        self.case = case
        self.seed = seed
        self.sizes = sizes
        self.axes = axes_of(case)
        low, high = np.array([a.limits for a in self.axes]).reshape(-1, 2).T
        self.box = Box(low, high)
        wanted = dict.fromkeys((case.baseline, case.isolation, case.focal))
        self.luck = CommonLuck(case, tuple(wanted), (_LOSS, _WAR), overlay=overlay, threads=threads)
        self._central = central_beliefs(case)

    @cached_property
    def _anchor(self) -> F8:
        """Levels at the defaults, on luck of no other use."""
        return self.levels(np.zeros((1, len(self.axes))), "anchor", self.sizes.test)

    @cached_property
    def _defaults_in_ranges(self) -> F8:
        return self._in_ranges(np.zeros(len(self.axes)), self.sizes.test)

    # --- margins ------------------------------------------------------------------------------

    def levels(self, points: F8, purpose: str, replicates: int, told: Told | None = None) -> F8:
        """Means by group of luck at each point: float64[group, point, policy, metric]."""
        worlds = [world_at(self.axes, p) for p in points.tolist()]
        held = in_worlds(self.case, worlds, self._central)
        n_groups, each = groups_of(replicates, FEWEST)
        seed = derived_seed(self.seed, "redteam", purpose)
        jobs = [Job(held, seed, g * each, each) for g in range(n_groups)]
        return np.array(self.luck.means(jobs, told))

    def _in_ranges(self, point: F8, replicates: int) -> F8:
        """The same at one point with all that is not moved drawn: float64[draw, 1, policy, ...]."""
        n_draws = 1 << max(3, (replicates // 8 - 1).bit_length())
        each = max(1, replicates // n_draws)
        seed = derived_seed(self.seed, "redteam", "ranges")
        sample = sample_beliefs(self.case, n_draws, seed)
        held = in_worlds(
            self.case, [world_at(self.axes, point.tolist(), held=True)], sample.beliefs
        )
        jobs = [Job(Beliefs(held.par[d], held.ch[d]), seed, d * each, each) for d in range(n_draws)]
        return np.array(self.luck.means(jobs))

    def margins(self, side: Side, levels: F8) -> F8:
        """Loss of each rival minus the winner's, as shares of the baseline's: [point, rival]."""
        return np.stack([self._gap(side, r, levels)[0] for r in side.rivals], axis=-1)

    def measured(self, side: Side, levels: F8) -> dict[str, Measured]:
        """Margins at the only point, with their errors from the groups of luck."""
        found = {}
        for rival in side.rivals:
            mean, residual = self._gap(side, rival, levels)
            found[rival] = Measured(float(mean[0]), standard_error(residual[:, 0]))
        return found

    def _gap(self, side: Side, rival: str, levels: F8) -> tuple[F8, F8]:
        """Margin at each point, and the influence of each group on it: [point], [group, point]."""
        loss, at = levels[..., 0], self.luck.policies.index
        base = loss[:, :, at(self.case.baseline)]
        top = loss[:, :, at(rival)] - loss[:, :, at(side.policy)]
        mean = top.mean(axis=0) / base.mean(axis=0)
        return mean, (top - mean * base) / base.mean(axis=0)

    def _war(self, side: Side, levels: F8) -> dict[str, Measured]:
        war, at = levels[:, 0, :, 1], self.luck.policies.index
        return {r: Measured.of(war[:, at(side.policy)] - war[:, at(r)]) for r in side.rivals}

    # --- one side -----------------------------------------------------------------------------

    def screen(self, told: Told | None = None) -> F8:
        """Levels with each belief moved alone, both ways; one run serves both sides."""
        levels: list[F8] = []

        def keep(points: F8) -> F8:
            levels.append(self.levels(points, "screen", self.sizes.screen, told))
            return np.zeros((len(points), 1))

        screen(keep, self.box)
        return levels[0]

    def make_case(self, side: Side, screened: F8, asked: float) -> SideResult:
        """Search, choose, refine, stretch and test the nearest beliefs under which a side wins."""
        at_defaults = self.measured(side, self._anchor)
        known = self.margins(side, self._anchor)[0]
        target = _beyond(asked, float(known.min()))
        searched = self._on_luck(side, "search", self.sizes.search)
        found = search(
            lambda points: searched(points)[0],
            self._screen(side, screened, known),
            self.box,
            target,
            SIZES,
        )
        chosen = found.chosen()
        point = None if chosen is None else self._made_sure(side, chosen, target)
        return self._result(side, asked, target, at_defaults, found, point)

    def _steadied(self, side: Side, levels: F8) -> tuple[F8, F8]:
        """Margins and errors at all points but the first, the defaults: [point, rival] each.

        The defaults are known from a longer run, so what luck does to them here tells what it does
        elsewhere: it is taken out by regression over the groups (a control variate).
        """
        means, errors = [], []
        for rival, known in self.measured(side, self._anchor).items():
            mean, residual = self._gap(side, rival, levels)
            here, there = residual[:, 0], residual[:, 1:]
            slope = there.T @ here / max(float(here @ here), 1e-300)
            means.append(mean[1:] - slope * (mean[0] - known.mean))
            error = np.array([standard_error(r) for r in (there - here[:, None] * slope).T])
            errors.append(np.hypot(error, slope * known.mcse))
        return np.stack(means, axis=-1), np.stack(errors, axis=-1)

    def _on_luck(self, side: Side, purpose: str, replicates: int) -> Callable[[F8], tuple[F8, F8]]:
        """Margins and errors at points, on the luck of one step."""
        origin = np.zeros((1, len(self.axes)))
        return lambda points: self._steadied(
            side, self.levels(np.vstack([origin, points]), purpose, replicates)
        )

    def _made_sure(self, side: Side, chosen: NearestPoint, target: float) -> F8 | None:
        """The chosen beliefs moved, then stretched, until the margin is clear of its error."""
        steady = self._on_luck(side, "refine", self.sizes.refine)

        def lower(points: F8) -> F8:
            means, errors = steady(points)
            return np.asarray(means - CLEAR * errors)

        point = refine(lower, chosen.point, self.box, target)
        places = self.box.clip(_FACTORS[:, None] * point)
        means, errors = self._on_luck(side, "stretch", self.sizes.stretch)(places)
        factor, reached = first_crossing(_FACTORS, (means - CLEAR * errors).min(axis=1), target)
        return self._tidy(self.box.clip(factor * point)) if reached else None

    def _screen(self, side: Side, levels: F8, known: F8) -> Screen:
        means, _ = self._steadied(side, levels)
        n = len(self.axes)
        return Screen(known, means[:n], means[n:])

    def _tidy(self, point: F8) -> F8:
        """Beliefs at numbers that can be written down: three significant digits."""
        moved = [
            0.0 if p == 0.0 else axis.place(float(f"{axis.value(float(p)):.3g}"))
            for axis, p in zip(self.axes, point, strict=True)
        ]
        return self.box.clip(np.array(moved))

    def _result(
        self,
        side: Side,
        asked: float,
        target: float,
        at_defaults: dict[str, Measured],
        found: Searched,
        point: F8 | None,
    ) -> SideResult:
        tested: dict[str, Measured] = {}
        drawn: dict[str, Measured] = {}
        war: dict[str, Measured] = {}
        distance = float("nan")
        beliefs: tuple[MovedBelief, ...] = ()
        if point is not None:
            fresh = self.levels(point[None], "test", self.sizes.test)
            tested, war = self.measured(side, fresh), self._war(side, fresh)
            drawn = self.measured(side, self._in_ranges(point, self.sizes.test))
            distance = float(np.linalg.norm(point))
            moved = sorted(np.flatnonzero(point), key=lambda i: -abs(point[i]))
            beliefs = tuple(MovedBelief(self.axes[i], float(point[i])) for i in moved)
        return SideResult(
            side=side,
            target=target,
            asked=asked,
            at_defaults=at_defaults,
            defaults_in_ranges=self.measured(side, self._defaults_in_ranges),
            beliefs=beliefs,
            distance=distance,
            tested=tested,
            in_ranges=drawn,
            war=war,
            by_size=found.by_size(),
            best=found.best,
        )


def _beyond(asked: float, reached: float) -> float:
    """The margin asked for, doubled until the defaults do not reach it already."""
    target = asked
    while reached >= target:
        target *= 2.0
    return target
