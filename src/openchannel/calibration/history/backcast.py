"""Back-casts: what a model that knew nothing after an origin says of the years that followed.

Two kinds: the count models, fitted to the weeks before the origin; and the simulator, whose
parameters are those of the case, with the record's policies and receptivity put in as they were.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration import scores
from openchannel.calibration.history.counts import CountModel
from openchannel.calibration.history.data import DIALOGUE, History
from openchannel.calibration.history.models import ORIGINS
from openchannel.calibration.history.sampler import Chains
from openchannel.calibration.ties import historical_receptivity
from openchannel.domain import Case
from openchannel.evidence import Record
from openchannel.kernel.keys import Scalar
from openchannel.model import Beliefs, Design, central_beliefs, pack_design, simulate_path

__all__ = ["BackCast", "BackCastYear", "count_back_cast", "simulator_back_casts"]

F8 = NDArray[np.float64]
Counts = NDArray[np.int64]

_YEARS = 10
_DRAWS = 1_000
_MOVES = ("q01", "q10", "q12", "q21", "lam_open", "lam_hum", "p_close", "h_term")
_TALKING = "P4"


@dataclass(frozen=True, slots=True)
class BackCastYear:
    """One calendar year: events of the record, and the middle 80 and 95 % of what was said."""

    year: int
    recorded: int
    mean: float
    low80: float
    high80: float
    low95: float
    high95: float
    crps: float

    @property
    def is_within(self) -> bool:
        """Whether the record lies in the 95 % band."""
        return self.low95 <= self.recorded <= self.high95


@dataclass(frozen=True, slots=True)
class BackCast:
    """The years after one origin, as one model saw them."""

    model: str
    origin: dt.date
    years: tuple[BackCastYear, ...]

    def coverage(self, level: int) -> float:
        """Share of years in the 80 or 95 % band."""
        pairs = [(y.low80, y.high80) if level == 80 else (y.low95, y.high95) for y in self.years]
        return float(
            np.mean([a <= y.recorded <= b for y, (a, b) in zip(self.years, pairs, strict=True)])
        )

    @property
    def crps(self) -> float:
        """Mean over the years."""
        return float(np.mean([y.crps for y in self.years]))


def count_back_cast(
    model: CountModel, chains: Chains, history: History, origin: dt.date, seed: int
) -> BackCast:
    """Whole paths from an origin, with no event after it known; covariates as they were."""
    rng = np.random.default_rng([seed, 3])
    flat = chains.flat
    chosen = flat[np.linspace(0, len(flat) - 1, min(_DRAWS, len(flat))).astype(int)]
    first = int(np.flatnonzero(history.year >= origin.year)[0])
    years = _whole_years(history, origin)
    until = int(np.flatnonzero(history.year <= years[-1])[-1]) + 1
    drawn = model.simulate(chosen, rng, first, until)
    place = history.year[first:until]
    sums = np.stack([drawn[:, place == y].sum(axis=1) for y in years], axis=1)
    return _scored(model.id, origin, years, sums, history, model.events)


def _whole_years(history: History, origin: dt.date) -> list[int]:
    last = (
        history.end.year
        if history.end >= dt.date(history.end.year, 12, 28)
        else (history.end.year - 1)
    )
    return list(range(origin.year, min(origin.year + _YEARS - 1, last) + 1))


def _scored(
    model: str,
    origin: dt.date,
    years: Sequence[int],
    sums: Counts,
    history: History,
    events: Counts,
) -> BackCast:
    rows = []
    for i, year in enumerate(years):
        recorded = int(events[history.year == year].sum())
        drawn = sums[:, i].astype(np.float64)
        low80, high80, low95, high95 = _quantiles(drawn)
        rows.append(
            BackCastYear(
                year,
                recorded,
                float(drawn.mean()),
                float(low80),
                float(high80),
                float(low95),
                float(high95),
                _crps(sums[:, i], recorded),
            )
        )
    return BackCast(model, origin, tuple(rows))


def _crps(drawn: Counts, recorded: int) -> float:
    """The score of draws, fair to few of them."""
    shares = np.bincount(drawn) / len(drawn)
    return float(scores.crps(shares[None, :], np.array([recorded]), len(drawn))[0])


def _quantiles(drawn: F8) -> F8:
    """Ends of the middle 80 and 95 %, whole counts."""
    return np.asarray(np.percentile(drawn, [10, 90, 2.5, 97.5], method="inverted_cdf"))


def simulator_back_casts(
    case: Case, record: Record, history: History, seed: int, futures: int
) -> list[BackCast]:
    """The simulator from each origin, receptivity held to the record's, talks asked for as then.

    Everything else is the case's: its rates are those of the years since 2012, its tension and
    arsenal those of its start. A case without the policy of talks or with other weeks gives none.
    """
    known = {p.id for p in case.policies}
    if _TALKING not in known:
        return []
    beliefs = central_beliefs(case)
    beliefs.par[[Scalar[name] for name in _MOVES]] = 0.0
    weeks = case.calendar.horizon_weeks
    made = []
    for origin in ORIGINS:
        years = _whole_years(history, origin)
        n = min(weeks, 52 * len(years))
        state = historical_receptivity(record, origin, n)
        asked = np.array([_is_talking(origin + dt.timedelta(weeks=t)) for t in range(n)])
        sums = _futures(case, beliefs, state, asked, seed, futures)
        made.append(
            _scored("simulator", origin, years[: n // 52], sums, history, history.events(2))
        )
    return made


def _is_talking(day: dt.date) -> bool:
    return any(a <= day <= b for a, b in DIALOGUE)


def _futures(
    case: Case,
    beliefs: Beliefs,
    state: Counts,
    asked: NDArray[np.bool_],
    seed: int,
    futures: int,
) -> Counts:
    """Events by year of futures without a war: int64[future, year]."""
    designs = {
        False: pack_design(case, (case.status_quo,)),
        True: pack_design(case, (_TALKING,)),
    }
    cuts = [0, *(np.flatnonzero((np.diff(state) != 0) | (np.diff(asked) != 0)) + 1), len(state)]
    found = []
    for i in range(futures):
        events = _one_future(designs, beliefs, state, asked, cuts, seed, i)
        if np.isfinite(events).all():
            found.append(events.reshape(-1, 52).sum(axis=1))
    return np.asarray(found, np.int64)


def _one_future(
    designs: dict[bool, Design],
    beliefs: Beliefs,
    state: Counts,
    asked: NDArray[np.bool_],
    cuts: Sequence[int],
    seed: int,
    replicate: int,
) -> F8:
    """One future, stopped wherever the record changes to put in what was so."""
    held, path, parts = beliefs.copy(), None, []
    held.par[Scalar.R0_0], held.par[Scalar.R0_1] = float(state[0] == 0), float(state[0] == 1)
    for first, last in pairwise(cuts):
        design = designs[bool(asked[first])]
        if path is not None:
            path.future["R"] = float(state[first])
        path = simulate_path(
            design, held, seed, replicate, design.policies[0], until=int(last), resume=path
        )
        parts.append(path.column("events"))
    return np.concatenate(parts)
