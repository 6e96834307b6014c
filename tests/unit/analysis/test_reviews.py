"""Timings of a start: the states seen, the rules found on them, and closing and opening again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from openchannel.analysis.common_luck import CommonLuck, Job, in_worlds
from openchannel.analysis.measured import Measured
from openchannel.analysis.options import find_on_cells
from openchannel.analysis.reopening import _arms, reopening_of
from openchannel.analysis.review_rules import (
    Card,
    Clause,
    _cells,
    _greedy,
    _measurable,
    _solve,
    _told_by,
    _value,
    find_rules,
)
from openchannel.analysis.reviews import SEEN, Timings, n_reviews, play_timings
from openchannel.analysis.starts import starts_of
from openchannel.casefile import load_case
from openchannel.domain import Case
from openchannel.ensemble.design import sample_beliefs
from openchannel.kernel.records import LANES
from openchannel.model import Beliefs, pack_design, simulate_path, world_beliefs

_DRAWS = 4


@pytest.fixture(scope="module")
def case() -> Case:
    """Four years and one school, so that there are three reviews."""
    korea = load_case("korea")
    calendar = replace(korea.calendar, horizon_weeks=208)
    return replace(korea, calendar=calendar, worlds=(korea.world("W5"),))


@pytest.fixture(scope="module")
def played(case: Case) -> Timings:
    return play_timings(case, starts_of(case)[0], sample_beliefs(case, _DRAWS, 11).beliefs, 11, 1)


def test_what_is_seen_is_what_a_future_shows(case: Case, played: Timings) -> None:
    """Contacts, reliability and channels of the second year, against the weekly trace."""
    start = replace(starts_of(case)[0], rules=replace(starts_of(case)[0].rules, scale_up=False))
    alone = replace(case, policies=(case.policy(case.status_quo), case.policy("P7"), start))
    beliefs = sample_beliefs(case, _DRAWS, 11).beliefs
    one = world_beliefs(case, case.worlds[0], Beliefs(beliefs.par[1], beliefs.ch[1]))
    hold = replace(alone, policies=(*alone.policies[:2], replace(start, rules=type(start.rules)())))
    path = simulate_path(pack_design(hold, [start.id]), one, 11, 16, start.id)
    state = played.held[16, 1]
    for name, column in (("contacts", "contacts"), ("reliability", "rel24"), ("channels", "K_eff")):
        year = path.column(column)[52:104]
        told = year.sum() if name == "contacts" else year.mean()
        assert state[SEEN.index(name)] == pytest.approx(told)


def test_where_the_start_is_not_in_force_no_timing_matters(played: Timings) -> None:
    """A lapsed policy cannot grow or leave: both save exactly nothing, up to rounding."""
    closed = ~played.held_open
    assert closed.any()
    assert not closed.all()
    for saved in (played.grow, played.leave):
        assert np.abs(saved[closed]).max() < 1e-6
        assert np.abs(saved[~closed]).max() > 1.0


def test_rights_after_growing_exist_only_after_growing(case: Case, played: Timings) -> None:
    """Three reviews; a pair of dates is open only in order, and has a saving only there."""
    assert n_reviews(case) == 3
    order = np.triu(np.ones((3, 3), np.bool_), 1)
    assert not played.grown_open[:, ~order].any()
    for saved in (played.grow_leave, played.grow_pause):
        assert np.isnan(saved[:, ~order]).all()
        assert np.isfinite(saved[:, order]).all()
    assert played.by_draw(np.ones(len(played.weight))) == pytest.approx(np.ones(_DRAWS))


def _made(
    advantage: float, *, seen: str = "contacts", always: float = 0.0, luck: float = 0.5
) -> Timings:
    """Futures of 40 draws in which growing saves by what was seen, less a half, and less if late.

    `always` is saved besides, whatever was seen; `luck` is the spread of what nothing tells.
    """
    rng = np.random.default_rng(3)
    n, dates = 40 * 50, 3
    held = np.zeros((n, dates, len(SEEN)))
    at = SEEN.index(seen)
    held[..., at] = rng.uniform(0.0, 1.0, (n, 1))
    late = 1.0 - 0.3 * np.arange(dates)
    grow = (advantage * (held[..., at] - 0.5) + always) * late
    grow += rng.normal(0.0, luck, (n, dates))
    later = np.triu(np.ones((dates, dates), np.bool_), 1)
    pairs = np.where(later, grow[:, :, None] - 1.0, np.nan)
    grown = np.repeat(held[:, None], dates, axis=1)
    return Timings(
        leave=np.full((n, dates), -1.0),
        grow=grow,
        grow_leave=pairs,
        grow_pause=pairs,
        held=held,
        grown=grown,
        held_open=np.ones((n, dates), np.bool_),
        grown_open=np.broadcast_to(later, (n, dates, dates)).copy(),
        draw=np.repeat(np.arange(40), 50),
        world=np.tile(np.arange(2), 1000),
        weight=np.ones(n),
    )


def test_a_card_finds_what_decides_and_is_worth_what_it_can_be() -> None:
    """Growing pays where contacts exceed a half: found by all three, worth an eighth of the slope.

    The exact value of the best rule is 8 × ∫(x − ½)₊ dx = 1. The lattice does not see contacts, so
    it finds nothing. Pausing and stopping always lose, so no rule uses them.
    """
    made = _made(8.0)
    rules = find_rules(made, made.draw % 2 == 0)
    (clause,) = rules.card.before.clauses[0] or ()
    assert (clause.seen, clause.at_least) == ("contacts", True)
    assert clause.bound == pytest.approx(0.5, abs=0.11)
    assert rules.card.before.clauses[1] is None
    assert rules.card.after.clauses == (None, None)
    for found in (rules.least_squares, rules.by_card):
        assert found.value.mean == pytest.approx(1.0, abs=0.05 + 4 * found.value.mcse)
        assert len(found.by_world) == 2
        assert np.mean([w.mean for w in found.by_world]) == pytest.approx(found.value.mean)
        assert found.shares["stop"] == found.shares["pause_once_grown"] == 0.0
    for blind in (rules.lattice, rules.on_two):
        assert abs(blind.value.mean) < 0.1


def test_lattice_and_least_squares_agree_where_the_lattice_sees_what_decides() -> None:
    """The same futures with reliability in place of contacts: cells cost at most a tenth."""
    made = _made(8.0, seen="reliability")
    rules = find_rules(made, made.draw % 2 == 0)
    for squares in (rules.least_squares, rules.on_two):
        assert rules.lattice.value.mean == pytest.approx(squares.value.mean, abs=0.1)
    assert rules.lattice_expected == pytest.approx(rules.lattice.value.mean, abs=0.15)


def test_cells_that_luck_alone_sets_apart_are_taken_together() -> None:
    """To grow at once saves 0.15 beyond waiting, whatever was seen; cell by cell the lattice errs.

    Eighty futures a cell leave an error of as much; together the lattice grows everywhere, as least
    squares does, and is worth the half that there is without luck.
    """
    made = _made(0.0, always=0.5, luck=1.0)
    rng = np.random.default_rng(7)
    for name in ("reliability", "channels"):
        made.held[..., SEEN.index(name)] = rng.uniform(0.0, 1.0, made.leave.shape)
    early = made.draw % 2 == 0
    expected = replace(made, grow=np.broadcast_to(0.5 * (1.0 - 0.3 * np.arange(3)), (2000, 3)))
    rules = find_rules(made, early)
    assert rules.lattice.value.mean == pytest.approx(rules.on_two.value.mean, abs=0.05)
    old = made.part(early)
    together = _solve(old, lambda r: find_on_cells(r, *_cells(r), _told_by(r, old)))
    alone = _solve(old, lambda r: find_on_cells(r, *_cells(r)))
    worth = [_value(rule, expected).value.mean for rule in (together, alone)]
    assert worth[0] == pytest.approx(0.5, abs=0.02)
    assert worth[1] < 0.49
    assert alone.before.value > rules.lattice_expected, "it expects most where it errs most"


def test_a_rule_found_on_luck_is_worth_nothing() -> None:
    """Nothing decides: terms under two errors are left out, and hardly anything is done."""
    made = _made(0.0)
    value = find_rules(made, made.draw % 2 == 0).least_squares.value
    assert abs(value.mean) <= 4.0 * value.mcse + 0.01


def test_terms_that_cannot_be_told_from_nothing_are_left_out() -> None:
    """One term in two matters; the other is dropped and the first is that of a fit without it."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(50, 20, 2))
    y = 2.0 * x[..., 0] + rng.normal(size=(50, 20))
    squares = np.einsum("dpi,dpj->dij", x, x)
    products = np.einsum("dpi,dp->di", x, y)
    weights = _measurable(squares, products)
    assert weights[0] == pytest.approx(products[:, 0].sum() / squares[:, 0, 0].sum())
    assert weights[1] == 0.0


