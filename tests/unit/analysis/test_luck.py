"""Distributions over futures, on runs whose truth is known."""

import numpy as np
import pytest

from openchannel.analysis.luck import OverLuck
from openchannel.ensemble.bins import LinearBins
from openchannel.ensemble.collect import Collected, GroupSums
from openchannel.kernel.keys import Out
from openchannel.model.metrics import EXTRAS, METRICS, metric_index

GROUPS, SIZE = 40, 50


def run(deaths: np.ndarray, warheads: np.ndarray, war: np.ndarray) -> Collected:
    """Two policies in one world; `deaths`, `warheads`, `war` are [future, policy]."""
    collected = Collected(np.full(GROUPS, SIZE), 1, 2)
    for group in range(GROUPS):
        here = slice(group * SIZE, (group + 1) * SIZE)
        out = np.zeros((SIZE, 1, 2, len(Out)))
        out[:, 0, :, Out.W_T] = warheads[here]
        out[:, 0, :, Out.war] = war[here]
        values = np.zeros((SIZE, 1, 2, len(METRICS) + len(EXTRAS)))
        values[:, 0, :, metric_index("fatalities_raw")] = deaths[here]
        sums = GroupSums.empty(1, 2)
        sums.take(out, values, np.ones((SIZE, 1, 2, sums.divisors.shape[-1])),
                  deaths[here][:, None], 0)  # fmt: skip
        collected.add(group, sums)
    return collected


@pytest.fixture(scope="module")
def truth() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Deaths of two policies, a normal arsenal, and war in a tenth of the futures."""
    rng = np.random.default_rng(4)
    n = GROUPS * SIZE
    deaths = rng.lognormal(5.0, 2.0, (n, 1)) * np.where(rng.random((n, 2)) < 0.3, 1.0, 2.0)
    return deaths, rng.normal(130.0, 20.0, (n, 2)), (rng.random((n, 2)) < 0.1).astype(float)


def test_percentiles_come_from_bins_and_have_errors(truth) -> None:  # noqa: ANN001
    """D4, D11: within a bin of the sample's own percentile; survivors alone have an arsenal."""
    deaths, warheads, war = truth
    found = OverLuck(run(*truth), np.ones(1), np.zeros(GROUPS, np.int64)).alone(1)
    value, error = found["deaths_p95"]
    assert value == pytest.approx(np.percentile(deaths[:, 1], 95), rel=0.12)
    assert 0.0 < error < 0.25 * value
    alive = warheads[war[:, 1] == 0.0, 1]
    for name, q in (("arsenal_p05", 5), ("arsenal_p50", 50), ("arsenal_p95", 95)):
        assert found[name][0] == pytest.approx(np.percentile(alive, q), abs=2.0)
    share = (deaths[:, 1] > 1e4).mean()
    assert found["deaths_over_10k"][0] == pytest.approx(share)
    expected = np.sqrt(share * (1 - share) / len(deaths))
    # The error from 40 groups is itself good to one part in nine.
    assert found["deaths_over_10k"][1] == pytest.approx(expected, rel=0.35)


def test_paired_shares_and_sizes_where_it_is_better_and_worse(truth) -> None:  # noqa: ANN001
    """D20 to D22: sizes are given apart for futures that end better and for those that end worse."""
    deaths, _, war = truth
    over = OverLuck(run(*truth), np.ones(1), np.zeros(GROUPS, np.int64))
    found, gain = over.paired(1), deaths[:, 0] - deaths[:, 1]
    assert found["loss_lower"][0] == pytest.approx((gain > 0).mean())
    assert found["loss_equal"][0] == pytest.approx((gain == 0).mean())
    for name, side, q in (("better", gain > 0, 50), ("worse", gain < 0, 50)):
        value = found[f"gain_where_{name}_p50"][0]
        assert value == pytest.approx(np.percentile(gain[side], q), rel=0.12)
    avoided = (war[:, 1] < war[:, 0]).sum()
    caused = (war[:, 1] > war[:, 0]).sum()
    ratio, error = over.discordance(1)
    assert ratio == pytest.approx(avoided / caused)
    assert error == pytest.approx(ratio * np.sqrt(1 / avoided + 1 / caused), rel=0.4)


def test_where_nothing_happened_nothing_is_given() -> None:
    """No survivor, no futures that end worse, no war caused: undefined, not nought."""
    n = GROUPS * SIZE
    same = run(np.ones((n, 2)), np.ones((n, 2)), np.ones((n, 2)))
    over = OverLuck(same, np.ones(1), np.zeros(GROUPS, np.int64))
    assert np.isnan(over.alone(1)["arsenal_p50"][0])
    assert np.isnan(over.paired(1)["gain_where_worse_p50"][0])
    assert np.isnan(over.discordance(1)[0])
    assert over.paired(1)["loss_equal"] == (1.0, 0.0)


def test_linear_bins_hold_what_lies_beyond_them() -> None:
    """Numbers outside the bins go to the nearest one, and each lies in the bin of its centre."""
    bins = LinearBins(-1.0, 0.01, 500)
    assert np.array_equal(bins.index(bins.centres()), np.arange(500))
    assert [0, 499] == bins.index(np.array([-9.0, 9.0])).tolist()
