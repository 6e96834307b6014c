"""How far the printed error of a mean over beliefs is from the true one.

    python -m benches.scrambles [RUNS [DRAWS]]

The printed error treats belief draws as independent; they are one scrambled Sobol sequence. Runs
with seeds of their own are independent, so the spread of their means is the true error, luck and
all. Their ratio is printed for each of some numbers: under 1, the printed error is too large.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

import openchannel as oc
from openchannel.analysis import Estimates
from openchannel.ensemble import Ensemble, make_plan, run_plan, sample_beliefs
from openchannel.model import pack_design

POLICIES = ("P0", "P7")
REPLICATES = 8
DIFFERENCES = (
    "p_war", "p_nuclear_use", "composite_loss", "crises", "provocations_per_year",
    "reliability_24h", "thickness_channels",
)  # fmt: skip
LEVELS = ("p_war", "fatalities", "crises", "arsenal_warheads")


def numbers(case, design, draws: int, seed: int) -> dict[str, tuple[float, float]]:
    """Mean and printed error of each number in one run."""
    plan = make_plan(
        case_fingerprint="", seed=seed, futures=draws * REPLICATES, policies=POLICIES,
        baseline="P0", worlds=tuple(w.id for w in case.worlds), ranges=True, overlay="",
        horizon_weeks=case.calendar.horizon_weeks,
    )  # fmt: skip
    plan = replace(plan, n_draws=draws, n_replicates=REPLICATES, groups_per_draw=1)
    sample = sample_beliefs(case, draws, seed)
    collected = run_plan(Ensemble(case, plan, design, sample, case.worlds))
    weights = np.array([w.weight for w in case.worlds])
    views = {"pooled": weights / weights.sum()}
    views |= {w.id: np.eye(len(weights))[i] for i, w in enumerate(case.worlds)}
    found = {}
    for view, share in views.items():
        of = Estimates(collected, share, np.arange(draws))
        for metric in DIFFERENCES:
            one = of.difference(metric, 1, 0)[0]
            found[f"difference in {metric}, {view}"] = (one.mean, one.mcse)
        for metric in LEVELS:
            one = of.estimate(metric, 0)
            found[f"{metric} of P0, {view}"] = (one.mean, one.mcse)
    return found


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 48
    draws = int(sys.argv[2]) if len(sys.argv) > 2 else 128
    case = oc.load("korea")
    design = pack_design(case, POLICIES)
    rows = [numbers(case, design, draws, seed) for seed in range(1, runs + 1)]
    print(
        f"{runs} runs of {draws} draws; each ratio is known to {1 / np.sqrt(2 * runs - 2):.0%}.\n"
    )
    print("| number | spread of means | printed error | ratio |")
    print("|---|---|---|---|")
    for name in rows[0]:
        values = np.array([row[name] for row in rows])
        spread = values[:, 0].std(ddof=1)
        printed = float(np.sqrt((values[:, 1] ** 2).mean()))
        print(f"| {name} | {spread:.3g} | {printed:.3g} | {spread / printed:.2f} |")


if __name__ == "__main__":
    main()
