"""A start under every timing of its changes, on the same luck: what rules for reviews learn from.

At each yearly review a start may grow into its target or end; once grown it may go back to what it
was (pause) or end. Every such timing is a policy with triggers, so the simulator itself says what
each would have brought; a timing is played from its own date on, as it is another until then. What
an official could have seen by each review is read from accounts as they stood there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import each_of, in_worlds, weights_of
from openchannel.analysis.starts import waiting
from openchannel.domain import Case, Condition, Policy, Trigger
from openchannel.domain.lengths import WEEKS_A_YEAR
from openchannel.kernel.keys import Out, Scalar
from openchannel.kernel.records import LANES
from openchannel.model import (
    Beliefs,
    Design,
    Forks,
    metric_values,
    pack_design,
    simulate_forks,
)
from openchannel.model.metrics import metric_index

__all__ = ["SEEN", "Timings", "n_reviews", "play_timings"]

F8 = NDArray[np.float64]
Flags = NDArray[np.bool_]

_MOST = 9  # reviews: timings grow with the square of their number
#: What an official sees of the year before a review, in the order of the last axis of states.
SEEN = (
    "contacts",
    "refusal",
    "reliability",
    "channels",
    "provocations",
    "crisis",
    "agreement",
    "political_cost",
    "friction",
)
_KEPT = ("weeks", "pe_weeks", "contacts", "closed", "rel24", "K_eff", "ev3", "ev4", "ev5",
         "crisis_weeks", "ag_real", "ag_paper", "Pd", "F")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timings:
    """What each timing saves against holding the start, path by path, and what was seen before.

    A path is a replicate in a world under a belief draw. Dates count reviews from 0.

    leave : float64[path, date]
    grow : float64[path, date]
    grow_leave, grow_pause : float64[path, date grown, date], NaN up to the date grown
    held : float64[path, date, SEEN] ; grown : float64[path, date grown, date, SEEN]
    held_open : bool[path, date] ; grown_open : bool[path, date grown, date]
        Whether the start, or the target, is in force, and there is no war.
    draw, world : int64[path] ; weight : float64[path], by world, one a replicate in all
    """

    leave: F8
    grow: F8
    grow_leave: F8
    grow_pause: F8
    held: F8
    grown: F8
    held_open: Flags
    grown_open: Flags
    draw: NDArray[np.int64]
    world: NDArray[np.int64]
    weight: F8

    def part(self, rows: Flags) -> Timings:
        """Some of the paths."""
        return Timings(*(getattr(self, name)[rows] for name in self.__slots__))

    def by_draw(self, values: F8) -> F8:
        """Mean of a value a path over the paths of each draw, mixed over worlds."""
        _, place = np.unique(self.draw, return_inverse=True)
        total = np.bincount(place, self.weight * values)
        return np.asarray(total / np.bincount(place, self.weight))


def n_reviews(case: Case) -> int:
    """Reviews at which a change still matters: those before the horizon, nine at most."""
    return min(_MOST, (case.calendar.horizon_weeks - 1) // WEEKS_A_YEAR)


def play_timings(
    case: Case, start: Policy, beliefs: Beliefs, seed: int, threads: int | None = None
) -> Timings:
    """Play every timing under each belief draw, on the luck of the other branches.

    Parameters
    ----------
    beliefs : par float64[draw, Scalar], ch float64[draw, channel, Column]
    """
    played = _Played.of(case, start)
    held = in_worlds(case, case.worlds, beliefs)

    def play(d: int) -> Timings:
        return played.draw(Beliefs(held.par[d], held.ch[d]), seed, d)

    parts = each_of(range(len(beliefs.par)), play, threads)
    names = Timings.__slots__
    return Timings(*(np.concatenate([getattr(p, n) for p in parts]) for n in names))


def _at(review: int) -> tuple[Condition, ...]:
    """At this review, counted from 0, and at no other."""
    week = float(WEEKS_A_YEAR * (review + 1))
    return Condition("week", ">=", week), Condition("week", "<=", week)


def _arms(start: Policy, n: int) -> dict[tuple[str, int, int], Policy]:
    """The start with each timing: what is done, the date grown, the date of the rest."""
    waits = waiting(start.rules)
    become = [Trigger(_at(k), "become", at_review=True) for k in range(n)]
    leave = [Trigger(_at(k), "leave", at_review=True) for k in range(n)]
    pause = [Trigger(_at(k), "step_back", at_review=True) for k in range(n)]

    def arm(*timed: Trigger) -> Policy:
        return replace(start, rules=replace(waits, triggers=(*timed, *waits.triggers)))

    found = {("hold", 0, 0): arm()}
    found |= {("leave", 0, k): arm(leave[k]) for k in range(n)}
    found |= {("grow", k, 0): arm(become[k]) for k in range(n)}
    for k in range(n):
        for j in range(k + 1, n):
            found["grow_leave", k, j] = arm(become[k], leave[j])
            found["grow_pause", k, j] = arm(become[k], pause[j])
    return {key: replace(p, id=" ".join(map(str, key))) for key, p in found.items()}


def _forks(keys: Sequence[tuple[str, int, int]], n: int) -> Forks:
    """Each timing goes its own way from the last week before its date."""
    place = {key: x for x, key in enumerate(keys)}
    hold = place["hold", 0, 0]
    parents, begins = [], []
    for what, k, j in keys:
        parents.append(place["grow", k, 0] if what.startswith("grow_") else hold)
        date = k if what == "grow" else j
        begins.append(0 if what == "hold" else WEEKS_A_YEAR * (date + 1) - 1)
    looks = WEEKS_A_YEAR * (1 + np.arange(n))
    return Forks(np.array(parents), np.array(begins), looks)


@dataclass(frozen=True, slots=True)
class _Played:
    """All timings as one design, and where they part."""

    case: Case
    keys: Sequence[tuple[str, int, int]]
    design: Design
    forks: Forks
    weights: F8

    @classmethod
    def of(cls, case: Case, start: Policy) -> _Played:
        n = n_reviews(case)
        arms = _arms(start, n)
        widened = replace(case, policies=(*case.policies, *arms.values()))
        design = pack_design(widened, [p.id for p in arms.values()])
        keys = tuple(arms)
        return cls(case, keys, design, _forks(keys, n), weights_of(case.worlds))

    def draw(self, beliefs: Beliefs, seed: int, d: int) -> Timings:
        """All timings of one belief draw: par float64[world, Scalar]."""
        out, looks = simulate_forks(self.design, self.forks, beliefs, seed, d * LANES, LANES)
        saved = self._saved(out, beliefs)
        held, grown, held_open, grown_open = self._seen(looks)
        n, n_paths = len(looks), len(held)

        def one(name: str, place: int) -> F8:
            return np.stack([saved[name, *((k, 0) if place else (0, k))] for k in range(n)], axis=1)

        def pairs(name: str) -> F8:
            found = np.full((n_paths, n, n), np.nan)
            for what, k, j in self.keys:
                if what == name:
                    found[:, k, j] = saved[what, k, j]
            return found

        return Timings(
            one("leave", 0),
            one("grow", 1),
            pairs("grow_leave"),
            pairs("grow_pause"),
            held,
            grown,
            held_open,
            grown_open,
            np.full(n_paths, d),
            np.tile(np.arange(len(self.weights)), LANES),
            np.tile(self.weights, LANES),
        )

    def _saved(self, out: F8, beliefs: Beliefs) -> dict[tuple[str, int, int], F8]:
        """Loss of holding minus that of each timing, path by path."""
        top, _ = metric_values(out, self.case.weights, beliefs.par[:, Scalar.vsl_musd])
        loss = top[..., metric_index("composite_loss")].reshape(-1, len(self.keys))
        return {key: loss[:, 0] - loss[:, x] for x, key in enumerate(self.keys)}

    def _seen(self, looks: F8) -> tuple[F8, F8, Flags, Flags]:
        """What is seen before each review of the start and of each that has grown: `looks` is
        float64[review, replicate, world, arm, Out].
        """
        n = len(looks)
        arms = [x for x, (what, _, _) in enumerate(self.keys) if what in ("hold", "grow")]
        found = looks[..., arms, :][..., [Out[name] for name in _KEPT]]
        found = np.moveaxis(found.reshape(n, -1, len(arms), len(_KEPT)), 0, 1)
        account = np.concatenate([np.zeros_like(found[:, :1]), found], axis=1)
        state, is_open = _state(np.diff(account, axis=1))
        state, is_open = np.swapaxes(state, 1, 2), np.swapaxes(is_open, 1, 2)
        later = np.arange(n) > np.arange(n)[:, None]
        return state[:, 0], state[:, 1:], is_open[:, 0], is_open[:, 1:] & later


def _state(year: F8) -> tuple[F8, Flags]:
    """What is seen of a year by its sums, float64[..., _KEPT]: float64[..., SEEN]; and if open."""
    of = dict(zip(_KEPT, np.moveaxis(year, -1, 0), strict=True))
    weeks = np.maximum(of["weeks"], 1.0)
    seen = {
        "contacts": of["contacts"],
        "refusal": of["closed"],
        "reliability": of["rel24"] / weeks,
        "channels": of["K_eff"] / weeks,
        "provocations": of["ev3"] + of["ev4"] + of["ev5"],
        "crisis": of["crisis_weeks"],
        "agreement": of["ag_real"] + of["ag_paper"],
        "political_cost": of["Pd"] / weeks,
        "friction": of["F"] / weeks,
    }
    is_open = (of["weeks"] == WEEKS_A_YEAR) & (of["pe_weeks"] == WEEKS_A_YEAR)
    return np.stack([seen[name] for name in SEEN], axis=-1), is_open
