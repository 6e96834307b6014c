"""Speed of the kernel against NumPy over futures and against plain Python, in one run.

    python -m benches [ROUNDS]

Same specification, 520 weeks, 11 channels, one core each, taken in turn so that a machine whose
speed drifts slows all three alike; medians of the rounds and of the ratios are printed. The kernel
is timed twice: on one policy in one world, the work the other two do, and on all policies in all
worlds, as `assess` runs it, where the luck of a replicate is drawn once for all.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "tests"), str(Path(__file__).parent)]

import numpy as np
from naive import reference_values as ref
from numpy_futures import simulate_many as numpy_futures
from plain_futures import simulate_many as plain_futures

import openchannel as oc
from openchannel.model import (
    Beliefs,
    central_beliefs,
    pack_design,
    simulate_replicates,
    world_beliefs,
)

POLICY = "P7"


def kernel(policies: tuple[str, ...], n_worlds: int) -> Callable[[int], int]:
    """A function that runs so many replicates and says how many futures they were."""
    case = oc.load("korea-reference")
    design = pack_design(case, policies)
    views = [world_beliefs(case, w, central_beliefs(case)) for w in case.worlds[-n_worlds:]]
    beliefs = Beliefs(np.stack([v.par for v in views]), np.stack([v.ch for v in views]))

    def run(n: int) -> int:
        out = simulate_replicates(design, beliefs, 1, 0, n)
        return int(np.prod(out.shape[:3]))

    return run


def rate(run: Callable[[int], int], n: int) -> float:
    """Futures a second of processor time."""
    begin = time.process_time()
    futures = run(n)
    return futures / (time.process_time() - begin)


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    every = tuple(p.id for p in oc.load("korea-reference").policies if not p.variant)
    stages, rules = ref.stages(POLICY), ref.RULES[POLICY]
    common = (ref.PARAMETERS, ref.COLUMNS, stages, rules, ref.CALENDAR, 520)

    def numpy_run(n: int) -> int:
        numpy_futures(*common, n, 1)
        return n

    def plain_run(n: int) -> int:
        plain_futures(*common, n, 1)
        return n

    runs = {
        "plain Python, `random`": (plain_run, 12),
        "NumPy over futures": (numpy_run, 4096),
        "kernel, one policy": (kernel((POLICY,), 1), 8000),
        f"kernel, {len(every)} policies in 5 worlds": (kernel(every, 5), 100),
    }
    for run, _ in runs.values():
        run(4)
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, (run, n) in runs.items():
            rates[name].append(rate(run, n))
    plain, vectorised = (rates[k] for k in list(runs)[:2])
    print("| implementation | futures a second and core | against plain Python | against NumPy |")
    print("|---|---|---|---|")
    for name, found in rates.items():
        to_plain = statistics.median(a / b for a, b in zip(found, plain, strict=True))
        to_numpy = statistics.median(a / b for a, b in zip(found, vectorised, strict=True))
        print(
            f"| {name} | {statistics.median(found):,.0f} | {to_plain:,.1f} | {to_numpy:,.2f} |"
        )


if __name__ == "__main__":
    main()
