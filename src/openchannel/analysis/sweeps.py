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

from openchannel.analysis.belief_axes import Axis, axes_of, world_at
from openchannel.analysis.common_luck import CommonLuck, Job, derived_seed, in_worlds
from openchannel.analysis.thresholds import Profile, adjusted
from openchannel.domain import Case, World
from openchannel.ensemble.design import sample_beliefs
from openchannel.model import Beliefs, central_beliefs

__all__ = ["FACTORS", "Known", "SweepSizes", "Sweeps", "widened"]

F8 = NDArray[np.float64]
Say = Callable[[str], None]

_LOSS = "composite_loss"
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
    """

    known: int = 16_384
    screen: int = 1024
    near: int = 4096
    grid: int = 512
    draws: int = 256
    each: int = 8

    @classmethod
    def of(cls, futures: int) -> SweepSizes:
        """Sizes in proportion to the futures of the longest step."""
        known, screen, near, grid = (max(_GROUPS, futures // part) for part in (1, 16, 4, 32))
        draws = 1 << max(3, (futures // 64).bit_length() - 1)
        return cls(known, screen, near, grid, draws)


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

    def _at_central(self, worlds: Sequence[World], replicates: int, purpose: str) -> F8:
        """Mean loss by group of luck: float64[group, point, policy]."""
        held = in_worlds(self.case, worlds, self._central)
        each = -(-replicates // _GROUPS)
        seed = derived_seed(self.seed, "believe", purpose)
        jobs = [Job(held, seed, g * each, each) for g in range(_GROUPS)]
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
