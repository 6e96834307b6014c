"""The right to scale up: worth nothing where ties do nothing, the same for any threads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from openchannel.analysis.hedge import (
    _best,
    _best_leaf,
    _Runs,
    _sources,
    _switches,
    hedge_of,
)
from openchannel.analysis.measured import Measured
from openchannel.analysis.starts import BRANCHES, arm_id, starts_of
from openchannel.casefile import load_case
from openchannel.domain import Case


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("korea")


def _one(case: Case, world: str) -> Case:
    """A case in which one school of thought holds, and one policy may grow."""
    dropped = {p.id for p in starts_of(case)[1:]}
    kept = tuple(p for p in case.policies if p.id not in dropped)
    return replace(case, worlds=(case.world(world),), policies=kept)


def test_where_ties_do_nothing_the_hedge_is_worth_nothing(case: Case) -> None:
    """With all tie effects null no branch is measurably better than holding, and to hold is best.

    Four standard errors, so that luck alone fails it once in 30,000 seeds; what growing costs may
    be measured.
    """
    found = hedge_of(_one(case, "W3"), 256, 3)
    (start,) = found.starts
    assert found.best.leaf == ("", "")
    assert start.card is not None
    for rule in (start.card.rules.least_squares, start.card.rules.by_card):
        # To stop saves the money of a start that does nothing: some five equivalent deaths.
        assert rule.value.mean <= 10.0 + 4.0 * rule.value.mcse
    assert [b.id for b in start.branches] == list(BRANCHES)
    assert start.best == "hold"
    for branch in start.branches:
        assert branch.value.mean <= 4.0 * branch.value.mcse
    for source in found.sources:
        assert source.value.mean == 0.0, "what is off already cannot be switched off"


def test_a_branch_is_best_only_if_the_other_half_confirms_it() -> None:
    """One that shines on even draws alone is not named; one that shines on all is."""
    rng = np.random.default_rng(1)
    nothing = np.zeros(64)
    lucky = rng.normal(0.0, 1.0, 64)
    lucky[::2] += 5.0
    assert _best({"hold": nothing, "now": lucky}, "hold") == "hold"
    assert _best({"hold": nothing, "now": lucky + 5.0}, "hold") == "now"
    assert _best({"hold": nothing, "now": nothing - 1.0}, "hold") == "hold"


def test_two_targets_are_two_leaves(case: Case) -> None:
    """The best target at once is named by itself, also where another start leads elsewhere."""
    one, two = starts_of(case)[:2]
    two = replace(two, rules=replace(two.rules, target="P5"))
    ids = [case.baseline, *(arm_id(s, b) for s in (one, two) for b in BRANCHES)]
    at = {p: i for i, p in enumerate(dict.fromkeys(ids))}
    loss = np.full((64, len(at)), 100.0)
    loss[:, at[one.rules.target]] = 10.0
    loss[:, at["P5"]] = 30.0
    loss += np.random.default_rng(2).normal(0.0, 1.0, (64, 1))
    for starts in ((one, two), (two, one)):
        best = _best_leaf(case, starts, loss, at)
        assert best.leaf == (one.rules.target, "now")
        assert best.rival == ("P5", "now")
        assert best.lead.mean == pytest.approx(20.0)


def test_threads_change_nothing(case: Case) -> None:
    """The same seed gives the same findings on one thread and on two.

    The price of waiting is the loss of P16, built on demand, above that of P7 on the same futures.
    """
    small = _one(case, "W5")
    found = hedge_of(small, 128, 5, threads=1)
    assert found == hedge_of(small, 128, 5, threads=2)
    late, now = _Runs(small, 8, 5, None).levels(["P16", "P7"], [()], 8)[:, 0, 0, :, 0].T
    assert found.waiting == {"P16": Measured.of(late - now)}
    assert found.waiting["P16"].mean != 0.0


def test_where_ties_do_much_their_value_and_the_option_on_shocks_are_measured(case: Case) -> None:
    """With W5 alone all effects of ties, and the capture of shocks among them, lower the loss.

    The capture of shocks lies three errors above nought at this size, all effects some twenty; each
    is below the whole gain of the focal policy.
    """
    one, draws = _one(case, "W5"), 2048
    runs = _Runs(one, 2 * draws, 5, None)
    base, focal = runs.levels([one.baseline, one.focal], [()], draws)[:, 0, 0, :, 0].T
    switches = {k: v for k, v in _switches(one).items() if k in ("captures", "all")}
    captures, every = _sources(runs, base - focal, float(base.mean()), switches)
    assert (captures.id, every.id) == ("captures", "all")
    assert captures.value.mean > 2.0 * captures.value.mcse > 0.0
    assert every.value.mean > 10.0 * every.value.mcse > 0.0
    assert captures.value.mean < every.value.mean / 10.0
