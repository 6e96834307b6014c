"""What the model's own futures bring within some weeks, under each world and belief draw of a run.

The futures begin in the case's start state, whatever their first day: the model holds no other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import derived_seed, each_of, in_worlds
from openchannel.domain import Calendar, Case
from openchannel.ensemble.design import sample_beliefs
from openchannel.ensemble.draws import held
from openchannel.kernel.keys import Out, Scalar
from openchannel.model import Beliefs, Design, pack_design, simulate_replicates
from openchannel.model.pack import place

__all__ = ["COUNTS", "REPLICATES", "Moments", "Outlook", "number_names", "window_of"]

F8 = NDArray[np.float64]

#: What the model counts, and the accumulated numbers that are its sum.
COUNTS: Mapping[str, tuple[Out, ...]] = MappingProxyType(
    {
        "provocations": (Out.ev2, Out.ev3, Out.ev4, Out.ev5),
        "severe_provocations": (Out.ev4, Out.ev5),
        "lethal_incidents": (Out.lethal,),
        "crises": (Out.crises,),
        "lethal_crises": (Out.crises_r3,),
        "wars": (Out.war,),
        "contacts": (Out.contacts,),
        "lines_cut": (Out.cuts,),
        "negotiations": (Out.windows,),
        "agreements": (Out.deals,),
        "collapsed_agreements": (Out.collapses,),
        "detentions": (Out.arr_det,),
        "deceptions": (Out.deceptions,),
    }
)
_COLUMNS = np.zeros((len(COUNTS), len(Out)))
for _row, _parts in zip(_COLUMNS, COUNTS.values(), strict=True):
    _row[list(_parts)] = 1.0

#: Futures of each draw and world from which the law of a count is taken: twice the lanes.
REPLICATES = 32
# What the law of all draws together weighs beside a draw's own futures, in futures.
_COMMON = 2.0


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and variance of one count: float64[world, draw] each."""

    mean: F8
    variance: F8


def number_names(case: Case) -> tuple[str, ...]:
    """Names of the numbers that a formula of a sign may use: `lam0`, `psi0`, `rho.NYC`."""
    channels = [
        f"{key}.{element}"
        for key, p in case.parameters.items()
        if p.index == "channel"
        for element in p.elements
    ]
    return (*Scalar.__members__, *channels)


def window_of(calendar: Calendar, first: dt.date, weeks: int) -> Calendar:
    """The calendar of some weeks from a day on, with the inaugurations that fall into them."""
    days = (calendar.start + dt.timedelta(weeks=w) for w in calendar.inauguration_weeks)
    inside = [(day - first).days // 7 for day in days]
    return replace(
        calendar,
        start=first,
        horizon_weeks=weeks,
        inauguration_weeks=tuple(w for w in inside if 0 <= w < weeks),
    )


class Outlook:
    """The beliefs of a run as the model holds them, and short futures under them.

    Parameters
    ----------
    worlds : ids, in the order of the run
    seed, n_draws : of the run, which give the same draws again
    """

    def __init__(
        self,
        case: Case,
        worlds: Sequence[str],
        seed: int,
        n_draws: int,
        *,
        overlay: str = "",
        threads: int | None = None,
    ) -> None:
        self.case = case
        self.worlds = tuple(worlds)
        sample = sample_beliefs(case, n_draws, seed)
        self.quantities = sample.quantities
        self.n_draws = n_draws
        self._beliefs = in_worlds(case, [case.world(w) for w in worlds], sample.beliefs)
        self._overlay = next((o for o in case.overlays if o.id == overlay), None)
        self._seed = derived_seed(seed, "signs")
        self._threads = threads
        self._known: dict[tuple[str, dt.date, int], tuple[F8, F8]] = {}

    def number(self, name: str) -> F8:
        """A number of the case as each world and draw holds it: float64[world, draw]."""
        key, _, element = name.partition(".")
        if not element:
            return np.asarray(self._beliefs.par[..., Scalar[key]].T)
        where = place(self.case, key, element)
        assert where is not None
        return np.asarray(self._beliefs.ch[..., where[0], where[1]].T)

    def held(self, quantity: str) -> F8:
        """A drawn quantity as each world holds it: float64[world, draw], as in the run's table."""
        drawn = self.quantities[quantity]
        return np.stack([held(self.case.world(w), self.case, quantity, drawn) for w in self.worlds])

    def moments(self, what: str, under: str, first: dt.date, weeks: int) -> Moments:
        """Mean and variance of a count within weeks from a day on, drawn a little together.

        A draw's own few futures tell its mean with an error; a small part of the mean of its world
        keeps a rare count from being impossible where none of them had one.
        """
        key = (under, first, weeks)
        if key not in self._known:
            self._known[key] = self._play(under, first, weeks)
        mean, variance = (part[..., list(COUNTS).index(what)] for part in self._known[key])
        common = mean.mean(axis=1, keepdims=True)
        spread = (variance.sum(axis=1) / np.maximum(mean.sum(axis=1), 1e-300))[:, None]
        own = REPLICATES / (REPLICATES + _COMMON)
        return Moments(
            own * mean + (1.0 - own) * common,
            own * variance + (1.0 - own) * spread * mean,
        )

    def _play(self, under: str, first: dt.date, weeks: int) -> tuple[F8, F8]:
        design = self._design(under, first, weeks)

        def one(draw: int) -> tuple[F8, F8]:
            beliefs = Beliefs(self._beliefs.par[draw], self._beliefs.ch[draw])
            out = simulate_replicates(design, beliefs, self._seed, draw * REPLICATES, REPLICATES)
            counts = out[:, :, 0] @ _COLUMNS.T
            return counts.mean(axis=0), counts.var(axis=0, ddof=1)

        found = each_of(range(self.n_draws), one, self._threads)
        mean, variance = (np.stack([f[i] for f in found], axis=1) for i in (0, 1))
        return mean, variance

    def _design(self, under: str, first: dt.date, weeks: int) -> Design:
        calendar = window_of(self.case.calendar, first, weeks)
        return pack_design(replace(self.case, calendar=calendar), (under,), self._overlay)
