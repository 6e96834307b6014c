"""When to scale up, pause and stop: rules found on half of the belief draws, valued on the others.

Three kinds of rule face the same timings: by least squares on all that is seen, on a lattice of
reliability and channels, and a card of at most two conditions an action that a person can apply.
First what to do once grown is decided, backward from the last review; then whether to grow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.measured import CLEAR, Measured, widening
from openchannel.analysis.options import (
    Fit,
    LeastSquares,
    Outcome,
    Rights,
    Rule,
    find_by_least_squares,
    find_on_cells,
    follow,
)
from openchannel.analysis.reviews import SEEN, Timings

__all__ = ["AFTER", "BEFORE", "Card", "Clause", "FoundRule", "Rules", "Valued", "find_rules"]

F8 = NDArray[np.float64]
Kind = TypeVar("Kind", bound=Rule)

#: Options before the start has grown, and after, in the order of the option axis.
BEFORE = ("grow", "stop")
AFTER = ("pause", "stop")
_YEAR = "year"
_CELLS = ("reliability", "channels")  # what the lattice tells apart
_QUANTILES = np.linspace(0.1, 0.9, 9)  # thresholds that a card may have
_MOST_CLAUSES = 2
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition of a card: something seen over the year, or the year itself, and its bound."""

    seen: str
    at_least: bool
    bound: float

    def holds(self, date: NDArray[np.int64] | int, state: F8) -> NDArray[np.bool_]:
        """For each state float64[path, SEEN], at its date or at one for all."""
        if self.seen == _YEAR:
            value = np.broadcast_to(np.asarray(date) + 1.0, len(state))
        else:
            value = state[:, SEEN.index(self.seen)]
        return np.asarray(value >= self.bound if self.at_least else value <= self.bound)


@dataclass(frozen=True, slots=True)
class Card:
    """For each option the clauses that must all hold; None where it is never used.

    Where several hold, the first option is used.
    """

    clauses: tuple[tuple[Clause, ...] | None, ...]

    def advantage(self, date: int, state: F8) -> F8:
        """Above 0 where an option is to be used, the first the most: float64[option, path]."""
        found = np.full((len(self.clauses), len(state)), -1.0)
        for o, clauses in enumerate(self.clauses):
            if clauses is not None:
                found[o, _all_hold(clauses, state, date)] = float(len(self.clauses) - o)
        return found


@dataclass(frozen=True, slots=True)
class FoundRule(Generic[Kind]):
    """What to do at reviews, before the start has grown and after."""

    before: Kind
    after: Kind


