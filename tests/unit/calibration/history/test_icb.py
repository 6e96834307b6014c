"""Severity of crises on ICB's scales: known answers, pooling, agreement with rungs, and limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, special, stats

from openchannel.calibration.history.icb import IcbSeverity, icb_severity
from openchannel.calibration.history.ladder import pooled_rises, rises, step_law
from openchannel.evidence import Record
from openchannel.evidence.imports.scales import builtin_scales
from openchannel.evidence.keeping.crises import ListedCrisis
from openchannel.usecases.evidence.record import open_record

NAMES = {1: "none", 2: "minor", 3: "serious", 4: "war"}
NUMBERS = (224, 233, 274, 408, 420, 441, 450, 459, 461, 462, 469, 475, 477, 487)
"""Crises of the list that the built-in record names, by day."""


@pytest.fixture(scope="module")
def record() -> Iterator[Record]:
    with open_record("korea") as opened:
        yield opened


def _listed(violence: dict[int, int], **more: int) -> list[ListedCrisis]:
    """Crises of these numbers with levels made up here."""
    return [
        ListedCrisis(n, f"crisis {n}", dt.date(1990, 1, 1), frozenset({"PRK", "USA"}),
                     {"viol": v, **more})
        for n, v in violence.items()
    ]  # fmt: skip


def _world(groups: dict[int, list[int]]) -> list[ListedCrisis]:
    return [
        ListedCrisis(1000 * g + i, "elsewhere", dt.date(1970, 1, 1), frozenset({"CHN", "VNM"}),
                     {"viol": v, "iwcmb": 1, "protrac": 2, "pcid": g})
        for g, levels in groups.items()
        for i, v in enumerate(levels)
    ]  # fmt: skip


def _found(record: Record, listed: list[ListedCrisis]) -> IcbSeverity:
    return icb_severity(record, listed, builtin_scales())


# --- the ladder --------------------------------------------------------------------------------


def test_a_ladder_alone_is_a_product_of_beta_laws() -> None:
    """Seven of 14 climb the first step, none the second: Jeffreys' posteriors in closed form.

    Monte Carlo: 40,000 draws, so that 0.01 is beyond four errors of any of them.
    """
    found = rises(np.array([1] * 7 + [2] * 7), NAMES, 1)
    first = stats.beta(7.5, 7.5)
    assert [(r.level, r.reached, r.n) for r in found] == [(2, 7, 14), (3, 0, 14), (4, 0, 14)]
    assert found[0].mean == pytest.approx(0.5, abs=0.005)
    assert (found[0].low, found[0].high) == pytest.approx(first.ppf([0.025, 0.975]), abs=0.01)
    assert found[1].mean == pytest.approx(0.5 * 0.5 / 8, abs=0.002)
    assert found[2].mean == pytest.approx(0.5 * 0.5 / 8 / 2, abs=0.002)
    assert all(
        a.mean >= b.mean and a.high >= b.high for a, b in zip(found, found[1:], strict=False)
    )


def test_the_law_of_groups_is_that_of_the_integral() -> None:
    """The mean share over three groups' posterior against numerical integration."""
    counts = [(1, 6), (9, 20), (2, 9)]

    def density(log_weight: float, mean: float) -> float:
        weight = np.exp(log_weight)
        a, b = mean * weight, (1 - mean) * weight
        logs = sum(special.betaln(a + k, b + n - k) - special.betaln(a, b) for k, n in counts)
        return float(np.exp(logs + 20))

    ends = (0.0, 1.0, 0.0, np.log(300.0))
    total, _ = integrate.dblquad(density, *ends, epsabs=1e-4, epsrel=1e-4)
    moment, _ = integrate.dblquad(lambda w, m: m * density(w, m), *ends, epsabs=1e-4, epsrel=1e-4)
    means, _, chances = step_law(counts)
    assert chances.sum() == pytest.approx(1)
    assert means @ chances == pytest.approx(moment / total, abs=0.003)


