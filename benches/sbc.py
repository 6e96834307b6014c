"""Simulation-based calibration of the count model: `python -m benches.sbc [SERIES]`.

Draws a vector from the prior, a series from the vector, and the posterior from the series; the rank
of the truth among the draws is uniform if density, gradient and sampler are right (Talts and
others 2018). Prints the chi-square of the ranks in ten boxes for every parameter, self-excitation,
a covariate and a group of four included.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from scipy import stats

from openchannel.calibration.history.counts import CountModel, Group, columns_of
from openchannel.calibration.history.sampler import Sizes, sample

WEEKS, BOXES, RANKS = 120, 10, 39


def model() -> CountModel:
    """A covariate, a group of four and self-excitation over 120 weeks."""
    flags = np.random.default_rng(1).random(WEEKS) < 0.3
    columns, names = columns_of([("covariate", flags)], WEEKS)
    group = Group("group", np.repeat(np.arange(4), WEEKS // 4), ("a", "b", "c", "d"))
    none = np.zeros(WEEKS, np.int64)
    return CountModel("sbc", "sbc", none, columns, names, (group,), is_exciting=True)


def main(series: int = 200) -> None:
    """Rank every parameter and print one line for each."""
    blank, rng, begun = model(), np.random.default_rng(2026), time.perf_counter()
    names = blank.parameters
    ranks = np.zeros((len(names), BOXES))
    for i in range(series):
        truth = blank.draw_prior(rng)
        events = blank.simulate(truth[None], rng)[0]
        made = CountModel(
            "sbc", "sbc", events, blank.columns, blank.names, blank.groups, is_exciting=True
        )
        draws = sample(made, i, Sizes(1, 300, 390), cores=1).flat[::10]
        for j, rank in enumerate((draws[:RANKS] < truth).sum(axis=0)):
            ranks[j, rank * BOXES // (RANKS + 1)] += 1
    expected = series / BOXES
    print(f"{series} series of {WEEKS} weeks, {time.perf_counter() - begun:.0f} s")
    for name, row in zip(names, ranks, strict=True):
        chi = float(((row - expected) ** 2 / expected).sum())
        print(f"{name:24s} chi2 {chi:5.1f}  p {stats.chi2.sf(chi, BOXES - 1):.3f}")


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))
