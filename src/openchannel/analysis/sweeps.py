"""Exact runs along one belief or two, all else at its central value or drawn from its range.

Every place of a sweep meets the same luck, and the luck at the default is taken out with what a
longer run knows of the default. Turning gains into thresholds belongs to `thresholds`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from openchannel.analysis.belief_axes import Axis, axes_of, world_at
from openchannel.analysis.common_luck import CommonLuck, Job, derived_seed, groups_of, in_worlds
from openchannel.analysis.thresholds import Profile, adjusted
from openchannel.domain import Case, Law, World
from openchannel.ensemble.design import BeliefSample, quantile, sample_beliefs
from openchannel.kernel.records import LANES
from openchannel.model import Beliefs, central_beliefs

__all__ = ["FACTORS", "Known", "SweepSizes", "Sweeps", "widened"]

F8 = NDArray[np.float64]
Say = Callable[[str], None]

_LOSS = "composite_loss"
_FEWEST_DRAWS = 8
_GROUPS = 64  # enough for an honest standard error
_DEFAULTS = World("", "", "", 0.0)
#: The common factors, which move many beliefs at once, with the quantiles at places -1 to 1.
FACTORS = ("omega_tie", "omega_risk")
_NEARLY_NOUGHT = 1e-12  # an axis takes place 0 for "not moved", which in a draw is not the default
_FACTOR_REACH = 0.475  # places -1 and 1 are the quantiles .025 and .975


@dataclass(frozen=True, slots=True)
class SweepSizes:
    """Replicates of each step; a drawn reading has `draws` times `each`.

    known : of the level at the default ; screen : of both ends of every belief
    near : of the places beside a threshold ; grid : of every place of a pair
    point : of every point of a designed sensitivity
    """

    known: int = 16_384
    screen: int = 1024
    near: int = 4096
    grid: int = 512
    point: int = 256
    draws: int = 256
    each: int = LANES

    @classmethod
    def of(cls, futures: int) -> SweepSizes:
        """Sizes in proportion to the futures of the longest step."""
        known, screen, near, grid = (max(_GROUPS, futures // part) for part in (1, 16, 4, 32))
        draws = 1 << max(3, (futures // 128).bit_length() - 1)
        return cls(known, screen, near, grid, draws=draws)


@dataclass(frozen=True, slots=True)
class Known:
    """Gain over each rival at the default, and its standard error: float64[rival] each."""

    gain: F8
    error: F8
    baseline_loss: float


class Sweeps:
    """Gains of one policy over its rivals along beliefs."""

    def __init__(
        self,
        case: Case,
        policy: str,
        rivals: Sequence[str],
        seed: int,
        sizes: SweepSizes,
        *,
        overlay: str = "",
        threads: int | None = None,
    ) -> None:
        self.case = case
        self.policy = policy
        self.rivals = tuple(rivals)
        self.seed = seed
        self.sizes = sizes
        self.axes = axes_of(case)
        self._central = central_beliefs(case)
        run = tuple(dict.fromkeys((case.baseline, *self.rivals, policy)))
        self._luck = CommonLuck(case, run, (_LOSS,), overlay=overlay, threads=threads)
        self._base = run.index(case.baseline)
        self._policy = run.index(policy)
        self._rivals = [run.index(r) for r in self.rivals]
        self._drawn_known: Known | None = None
        self._central_known: Known | None = None

    # --- what is known of the default ---------------------------------------------------------

    def central_known(self) -> Known:
        """Gains with every belief at its central value, from the longest run."""
        if self._central_known is None:
            levels = self._at_central([_DEFAULTS], self.sizes.known, "known")
            self._central_known = self._known(levels)
        return self._central_known

    def drawn_known(self) -> Known:
        """Gains with every belief drawn from its range, from the longest run."""
        if self._drawn_known is None:
            draws = max(8, self.sizes.known // self.sizes.each)
            levels = self._at_drawn([_DEFAULTS], 1 << (draws.bit_length() - 1), "known")
            self._drawn_known = self._known(levels)
        return self._drawn_known

    def _known(self, levels: F8) -> Known:
        gains = self._gains(levels)[:, 0]
        error = gains.std(axis=0, ddof=1) / math.sqrt(len(gains))
        return Known(gains.mean(axis=0), error, float(levels[:, 0, self._base].mean()))

    # --- sweeps -------------------------------------------------------------------------------

    def central(
        self, sweeps: Sequence[tuple[Axis, Sequence[float]]], replicates: int, purpose: str
    ) -> list[list[Profile]]:
        """Profiles of several beliefs, each moved alone: one for each belief and rival."""
        worlds = [_DEFAULTS, *(world_at([a], [p]) for a, places in sweeps for p in places)]
        levels = self._at_central(worlds, replicates, purpose)
        return self._profiles(levels, sweeps, self.central_known())

    def drawn(self, sweeps: Sequence[tuple[Axis, Sequence[float]]]) -> list[list[Profile]]:
        """The same with every other belief drawn from its range; the moved one is held."""
        worlds = [_DEFAULTS]
        worlds += [_held(a, p) for a, places in sweeps for p in places]
        levels = self._at_drawn(worlds, self.sizes.draws, "drawn")
        return self._profiles(levels, sweeps, self.drawn_known(), origin=False)

    def factor(self, name: str, places: Sequence[float]) -> list[Profile]:
        """Profiles along a common factor of many beliefs, which are drawn as it has them."""
        parts = [self._at_drawn([_DEFAULTS], self.sizes.draws, name)]
        for place in places:
            held = {name: 0.5 + _FACTOR_REACH * place}
            parts.append(self._at_drawn([_DEFAULTS], self.sizes.draws, name, held))
        levels = np.concatenate(parts, axis=1)
        known = self.drawn_known()
        return [
            self._profile(levels, slice(1, None), places, known, r, origin=False)
            for r in range(len(self.rivals))
        ]

    def factor_value(self, name: str, place: float) -> float:
        """What a common factor is at a place: a rank from 0 to 1, or a multiple of base risks."""
        share = 0.5 + _FACTOR_REACH * min(1.0, max(-1.0, place))
        if name == "omega_tie":
            return share
        return math.exp(self.case.parameters["omega_risk_sd"].value * float(special.ndtri(share)))

    def fresh(self, n_draws: int) -> BeliefSample:
        """Belief draws that no other part has seen; the nearest power of two."""
        seed = derived_seed(self.seed, "believe", "fresh")
        return sample_beliefs(self.case, 1 << (n_draws.bit_length() - 1), seed)

    def of_draws(self, sample: BeliefSample, rows: NDArray[np.int64]) -> tuple[float, float] | None:
        """Mean gain over the first rival under some draws, and its error; None for fewer than 8."""
        if len(rows) < _FEWEST_DRAWS:
            return None
        seed, each = derived_seed(self.seed, "believe", "fresh"), 2 * self.sizes.each
        held = in_worlds(self.case, [_DEFAULTS], sample.beliefs)
        jobs = [Job(Beliefs(held.par[d], held.ch[d]), seed, int(d) * each, each) for d in rows]
        gains = self._gains(np.array(self._luck.means(jobs))[..., 0])[:, 0, 0]
        return float(gains.mean()), float(gains.std(ddof=1) / math.sqrt(len(gains)))

    def grid(self, x: Axis, y: Axis, xs: F8, ys: F8, purpose: str) -> tuple[F8, F8]:
        """Gains over each rival and their errors at places of two beliefs moved together.

        Returns
        -------
        two float64[rival, y, x]
        """
        worlds = [_DEFAULTS, *(world_at([x, y], [a, b]) for b in ys for a in xs)]
        levels = self._at_central(worlds, self.sizes.grid, purpose)
        known = self.central_known()
        means, errors = [], []
        for r in range(len(self.rivals)):
            gains = self._gains(levels)[:, :, r]
            mean, influence, shared = adjusted(gains, float(known.gain[r]), float(known.error[r]))
            luck = influence.std(axis=0, ddof=1) / math.sqrt(len(influence))
            means.append(mean[1:].reshape(len(ys), len(xs)))
            errors.append(np.hypot(luck, shared)[1:].reshape(len(ys), len(xs)))
        return np.array(means), np.array(errors)

    def evaluate(self, axes: Sequence[Axis], points: F8, purpose: str) -> F8:
        """Gain over the first rival at points of the ranges, every other belief central.

        Parameters
        ----------
        points : float64[point, axis], quantiles of each belief's own law

        Returns
        -------
        float64[group, point], the groups of luck the same at every point
        """
        laws = [_law(a) for a in axes]
        places = np.stack(
            [
                [a.place(v) for v in quantile(law, points[:, i]).tolist()]
                for i, (a, law) in enumerate(zip(axes, laws, strict=True))
            ],
            axis=1,
        )
        worlds = [world_at(axes, row) for row in places.tolist()]
        groups = self.sizes.point // LANES
        return self._gains(self._at_central(worlds, self.sizes.point, purpose, groups))[:, :, 0]

    # --- parts --------------------------------------------------------------------------------

    def _profiles(
        self,
        levels: F8,
        sweeps: Sequence[tuple[Axis, Sequence[float]]],
        known: Known,
        *,
        origin: bool = True,
    ) -> list[list[Profile]]:
        found, at = [], 1
        for _, places in sweeps:
            part = slice(at, at + len(places))
            at += len(places)
            found.append(
                [
                    self._profile(levels, part, places, known, r, origin=origin)
                    for r in range(len(self.rivals))
                ]
            )
        return found

    def _profile(
        self,
        levels: F8,
        part: slice,
        places: Sequence[float],
        known: Known,
        rival: int,
        *,
        origin: bool,
    ) -> Profile:
        """The profile of some points; the first of all is the default, which may join them."""
        gains = self._gains(levels)[:, :, rival]
        chosen = np.concatenate([gains[:, :1], gains[:, part]], axis=1)
        mean, influence, shared = adjusted(
            chosen, float(known.gain[rival]), float(known.error[rival])
        )
        first = 0 if origin and 0.0 not in places else 1
        at = np.array([0.0, *places])[first:]
        order = np.argsort(at)
        return Profile(
            at[order],
            mean[first:][order],
            influence[:, first:][:, order],
            shared[first:][order],
        )

    def _gains(self, levels: F8) -> F8:
        """Loss of each rival minus the policy's: float64[group, point, rival]."""
        return np.asarray(levels[:, :, self._rivals] - levels[:, :, [self._policy]])

    def _at_central(
        self, worlds: Sequence[World], replicates: int, purpose: str, groups: int = _GROUPS
    ) -> F8:
        """Mean loss by group of luck: float64[group, point, policy]."""
        held = in_worlds(self.case, worlds, self._central)
        groups, each = groups_of(replicates, groups)
        seed = derived_seed(self.seed, "believe", purpose)
        jobs = [Job(held, seed, g * each, each) for g in range(groups)]
        return np.array(self._luck.means(jobs))[..., 0]

    def _at_drawn(
        self,
        worlds: Sequence[World],
        n_draws: int,
        purpose: str,
        held: dict[str, float] | None = None,
    ) -> F8:
        """Mean loss by belief draw: float64[draw, point, policy]."""
        seed, each = derived_seed(self.seed, "believe", "drawn", purpose), self.sizes.each
        sample = sample_beliefs(self.case, n_draws, seed, held=held or {})
        seen = in_worlds(self.case, worlds, sample.beliefs)
        jobs = [Job(Beliefs(seen.par[d], seen.ch[d]), seed, d * each, each) for d in range(n_draws)]
        return np.array(self._luck.means(jobs))[..., 0]


def _law(axis: Axis) -> Law:
    """The law that the case gives a belief."""
    law = next(d.law for d in axis.parameter.draws if d.elements == axis.elements)
    assert law is not None, "an axis is a quantity with a law of its own"
    return law


def _held(axis: Axis, place: float) -> World:
    """A world that holds one belief, at its default too, whatever else is drawn."""
    return World("", "", "", 0.0, axis.held(place or _NEARLY_NOUGHT))


def widened(axis: Axis, by: float) -> Axis:
    """The same belief with both ends moved out by a factor, within what its bounds allow."""
    low, high = (
        axis.central * (end / axis.central) ** by
        if axis.is_ratio
        else axis.central + by * (end - axis.central)
        for end in (axis.low, axis.high)
    )
    if axis.how == "value":
        least, most = axis.parameter.bounds
        low, high = max(low, least), min(high, most)
    return replace(axis, low=min(low, axis.low), high=max(high, axis.high))