def test_shares_drawn_towards_others_are_calibrated() -> None:
    """Ranks of true shares among their posterior draws are uniform over draws from the prior.

    Simulation-based calibration, 300 worlds of eight groups, ten boxes: chi-square on nine degrees
    of freedom above 27.9 would come once in a thousand seeds.
    """
    rng = np.random.default_rng(4)
    ranks = []
    for _ in range(300):
        mean, weight = rng.uniform(), np.exp(rng.uniform(0, np.log(300)))
        shares = rng.beta(mean * weight + 1e-9, (1 - mean) * weight + 1e-9, 8)
        sizes = rng.integers(3, 25, 8)
        counts = [(int(rng.binomial(n, p)), int(n)) for n, p in zip(sizes, shares, strict=True)]
        means, weights, chances = step_law(counts)
        drawn = rng.choice(len(chances), 200, p=chances)
        k, n = counts[0]
        a, b = means[drawn] * weights[drawn], (1 - means[drawn]) * weights[drawn]
        ranks.append(int((rng.beta(a + k, b + n - k) < shares[0]).sum()))
    counted = np.histogram(ranks, bins=10, range=(0, 201))[0]
    assert stats.chisquare(counted).statistic < 27.9


def test_others_draw_a_share_towards_theirs_as_far_as_they_are_alike() -> None:
    """Twelve groups alike at one half pull none of eight up; groups at odds leave it alone.

    Groups of nothing and of all have the law of Jeffreys' prior, near enough.
    """
    levels = np.full(8, 1)
    alike = [np.array([1] * 10 + [2] * 10)] * 12
    apart = [np.full(20, 1 + i % 2) for i in range(12)]
    alone = rises(levels, NAMES, 1)[0].mean
    pulled, less = (pooled_rises(levels, o, NAMES, 1)[0].mean for o in (alike, apart))
    assert alone == pytest.approx(0.5 / 9, abs=0.005)
    assert less == pytest.approx(alone, abs=0.02)
    assert 0.3 < pulled < 0.5


# --- the record beside the list ----------------------------------------------------------------


def test_rungs_and_violence_are_compared_by_the_table(record: Record) -> None:
    """Each crisis of the record that names a number meets its levels; misfits are told."""
    levels = {n: 2 if n in (224, 233, 274, 420, 461, 462, 475) else 1 for n in NUMBERS}
    found = _found(record, _listed(levels, gravcr=4))
    assert [p.number for p in found.pairs] == list(NUMBERS)
    assert found.absent == ()
    assert found.agreement is not None
    # The landing of 1996 is a sustained clash here and minor clashes there.
    assert [p.id for p in found.pairs if p.agrees is False] == ["K11"]
    assert (found.agreement.agree, found.agreement.n) == (13, 14)
    assert (1, "no violence", 0, 3) in found.relation
    other = _found(record, _listed({**levels, 420: 3, 487: 4}))
    assert [p.id for p in other.pairs if p.agrees is False] == ["K23"]
    assert other.limits is not None
    assert other.limits.wars == 1


def test_crises_that_only_one_side_has_are_named(record: Record) -> None:
    """Not in the store, not in the record, and the war before the armistice is neither."""
    listed = _listed({n: 1 for n in NUMBERS[3:]})
    listed += _listed({600: 2})
    listed.append(ListedCrisis(132, "war", dt.date(1950, 6, 25), frozenset({"PRK"}), {"viol": 4}))
    found = _found(record, listed)
    assert found.absent == ("K02", "K04", "K05")
    assert found.apart == ("Crisis 600 (600)",)
    assert len(found.pairs) == 11


def test_crises_of_the_world_are_grouped_and_wars_left_out(record: Record) -> None:
    """Groups by protracted conflict; crises within wars and those of the dyad count for nothing."""
    world = _world({3: [1, 2, 3], 40: [2] * 10})
    world.append(ListedCrisis(9, "within a war", dt.date(1970, 1, 1), frozenset({"CHN"}),
                              {"viol": 4, "iwcmb": 7}))  # fmt: skip
    found = _found(record, _listed({n: 1 for n in NUMBERS}) + world)
    assert found.world == (13, 2, (12, 1, 0))
    assert [r.level for r in found.pooled] == [2, 3, 4]
    assert found.pooled[0].mean > found.ladder[0].mean
    assert _found(record, _listed({n: 1 for n in NUMBERS})).pooled == ()