def test_a_card_is_read_in_order_and_never_is_never() -> None:
    """Two options hold: the first is used; years count from one; without clauses always."""
    state = np.zeros((2, len(SEEN)))
    state[1, SEEN.index("crisis")] = 9.0
    grow = (Clause("crisis", at_least=False, bound=5.0), Clause("year", at_least=True, bound=2.0))
    card = Card((grow, ()))
    assert card.advantage(0, state).argmax(axis=0).tolist() == [1, 1]
    assert card.advantage(1, state).argmax(axis=0).tolist() == [0, 1]
    assert (Card((None, None)).advantage(3, state) < 0.0).all()
    assert _greedy(state, np.array([0, 0]), np.array([-1.0, -1.0])) is None


def test_ties_that_a_closing_cost_come_back_slowly() -> None:
    """A closing leaves fewer channels after reopening, less so each year and more if longer."""
    korea = load_case("korea")
    small = replace(korea, worlds=(korea.world("W5"),))
    found = reopening_of(small, sample_beliefs(small, 16, 2).beliefs, 2, 1)
    assert found is not None
    assert found.after_weeks == 208
    first = [c.missing[0].mean for c in found.closings]
    assert first == sorted(first)
    for closing in found.closings:
        years = [m.mean for m in closing.missing]
        assert years == sorted(years, reverse=True)
        assert closing.missing[0].mean > 4.0 * closing.missing[0].mcse


