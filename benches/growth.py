"""How cost grows with the size of the question: slopes of log time over log size, expected 1.

Processor time of one core for all that `assess` does with a group of futures, least of three. A
slope under 1 means that something is shared: the luck of a replicate is drawn once for all policies
and all worlds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

import openchannel as oc
from openchannel.domain import Case
from openchannel.ensemble import Ensemble, Sequential, make_plan, run_plan, sample_beliefs
from openchannel.model import Beliefs, Design, pack_design, simulate_replicates
from openchannel.model.pack import central_beliefs

FEW, FUTURES = ("P0", "P7"), 2048
_CASE = "korea-reference"


@dataclass(frozen=True)
class Growth:
    """Sizes, seconds of each, and the slope of one line through both logarithms."""

    what: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def slope(self) -> float:
        return float(np.polyfit(np.log(self.sizes), np.log(self.seconds), 1)[0])


def _run(case: Case, policies: tuple[str, ...], futures: int, draws: int = 0) -> Callable[[], None]:
    plan = make_plan(
        case_fingerprint="", seed=1, futures=futures, policies=policies, baseline=case.baseline,
        worlds=("W5",), ranges=True, overlay="", horizon_weeks=case.calendar.horizon_weeks,
    )  # fmt: skip
    if draws:
        plan = replace(plan, n_draws=draws, n_replicates=futures // draws, groups_per_draw=1)
    sample = sample_beliefs(case, plan.n_draws, 1)
    design = pack_design(case, policies)
    ensemble = Ensemble(case, plan, design, sample, [case.world("W5")])
    return lambda: run_plan(ensemble, executor=Sequential())


def _with_channels(case: Case, n: int) -> Callable[[], None]:
    """So many channels, the case's own taken again as often as needed, each on its own luck."""
    central, design = central_beliefs(case), pack_design(case, FEW)
    place = np.arange(n) % len(case.channels)
    changed = Design(
        design.policies, design.lever, np.ascontiguousarray(design.cadence[..., place]),
        design.rule, np.arange(n, dtype=np.int64), design.inauguration, design.exercise,
    )  # fmt: skip
    beliefs = Beliefs(central.par[None], np.ascontiguousarray(central.ch[None, place]))
    return lambda: simulate_replicates(changed, beliefs, 1, 0, FUTURES)


def _with_weeks(case: Case, n: int) -> Callable[[], None]:
    changed = replace(case, calendar=replace(case.calendar, horizon_weeks=n))
    return _run(changed, tuple(p.id for p in case.policies), 256)


def _least(run: Callable[[], None]) -> float:
    run()  # whatever must be compiled is
    spent = []
    for _ in range(3):
        begin = time.process_time()
        run()
        spent.append(time.process_time() - begin)
    return min(spent)


def measure() -> list[Growth]:
    """All five."""
    case = oc.load(_CASE)
    policies = tuple(p.id for p in case.policies)
    ways: dict[str, tuple[tuple[int, ...], Callable[[int], Callable[[], None]]]] = {
        "weeks": ((130, 260, 520, 1040), lambda n: _with_weeks(case, n)),
        "channels": ((11, 22, 44), lambda n: _with_channels(case, n)),
        "policies": ((2, 4, 8, 16), lambda n: _run(case, policies[:n], FUTURES // 4)),
        "belief draws, 16 futures each": ((64, 256, 1024), lambda n: _run(case, FEW, 16 * n, n)),
        "futures, 64 belief draws": ((1024, 4096, 16_384), lambda n: _run(case, FEW, n, 64)),
    }
    return [
        Growth(what, sizes, tuple(_least(make(n)) for n in sizes))
        for what, (sizes, make) in ways.items()
    ]