def test_a_crisis_outside_a_protracted_conflict_is_a_group_by_itself(record: Record) -> None:
    """Its conflict has a catch-all number; where that is not known, nothing is drawn towards."""
    pairs = _listed({n: 1 for n in NUMBERS})
    world = _world({3: [1, 2, 3], 40: [2] * 4})

    def outside(crisis: ListedCrisis, **more: int) -> ListedCrisis:
        levels = {k: v for k, v in crisis.levels.items() if k != "protrac"}
        return replace(crisis, levels={**levels, **more})

    alone = [outside(c, protrac=1) if c.levels["pcid"] == 40 else c for c in world]
    assert _found(record, pairs + alone).world == (7, 5, (6, 1, 0))
    unknown = _found(record, pairs + world[:-1] + [outside(world[-1])])
    assert (unknown.world[:2], unknown.pooled) == ((7, 0), ())


def test_limits_are_reckoned_from_known_laws(record: Record) -> None:
    """No war in 14; 59 crises for one in twenty; Fisher's p; power against a plain simulation."""
    levels = {n: 2 if n in (224, 233, 274, 420, 461, 462, 475) else 1 for n in NUMBERS}
    found = _found(record, _listed(levels))
    limits = found.limits
    assert limits is not None
    assert (limits.n, limits.wars, limits.no_war_needed) == (14, 0, 59)
    assert 0.95**59 < 0.05 < 0.95**58
    assert (1 - limits.war_high) ** 14 == pytest.approx(0.05)
    assert limits.closed == 0
    split = limits.answered
    assert split is not None
    table = [
        [split.violent_answered, split.n_answered - split.violent_answered],
        [split.violent_other, split.n_other - split.violent_other],
    ]
    assert split.p == pytest.approx(stats.fisher_exact(table).pvalue)
    assert split.n_answered + split.n_other == 14
    rng = np.random.default_rng(1)
    assert (split.n_answered, split.n_other) == (9, 5)
    high = 14 / 19  # nine crises at half of it and five at all of it: seven with violence, as seen
    assert 9 * high / 2 + 5 * high == pytest.approx(7)
    answered = rng.binomial(split.n_answered, high / 2, 2000)
    others = rng.binomial(split.n_other, high, 2000)
    hits = [
        stats.fisher_exact([[k, split.n_answered - k], [j, split.n_other - j]]).pvalue <= 0.05
        for k, j in zip(answered, others, strict=True)
    ]
    # 2,000 records: one error is under 0.008.
    assert split.power == pytest.approx(np.mean(hits), abs=0.025)
    assert limits.tau is None


def test_rank_correlation_is_kendalls_and_its_p_that_of_permutations(record: Record) -> None:
    """Tau-b of SciPy; a p near one where gravity is shuffled, small where both are one.

    Gravity that the list calls "other" has no place in its order and is left out.
    """
    crises = [
        ListedCrisis(n, "", dt.date(1990, 1, 1), frozenset({"PRK"}),
                     {"viol": 1 + i // 7, "gravcr": 1 + i // 7})
        for i, n in enumerate(NUMBERS)
    ]  # fmt: skip
    limits = _found(record, crises).limits
    assert limits is not None
    assert limits.tau == pytest.approx(1.0)
    assert limits.tau_p is not None
    assert limits.tau_p < 0.005
    mixed = [
        ListedCrisis(c.number, "", c.first, c.states, {**c.levels, "gravcr": 1 + i % 3})
        for i, c in enumerate(crises)
    ]
    limits = _found(record, mixed).limits
    assert limits is not None
    expected = stats.kendalltau([1 + i % 3 for i in range(14)], [1 + i // 7 for i in range(14)])
    assert limits.tau == pytest.approx(expected.statistic)
    assert limits.tau_p is not None
    assert limits.tau_p > 0.5
    other = [replace(c, levels={**c.levels, "gravcr": 7}) for c in crises[:2]]
    limits = _found(record, other + mixed[2:]).limits
    assert limits is not None
    expected = stats.kendalltau(
        [1 + i % 3 for i in range(2, 14)], [1 + i // 7 for i in range(2, 14)]
    )
    assert limits.tau == pytest.approx(expected.statistic)