@dataclass(frozen=True, slots=True)
class Valued:
    """What a rule saves against holding the start, on fresh draws, and how often it acts.

    by_world : the same in each world, in the order of the case
    shares : of futures, by action: grow, stop (before growing), pause and stop after it
    """

    value: Measured
    by_world: tuple[Measured, ...]
    by_draw: F8 = field(compare=False)
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a start, each valued on the same fresh draws.

    on_two : least squares on what the lattice tells apart, its fair match
    lattice_expected : what the lattice expects of itself, on the draws that it was counted from
    """

    card: FoundRule[Card]
    least_squares: Valued
    on_two: Valued
    lattice: Valued
    by_card: Valued
    lattice_expected: float


def find_rules(timings: Timings, early: NDArray[np.bool_]) -> Rules:
    """Find each rule on the paths of `early` and value it on the others."""
    old, new = timings.part(early), timings.part(~early)
    squares = _solve(old, lambda r: find_by_least_squares(r, _linear(r, SEEN), _told_by(r, old)))
    two = _solve(old, lambda r: find_by_least_squares(r, _linear(r, _CELLS), _told_by(r, old)))
    lattice = _solve(old, lambda r: find_on_cells(r, *_cells(r), _told_by(r, old)))
    card = _card(old, squares)
    return Rules(
        card=card,
        least_squares=_value(squares, new),
        on_two=_value(two, new),
        lattice=_value(lattice, new),
        by_card=_value(card, new),
        lattice_expected=lattice.before.value,
    )


def _once_grown(timings: Timings) -> Rights:
    """Rights of those who have grown, each date grown a path of its own."""
    n_paths, n = timings.grow.shape
    flat = n_paths * n
    return Rights(
        timings.grown.reshape(flat, n, -1),
        np.stack([timings.grow_pause, timings.grow_leave]).reshape(len(AFTER), flat, n),
        timings.grow.reshape(flat),
        timings.grown_open.reshape(flat, n),
        np.repeat(timings.weight, n),
    )


def _not_yet(timings: Timings, grown: F8) -> Rights:
    """Rights of the start, where growing brings what the rule after it makes of it."""
    brings = np.stack([grown.reshape(timings.grow.shape), timings.leave])
    never = np.zeros(len(brings[0]))
    return Rights(timings.held, brings, never, timings.held_open, timings.weight)


def _solve(timings: Timings, find: Callable[[Rights], Kind]) -> FoundRule[Kind]:
    later = _once_grown(timings)
    after = find(later)
    before = find(_not_yet(timings, follow(after, later).brought))
    return FoundRule(before, after)


def _linear(rights: Rights, names: Sequence[str]) -> Callable[[F8], F8]:
    """One and each thing named, centred and scaled by its spread where the rights are open."""
    places = [SEEN.index(name) for name in names]
    seen = rights.state[rights.is_open][:, places]
    centre = seen.mean(axis=0) if len(seen) else np.zeros(len(places))
    spread = seen.std(axis=0) if len(seen) else np.ones_like(centre)
    scale = np.where(spread > 0.0, spread, 1.0)

    def basis(state: F8) -> F8:
        return np.concatenate(
            [np.ones((len(state), 1)), (state[:, places] - centre) / scale], axis=1
        )

    return basis


def _told_by(rights: Rights, timings: Timings) -> Fit:
    """Least squares that leaves out, one by one, terms under two standard errors.

    On a lattice these are cells that cannot be told from the others of their date. Errors are over
    belief draws, of which every path is one of many. With terms that cannot be told from nothing a
    rule follows the luck that it was found on.
    """
    draw = np.repeat(timings.draw, len(rights.never) // len(timings.draw))

    def fit(terms: F8, gain: F8, rows: NDArray[np.bool_]) -> F8:
        order = np.argsort(draw[rows], kind="stable")
        starts = np.flatnonzero(np.diff(draw[rows][order], prepend=-1))
        x, y = np.split(terms[order], starts[1:]), np.split(gain[order], starts[1:])
        return _measurable(
            np.stack([a.T @ a for a in x]),
            np.stack([a.T @ b for a, b in zip(x, y, strict=True)]),
        )

    return fit


def _measurable(squares: F8, products: F8) -> F8:
    """Weights from moments of each draw, float64[draw, term, term] and float64[draw, term]."""
    n_draws, n_terms = products.shape
    weights = np.zeros(n_terms)
    kept = np.flatnonzero(np.diag(squares.sum(axis=0)) > _ROUNDING)
    while len(kept) and n_draws > 1:
        inverse = np.linalg.pinv(squares.sum(axis=0)[np.ix_(kept, kept)])
        found = inverse @ products.sum(axis=0)[kept]
        scores = products[:, kept] - squares[:, kept][:, :, kept] @ found
        # Where the fit is exact, rounding may leave a variance below nought.
        spread = np.maximum(np.diag(inverse @ (scores.T @ scores) @ inverse), 0.0)
        error = np.sqrt(spread * n_draws / (n_draws - 1))
        ratio = np.abs(found) - CLEAR * widening(n_draws) * error
        weakest = int((np.abs(found) / np.maximum(error, _ROUNDING)).argmin())
        if ratio[weakest] >= 0.0:
            weights[kept] = found
            break
        kept = np.delete(kept, weakest)
    return weights


def _cells(rights: Rights) -> tuple[Callable[[F8], NDArray[np.int64]], int]:
    """Fourths of reliability by thirds of channels."""
    seen = rights.state[rights.is_open]
    places = [SEEN.index(name) for name in _CELLS]
    parts = (4, 3)
    edges = [
        np.quantile(seen[:, at], np.arange(1, n) / n) if len(seen) else np.zeros(n - 1)
        for at, n in zip(places, parts, strict=True)
    ]

    def cells(state: F8) -> NDArray[np.int64]:
        first, second = (np.digitize(state[:, at], e) for at, e in zip(places, edges, strict=True))
        return np.asarray(first * parts[1] + second)

    return cells, parts[0] * parts[1]


def _value(rule: FoundRule[Kind], timings: Timings) -> Valued:
    """Follow a rule on fresh paths."""
    later = _once_grown(timings)
    after = follow(rule.after, later)
    before = follow(rule.before, _not_yet(timings, after.brought))
    by_draw = timings.by_draw(before.brought)
    rows = (timings.world == w for w in np.unique(timings.world))
    worlds = tuple(Measured.of(timings.part(r).by_draw(before.brought[r])) for r in rows)
    return Valued(Measured.of(by_draw), worlds, by_draw, _shares(timings, before, after))


def _shares(timings: Timings, before: Outcome, after: Outcome) -> dict[str, float]:
    n_paths, n = timings.grow.shape
    grew = before.option == BEFORE.index("grow")
    when = np.minimum(before.date, n - 1)
    then = after.option.reshape(n_paths, n)[np.arange(n_paths), when]

    def share(rows: NDArray[np.bool_]) -> float:
        return float(timings.weight[rows].sum() / timings.weight.sum())

    return {
        "grow": share(grew),
        "stop": share(before.option == BEFORE.index("stop")),
        "pause_once_grown": share(grew & (then == AFTER.index("pause"))),
        "stop_once_grown": share(grew & (then == AFTER.index("stop"))),
    }


def _card(timings: Timings, rule: FoundRule[LeastSquares]) -> FoundRule[Card]:
    """Few conditions that come as near as they can to a rule by least squares."""
    later = _once_grown(timings)
    after = _clauses(rule.after, later)
    before = _clauses(rule.before, _not_yet(timings, follow(after, later).brought))
    return FoundRule(before, after)


def _clauses(rule: Rule, rights: Rights) -> Card:
    """For each option in turn, the clauses under which it gains most by the rule's own reckoning.

    Only states that the rule itself comes to count, and only those that no earlier option takes.
    """
    when = follow(rule, rights).date
    state, year, gains, weight = [], [], [], []
    for t in range(rights.n_dates):
        rows = rights.is_open[:, t] & (when >= t)
        state.append(rights.state[rows, t])
        year.append(np.full(int(rows.sum()), t))
        gains.append(rule.advantage(t, rights.state[rows, t]))
        weight.append(rights.weight[rows])
    seen = np.concatenate(state)
    dates = np.concatenate(year)
    gain = np.nan_to_num(np.concatenate(gains, axis=1)) * np.concatenate(weight)
    left = np.ones(len(seen), np.bool_)
    found: list[tuple[Clause, ...] | None] = []
    for own in gain:
        clauses = _greedy(seen, dates, np.where(left, own, 0.0))
        found.append(clauses)
        if clauses is not None:
            left &= ~_all_hold(clauses, seen, dates)
    return Card(tuple(found))


def _all_hold(
    clauses: Sequence[Clause], seen: F8, dates: NDArray[np.int64] | int
) -> NDArray[np.bool_]:
    holds = np.ones(len(seen), np.bool_)
    for clause in clauses:
        holds &= clause.holds(dates, seen)
    return holds


def _greedy(seen: F8, dates: NDArray[np.int64], gain: F8) -> tuple[Clause, ...] | None:
    """Add the clause that gains most, while it adds a tenth; None where nothing gains."""
    chosen: tuple[Clause, ...] = ()
    best = max(0.0, float(gain.sum()))
    inside = np.ones(len(seen), np.bool_)
    for _ in range(_MOST_CLAUSES):
        tried = [
            (float(gain[inside & _all_hold((c,), seen, dates)].sum()), c)
            for c in _candidates(seen, dates)
        ]
        if not tried:
            break
        most, clause = max(tried, key=lambda pair: pair[0])
        if most <= best * 1.1 + _ROUNDING:
            break
        chosen, best = (*chosen, clause), most
        inside &= _all_hold((clause,), seen, dates)
    if chosen:
        return chosen
    return () if best > _ROUNDING else None


def _candidates(seen: F8, dates: NDArray[np.int64]) -> list[Clause]:
    """Bounds at the tenths of what was seen, rounded to two digits, and each year."""
    found = [
        Clause(_YEAR, at_least, float(y + 1))
        for y in np.unique(dates)
        for at_least in (False, True)
    ]
    for at, name in enumerate(SEEN):
        bounds = (
            {float(f"{b:.2g}") for b in np.quantile(seen[:, at], _QUANTILES)} if len(seen) else ()
        )
        found += [Clause(name, at_least, b) for b in sorted(bounds) for at_least in (False, True)]
    return found
