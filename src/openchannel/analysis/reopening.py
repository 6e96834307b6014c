"""What it costs to close a programme and open it again: the same levers, other ties.

The focal policy is played without a break, closed for some time in the middle and opened again,
closed for good, and never begun, on the same luck. Levers are the same soon after the reopening;
what is missing then is what the closing cost in ties, and how long that lasts is the hysteresis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.common_luck import each_of, in_worlds, weights_of
from openchannel.analysis.estimates import influence
from openchannel.analysis.measured import Measured, standard_error
from openchannel.domain import Case, Condition, Policy, Rules, Trigger
from openchannel.domain.lengths import WEEKS_A_YEAR
from openchannel.kernel.keys import Out, Scalar
from openchannel.kernel.records import LANES
from openchannel.model import Beliefs, Forks, metric_values, pack_design, simulate_forks
from openchannel.model.metrics import metric_index

__all__ = ["CLOSED_WEEKS", "Closing", "Reopening", "reopening_of"]

F8 = NDArray[np.float64]

#: How long the programme is closed.
CLOSED_WEEKS = (26, 52, 104)
_AFTER = 3  # years after the reopening that are looked at


@dataclass(frozen=True, slots=True)
class Closing:
    """One length of closing.

    price : loss above that of the programme without a break
    missing : share of the gain in effective channels that is missing in each year after reopening
    """

    weeks: int
    price: Measured
    missing: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Reopening:
    """The focal policy closed after some years.

    built : effective channels above the status quo in the year before the closing
    for_good : loss of closing for good above that of the programme without a break
    """

    after_weeks: int
    built: Measured
    closings: tuple[Closing, ...]
    for_good: Measured


def reopening_of(
    case: Case, beliefs: Beliefs, seed: int, threads: int | None = None
) -> Reopening | None:
    """Close the focal policy two fifths of the way, and open it again; None on short horizons.

    Parameters
    ----------
    beliefs : par float64[draw, Scalar], ch float64[draw, channel, Column]
    """
    close = WEEKS_A_YEAR * (2 * case.calendar.horizon_weeks // (5 * WEEKS_A_YEAR))
    longest = close + max(CLOSED_WEEKS) + _AFTER * WEEKS_A_YEAR
    if close < WEEKS_A_YEAR or longest > case.calendar.horizon_weeks:
        return None
    arms = _arms(case, close)
    ends = sorted(
        {close, *(close + w + WEEKS_A_YEAR * y for w in CLOSED_WEEKS for y in range(_AFTER + 1))}
    )
    forks = _forks(arms, close, [close - WEEKS_A_YEAR, *ends])
    loss, channels = _play(case, arms, forks, beliefs, seed, threads)
    at = {name: x for x, name in enumerate(arms)}

    def gap(first: str, second: str, start: int, end: int) -> F8:
        """Effective channels by which one arm lies above another over a year."""
        total = channels[end] - channels[start]
        return np.asarray((total[:, at[first]] - total[:, at[second]]) / WEEKS_A_YEAR)

    closings = []
    for weeks in CLOSED_WEEKS:
        name = str(weeks)
        opens = [close + weeks + WEEKS_A_YEAR * y for y in range(_AFTER + 1)]
        missing = [
            _ratio(gap("open", name, a, b), gap("open", "never", a, b)) for a, b in pairwise(opens)
        ]
        price = Measured.of(loss[:, at[name]] - loss[:, at["open"]])
        closings.append(Closing(weeks, price, tuple(missing)))
    return Reopening(
        close,
        Measured.of(gap("open", "never", close - WEEKS_A_YEAR, close)),
        tuple(closings),
        Measured.of(loss[:, at["for good"]] - loss[:, at["open"]]),
    )


def _ratio(top: F8, bottom: F8) -> Measured:
    """A ratio of means over draws with its error."""
    return Measured(
        float(top.mean() / bottom.mean()) if bottom.mean() else float("nan"),
        standard_error(influence(top, bottom)),
    )


def _between(first: int, last: int, action: str) -> Trigger:
    weeks = Condition("week", ">=", float(first)), Condition("week", "<=", float(last))
    return Trigger(weeks, action)  # type: ignore[arg-type]


def _arms(case: Case, close: int) -> Mapping[str, Policy]:
    """The status quo with the focal policy as its second stage, by when it is in force."""
    end = case.calendar.horizon_weeks
    focal, base = case.policy(case.focal), case.policy(case.status_quo)
    # A closing must not make it likelier that an administration ends the programme altogether.
    levers = replace(base.levers, persist=focal.levers.persist)
    opened, shut = _between(1, close - 1, "become"), "step_back"
    plans: dict[str, tuple[Trigger, ...]] = {
        "never": (),
        "open": (_between(1, end, "become"),),
        "for good": (opened, _between(close, end, shut)),
    }
    for weeks in CLOSED_WEEKS:
        again = close + weeks
        plans[str(weeks)] = (
            opened, _between(close, again - 1, shut), _between(again, end, "become"),
        )  # fmt: skip
    return {
        name: replace(
            base,
            id=f"reopening {name}",
            levers=levers,
            rules=Rules(target=focal.id, triggers=triggers),
        )
        for name, triggers in plans.items()
    }


def _forks(arms: Iterable[str], close: int, looks: Sequence[int]) -> Forks:
    """A closing goes its own way from the last week before it, an opening likewise."""
    place = {name: x for x, name in enumerate(arms)}
    parts = {"never": ("never", 0), "open": ("open", 0), "for good": ("open", close - 1)}
    parts |= {str(weeks): ("for good", close + weeks - 1) for weeks in CLOSED_WEEKS}
    parents = np.array([place[parts[name][0]] for name in place])
    begins = np.array([parts[name][1] for name in place])
    return Forks(parents, begins, np.array(looks))


def _play(
    case: Case,
    arms: Mapping[str, Policy],
    forks: Forks,
    beliefs: Beliefs,
    seed: int,
    threads: int | None,
) -> tuple[F8, dict[int, F8]]:
    """Loss float64[draw, arm], and channel weeks by each look float64[draw, arm], by its week."""
    widened = replace(case, policies=(*case.policies, *arms.values()))
    design = pack_design(widened, [p.id for p in arms.values()])
    held = in_worlds(case, case.worlds, beliefs)
    world = weights_of(case.worlds)

    def pooled(values: F8) -> F8:
        """Over replicates and worlds: float64[..., arm] of float64[..., replicate, world, arm]."""
        return np.asarray(np.tensordot(values.mean(axis=-3), world, axes=(-2, 0)))

    def play(d: int) -> tuple[F8, F8]:
        one = Beliefs(held.par[d], held.ch[d])
        out, seen = simulate_forks(design, forks, one, seed, d * LANES, LANES)
        top, _ = metric_values(out, case.weights, one.par[:, Scalar.vsl_musd])
        return pooled(top[..., metric_index("composite_loss")]), pooled(seen[..., Out.K_eff])

    played = each_of(range(len(beliefs.par)), play, threads)
    loss, channels = (np.stack(part) for part in zip(*played, strict=True))
    return loss, {int(week): channels[:, i] for i, week in enumerate(forks.looks)}