def test_closing_for_good_costs_its_loss_above_that_of_the_open_programme() -> None:
    """Played by themselves on the same luck, the two arms differ by what is told, with its error.

    It is not nothing: half of the horizon passes without the programme.
    """
    korea = load_case("korea")
    small = replace(korea, worlds=(korea.world("W5"),))
    beliefs = sample_beliefs(small, _DRAWS, 2).beliefs
    found = reopening_of(small, beliefs, 2, 1)
    assert found is not None
    arms = _arms(small, found.after_weeks)
    pair = [arms[name] for name in ("for good", "open")]
    wide = replace(small, policies=(*small.policies, *pair))
    luck = CommonLuck(wide, [p.id for p in pair], ["composite_loss"], threads=1)
    held = in_worlds(small, small.worlds, beliefs)
    jobs = [Job(Beliefs(held.par[d], held.ch[d]), 2, d * LANES, LANES) for d in range(_DRAWS)]
    closed, whole = np.array(luck.means(jobs))[:, 0, :, 0].T
    expected = Measured.of(closed - whole)
    assert found.for_good.mean == pytest.approx(expected.mean)
    assert found.for_good.mcse == pytest.approx(expected.mcse)
    assert found.for_good.mean != 0.0


def test_a_short_horizon_has_no_room_for_a_reopening(case: Case) -> None:
    """Four years end before the years after a reopening do."""
    assert reopening_of(case, sample_beliefs(case, 2, 1).beliefs, 1, 1) is None
