"""The strongest case for isolation and the strongest against it, as the nearest sets of beliefs.

A side wins under beliefs where its policy's expected loss lies below every rival's by a stated
share of the status quo's. The most plausible such beliefs are taken to be those nearest to the
defaults in range units, few of them moved. Search, stretch and test use luck of their own, so that
what is reported was not chosen for having looked good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief_axes import Axis, axes_of, world_at
from openchannel.analysis.common_luck import CommonLuck, Job, Told, derived_seed, in_worlds
from openchannel.analysis.contributions import Measured
from openchannel.analysis.nearest import (
    Box,
    NearestPoint,
    Screen,
    Searched,
    first_crossing,
    screen,
    search,
)
from openchannel.domain import Case
from openchannel.ensemble.design import sample_beliefs
from openchannel.model import Beliefs, central_beliefs

__all__ = ["SIZES", "MovedBelief", "Side", "SideResult", "Sizes", "Team", "sides_of"]

F8 = NDArray[np.float64]

#: Numbers of beliefs that may be moved at most, each tried.
SIZES = (16, 10, 6, 4, 3, 2, 1)
_FACTORS = np.geomspace(0.6, 4.0, 16)
_GROUPS = 64  # enough for an honest standard error
_CLEAR = 2.0
_LOSS, _WAR = "composite_loss", "p_war"


@dataclass(frozen=True, slots=True)
class Side:
    """One case to be made: the policy that is to win, and those it has to beat."""

    id: str
    title: str
    policy: str
    rivals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Replicates of each step: the screen of every belief, the search, the stretch, the test."""

    screen: int = 256
    search: int = 512
    stretch: int = 2048
    test: int = 8192

    @classmethod
    def of(cls, futures: int) -> Sizes:
        """Sizes in proportion to the futures of the final test."""
        return cls(*(max(_GROUPS, futures // part) for part in (32, 16, 4, 1)))


@dataclass(frozen=True, slots=True)
class MovedBelief:
    """One belief as the default has it and as the case needs it.

    place : in range units, -1 to 1; its size is the share of the way to the end of the range
    """

    axis: Axis
    place: float

    @property
    def value(self) -> float:
        """The quantity as the case needs it."""
        return self.axis.value(self.place)


@dataclass(frozen=True, slots=True)
class SideResult:
    """What was found for one side.

    target : margin asked for, a share of the status quo's expected loss under the same beliefs
    asked : margin the user asked for; the target is larger where the defaults reach that already
    at_defaults : margin at the defaults against each rival, on fresh futures
    beliefs : moved beliefs, the furthest first; empty where no set was found
    tested : margin against each rival under them, on fresh futures, all else at the defaults
    in_ranges : the same with every other belief drawn from its range
    war : difference in the chance of war against each rival, winner minus rival, tested
    by_size : (most beliefs moved, distance, reached) of each search
    best : the largest margin that the search met, on its own luck
    """

    side: Side
    target: float
    asked: float
    at_defaults: dict[str, Measured]
    beliefs: tuple[MovedBelief, ...]
    distance: float
    tested: dict[str, Measured]
    in_ranges: dict[str, Measured]
    war: dict[str, Measured]
    by_size: tuple[tuple[int, float, bool], ...]
    best: float

    @property
    def is_found(self) -> bool:
        """Whether any set of beliefs within the ranges was found to be enough in the search."""
        return bool(self.beliefs)

    @property
    def is_confirmed(self) -> bool:
        """Whether the fresh futures reached the margin against every rival, clear of nothing."""
        return self.is_found and all(
            m.mean >= self.target and m.is_measurable for m in self.tested.values()
        )

    @property
    def holds_in_ranges(self) -> bool:
        """Whether it still wins, by two standard errors, with all else drawn from its range."""
        return self.is_found and all(
            m.mean > 0 and m.is_measurable for m in self.in_ranges.values()
        )


def sides_of(case: Case) -> tuple[Side, Side]:
    """For isolation: it beats status quo and engagement. Against it: engagement beats it."""
    against = tuple(p for p in dict.fromkeys((case.baseline, case.focal)) if p != case.isolation)
    return (
        Side("for", "The strongest case for isolation", case.isolation, against),
        Side("against", "The strongest case against isolation", case.focal, (case.isolation,)),
    )


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

    # --- margins ------------------------------------------------------------------------------

    def levels(self, points: F8, purpose: str, replicates: int, told: Told | None = None) -> F8:
        """Means by group of luck at each point: float64[group, point, policy, metric]."""
        worlds = [world_at(self.axes, p) for p in points.tolist()]
        held = in_worlds(self.case, worlds, self._central)
        n_groups = min(_GROUPS, replicates)
        each = -(-replicates // n_groups)
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
            found[rival] = Measured(float(mean[0]), _error(residual[:, 0]))
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
        """Search, choose, stretch and test the nearest beliefs under which a side wins."""
        origin = np.zeros((1, len(self.axes)))
        anchor = self.levels(origin, "anchor", self.sizes.test)
        at_defaults = self.measured(side, anchor)
        target = _beyond(asked, min(m.mean for m in at_defaults.values()))
        # A short search has luck of its own in every margin, the defaults' too: what is known of
        # the defaults takes that part out again.
        known = self.margins(side, anchor)[0]
        short = self.levels(origin, "search", self.sizes.search)
        offset = known - self.margins(side, short)[0]

        def margins(points: F8) -> F8:
            found = self.margins(side, self.levels(points, "search", self.sizes.search))
            return np.asarray(found + offset)

        found = search(margins, self._screen(side, screened, known), self.box, target, SIZES)
        chosen = found.chosen()
        point = None if chosen is None else self._stretch(side, chosen, target, anchor)
        return self._result(side, asked, target, at_defaults, found, point)

    def _screen(self, side: Side, levels: F8, known: F8) -> Screen:
        by_point = self.margins(side, levels)
        by_point += known - by_point[0]
        n = len(self.axes)
        return Screen(by_point[0], by_point[1 : n + 1], by_point[n + 1 :])

    def _stretch(self, side: Side, chosen: NearestPoint, target: float, anchor: F8) -> F8 | None:
        """The chosen direction, stretched on other luck until the margin is clear of its error."""
        places = self.box.clip(np.append(0.0, _FACTORS)[:, None] * chosen.point)
        levels = self.levels(places, "stretch", self.sizes.stretch)
        low = np.full(len(_FACTORS), np.inf)
        for rival, known in self.measured(side, anchor).items():
            mean, residual = self._gap(side, rival, levels)
            error = np.array([_error(r - residual[:, 0]) for r in residual[:, 1:].T])
            margin = known.mean + mean[1:] - mean[0]
            low = np.minimum(low, margin - _CLEAR * np.hypot(error, known.mcse))
        factor, reached = first_crossing(_FACTORS, low, target)
        return self._tidy(self.box.clip(factor * chosen.point)) if reached else None

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
        by_size = tuple((p.size, p.distance, p.reached) for p in found.points)
        if point is None:
            return SideResult(
                side, target, asked, at_defaults, (), float("nan"), {}, {}, {}, by_size,
                found.best,
            )  # fmt: skip
        tested = self.levels(point[None], "test", self.sizes.test)
        drawn = self._in_ranges(point, self.sizes.test)
        moved = sorted(np.flatnonzero(point), key=lambda i: -abs(point[i]))
        return SideResult(
            side,
            target,
            asked,
            at_defaults,
            tuple(MovedBelief(self.axes[i], float(point[i])) for i in moved),
            float(np.linalg.norm(point)),
            self.measured(side, tested),
            self.measured(side, drawn),
            self._war(side, tested),
            by_size,
            found.best,
        )


def _beyond(asked: float, reached: float) -> float:
    """The margin asked for, doubled until the defaults do not reach it already."""
    target = asked
    while reached >= target:
        target *= 2.0
    return target


def _error(residual: F8) -> float:
    """Standard error of a mean from the influence of each group: float64[group]."""
    n = len(residual)
    return float(residual.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")


def moved_in_words(beliefs: Sequence[MovedBelief]) -> str:
    """Names and places, for logs.

    Examples
    --------
    >>> moved_in_words(())
    ''
    """
    return ", ".join(f"{b.axis.name} {b.place:+.2f}" for b in beliefs)
