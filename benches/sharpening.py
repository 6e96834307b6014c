"""What it saves to give futures where doubt is left, and to draw beliefs where much is at stake.

    python -m benches.sharpening [FUTURES]

Plays all policies of `korea` in all worlds, so many futures each, and reckons how many each
difference would need for decision grade: an error of a tenth of itself, or of the smallest
difference that matters. Then plays further futures for the main pair and compares their error with
what as many plain futures would have had.
"""

from __future__ import annotations

import os
import sys
import time

import numpy as np

import openchannel as oc
from openchannel.analysis import Findings
from openchannel.analysis.sharpening import allocate, needed
from openchannel.ensemble import Ensemble, make_plan, run_plan, sample_beliefs
from openchannel.model import pack_design

SEEDS = range(1, 9)
MORE = 4096


def first_run(case, futures: int) -> Findings:
    """A plain run of every policy in every world."""
    policies = tuple(p.id for p in case.policies if not p.variant)
    plan = make_plan(
        case_fingerprint="", seed=1, futures=futures, policies=policies, baseline=case.baseline,
        worlds=tuple(w.id for w in case.worlds), ranges=True, overlay="",
        horizon_weeks=case.calendar.horizon_weeks,
    )  # fmt: skip
    sample = sample_beliefs(case, plan.n_draws, plan.seed)
    ensemble = Ensemble(case, plan, pack_design(case, policies), sample, case.worlds)
    return Findings(case, plan, run_plan(ensemble), case.worlds, 1.0)


def allocation(need: np.ndarray) -> None:
    """Futures for all differences together, given alike or where they are needed."""
    places = need.size - need.shape[0]
    spread = need[need > 0]
    print(f"{len(spread)} of {places} differences in doubt; futures until each is of grade:\n")
    print("| | futures of all policies and worlds | times fewer |")
    print("|---|---|---|")
    alike = float(spread.max()) * places
    print(f"| the same everywhere | {alike:.3g} | 1 |")
    print(f"| where they are needed | {spread.sum():.3g} | {alike / spread.sum():.1f} |")
    budget = 0.1 * spread.sum()
    given = allocate(need, budget)[need > 0]
    same = np.full_like(spread, budget / len(spread))
    rms = [np.sqrt((spread / n).mean()) for n in (same, given)]
    print(
        f"\nWith a tenth of that, root mean square error in units of its goal: {rms[0]:.2f} given"
    )
    print(f"alike to those in doubt, {rms[1]:.2f} as allocated.\n")


def draws() -> None:
    """Error of further futures against that of as many plain ones, for the main pair."""
    # Sums of squared errors, plain and ours, of as many futures: rare large differences make the
    # error of any one run too small more often than too large.
    squares: dict[str, np.ndarray] = {}
    begin = time.process_time()
    for seed in SEEDS:
        found = oc.assess(
            "korea", policies=["P7"], futures=MORE, seed=seed, sharpen=MORE, threads=1
        ).summary
        for world, own in found["sharpened"]["worlds"].items():
            plain = found["worlds"][world]["policies"]["P7"]["versus_baseline"]["p_war"]
            ours = own["P7"]
            fair = plain["mcse"] ** 2 * found["futures"] / ours["futures"]
            squares[world] = squares.get(world, 0.0) + np.array([fair, ours["p_war"]["mcse"] ** 2])
    spent = time.process_time() - begin
    print(f"Futures spared by draws as of `--sharpen`, P7; {len(SEEDS)} runs, {spent:.0f} s:\n")
    print("| world | plain futures for one |")
    print("|---|---|")
    for world, (fair, ours) in squares.items():
        print(f"| {world} | {fair / ours:.1f} |")


def main() -> None:
    """Print the tables."""
    futures = int(sys.argv[1]) if len(sys.argv) > 1 else 4096
    found = first_run(oc.load("korea"), futures)
    print(f"A first run of {futures} futures each; load of the machine {os.getloadavg()[0]:.1f}.\n")
    allocation(needed(found))
    draws()


if __name__ == "__main__":
    main()
