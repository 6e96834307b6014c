"""Memory of the process that collects, from a hundred thousand futures to a thousand million.

    python -m benches.head_memory [MOST [WORKERS]]

What is measured is the collecting: plan, executor, assembly, sums, checkpoint. The simulation is
replaced by a piece of ready-made sums, so that a run of any size takes minutes. With WORKERS the
pieces come from so many Dask workers of this machine (each piece then takes a hundredth of a
second, as short pieces do); without, from the thread that collects. Each size runs in a process of
its own; its peak is what the operating system counted.
"""

from __future__ import annotations

import copy
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openchannel as oc
from openchannel.ensemble import (
    Checkpoint,
    Ensemble,
    Sequential,
    executor,
    make_plan,
    run_plan,
    sample_beliefs,
)
from openchannel.ensemble.collect import GroupSums
from openchannel.ensemble.plan import Group, Piece
from openchannel.model import pack_design

POLICIES = ("P0", "P7")
SIZES = (10**5, 10**6, 10**7, 10**8, 10**9)


class Ready(Ensemble):
    """An ensemble whose pieces are made beforehand; `PAUSE` seconds stand for their work."""

    sums: GroupSums | None = None

    def __reduce__(self):
        return Ready, self._made_of

    def compute(self, part: Group | Piece) -> GroupSums:
        if self.sums is None:
            self.sums = super().compute(Group(0, 0, 0, 8))
        time.sleep(float(os.environ.get("PAUSE", "0")))
        return copy.deepcopy(self.sums)


def one(futures: int, workers: int) -> None:
    """Run one size, and print pieces, seconds and peak memory in MiB."""
    case = oc.load("korea")
    plan = make_plan(
        case_fingerprint="", seed=1, futures=futures, policies=POLICIES, baseline="P0",
        worlds=tuple(w.id for w in case.worlds), ranges=True, overlay="", horizon_weeks=520,
    )  # fmt: skip
    sample = sample_beliefs(case, plan.n_draws, 1)
    ensemble = Ready(case, plan, pack_design(case, POLICIES), sample, case.worlds)
    pieces = sum(1 for g in plan.groups() for _ in plan.pieces(g))
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = Checkpoint(Path(folder), plan.fingerprint)
        if workers:
            with executor("local", workers) as dask:
                run_plan(ensemble, executor=dask, checkpoint=checkpoint)
        else:
            run_plan(ensemble, executor=Sequential(), checkpoint=checkpoint)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(plan.n_draws, pieces, f"{time.perf_counter() - begin:.1f}", f"{peak:.0f}")


def main() -> None:
    """Print the table and the slope."""
    most = int(float(sys.argv[1])) if len(sys.argv) > 1 else SIZES[-1]
    workers = sys.argv[2] if len(sys.argv) > 2 else "0"
    pause = {"PAUSE": "0.01"} if workers != "0" else {}
    print("| futures a policy and world | belief draws | pieces | seconds | peak memory, MiB |")
    print("|---|---|---|---|---|")
    peaks = []
    for futures in (s for s in SIZES if s <= most):
        done = subprocess.run(
            [sys.executable, "-m", "benches.head_memory", "--one", str(futures), workers],
            capture_output=True, text=True, check=True, env={**os.environ, **pause},
        )  # fmt: skip
        draws, pieces, seconds, peak = done.stdout.split()
        peaks.append((futures, float(peak)))
        print(f"| {futures:,} | {draws} | {int(pieces):,} | {seconds} | {peak} |", flush=True)
    (few, low), (many, high) = peaks[0], peaks[-1]
    if many > few:
        decades = math.log10(many / few)
        print(f"\n{(high - low) / decades:+.1f} MiB for each tenfold of futures.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
