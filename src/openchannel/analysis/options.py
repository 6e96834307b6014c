"""Rights to act later: rules by least-squares Monte Carlo and on a lattice, and what they bring.

A right is used where that is expected to bring more than to wait. A rule valued on the futures that
it was found on looks better than it is, so it is found on some futures and valued on others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "WAIT",
    "Fit",
    "LeastSquares",
    "OnCells",
    "Outcome",
    "Rights",
    "Rule",
    "backward_induction",
    "find_by_least_squares",
    "find_on_cells",
    "follow",
]

F8 = NDArray[np.float64]
Basis = Callable[[F8], F8]
#: Weights float64[term] of terms float64[row, term], for gain float64[row]; and which paths.
Fit = Callable[[F8, F8, NDArray[np.bool_]], F8]
Cells = Callable[[F8], NDArray[np.int64]]
#: Gains float64[option, cell] at a date, for values float64[cell] at the next.
Told = Callable[[int, F8], F8]

#: The choice of those who never use an option.
WAIT = -1


@dataclass(frozen=True, slots=True)
class Rights:
    """What could be done with each future at each date, and what it would bring in the end.

    state : float64[path, date, feature]
        What can be seen when one decides.
    brings : float64[option, path, date]
        What the use of an option there brings, all told.
    never : float64[path]
        What it brings to use none.
    is_open : bool[path, date]
        Whether the options can be used there.
    weight : float64[path]
    """

    state: F8
    brings: F8
    never: F8
    is_open: NDArray[np.bool_]
    weight: F8

    @property
    def n_dates(self) -> int:
        """Number of dates at which one may decide."""
        return int(self.state.shape[1])


class Rule(Protocol):
    """Says for states at a date how much better each option is than to wait."""

    def advantage(self, date: int, state: F8) -> F8:
        """float64[option, path]; NaN, or nothing above 0, is to wait. State float64[path, ...]."""
        ...


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """A rule by regression on what can be seen.

    weights : float64[date, option, term], NaN where too few paths told anything
    """

    weights: F8
    basis: Basis

    def advantage(self, date: int, state: F8) -> F8:
        """Of each option over waiting: float64[option, path]."""
        return np.asarray(self.weights[date] @ self.basis(state).T)


@dataclass(frozen=True, slots=True)
class OnCells:
    """A rule on a lattice: states are told apart by their cell alone.

    gains : float64[date, option, cell]
    value : what the lattice itself expects the rights to bring
    """

    gains: F8
    cells: Cells
    value: float

    def advantage(self, date: int, state: F8) -> F8:
        """Of each option over waiting: float64[option, path]."""
        return np.asarray(self.gains[date][:, self.cells(state)])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What following a rule did: option and date of each path, and what it brought.

    option : int64[path], `WAIT` where none was used; date : int64[path], the number of dates there
    """

    option: NDArray[np.int64]
    date: NDArray[np.int64]
    brought: F8


def follow(rule: Rule, rights: Rights) -> Outcome:
    """Use the rights as a rule says: the first date at which an option is better than waiting."""
    n_paths, n_dates = rights.is_open.shape
    found = Outcome(np.full(n_paths, WAIT), np.full(n_paths, n_dates), rights.never.copy())
    for t in reversed(range(n_dates)):
        _use(rule, rights, t, found)
    return found


def _use(rule: Rule, rights: Rights, t: int, so_far: Outcome) -> None:
    """Decide one date, later ones decided."""
    gains = rule.advantage(t, rights.state[:, t])
    option = gains.argmax(axis=0)
    best = gains[option, np.arange(len(option))]
    uses = rights.is_open[:, t] & (best > 0.0)
    so_far.option[uses] = option[uses]
    so_far.date[uses] = t
    so_far.brought[uses] = rights.brings[option[uses], uses, t]


def _fit(terms: F8, gain: F8, _: NDArray[np.bool_]) -> F8:
    """Least squares on all terms."""
    return np.asarray(np.linalg.lstsq(terms, gain, rcond=None)[0])


def find_by_least_squares(rights: Rights, basis: Basis, fit: Fit = _fit) -> LeastSquares:
    """The rule backward from the last date (Longstaff and Schwartz 2001).

    What an option brings beyond waiting is regressed on the basis, over paths on which it could be
    used. Where the payoff itself lies in the span of the basis this is their regression of what
    waiting brings.
    """
    n_terms = basis(rights.state[:1, 0]).shape[1]
    rule = LeastSquares(np.full((rights.n_dates, len(rights.brings), n_terms), np.nan), basis)
    root = np.sqrt(rights.weight)
    n_paths = len(rights.never)
    found = Outcome(np.full(n_paths, WAIT), np.full(n_paths, rights.n_dates), rights.never.copy())
    for t in reversed(range(rights.n_dates)):
        rows = rights.is_open[:, t]
        if rows.sum() < n_terms:
            continue
        terms = basis(rights.state[rows, t]) * root[rows, None]
        gains = (rights.brings[:, rows, t] - found.brought[rows]) * root[rows]
        rule.weights[t] = [fit(terms, gain, rows) for gain in gains]
        _use(rule, rights, t, found)
    return rule


def backward_induction(
    chance: Sequence[F8], settled: F8, brings: F8, told: Told | None = None
) -> tuple[F8, F8]:
    """Values of a right on a lattice, and what each option brings beyond waiting.

    Parameters
    ----------
    chance : float64[cell, cell] for each date but the last
        Chances (discounted, where later is worth less) of the next cell with the right still open.
    settled : float64[date, cell]
        Expected of what ends before the next date; at the last date, of using nothing.
    brings : float64[option, date, cell]
    told : callable
        What is known of the gains at a date, by which is decided; by default all of them.

    Returns
    -------
    values float64[date, cell], gains float64[date, option, cell]
    """
    values = np.empty_like(settled)
    gains = np.empty((len(settled), len(brings), settled.shape[1]))
    every = np.arange(settled.shape[1])
    for t in reversed(range(len(settled))):
        is_last = t + 1 == len(settled)
        after = np.zeros(len(every)) if is_last else values[t + 1]
        waiting = settled[t] if is_last else settled[t] + chance[t] @ after
        true = brings[:, t] - waiting
        gains[t] = true if told is None else told(t, after)
        best = gains[t].argmax(axis=0)
        values[t] = waiting + np.where(gains[t, best, every] > 0.0, true[best, every], 0.0)
    return values, gains


def find_on_cells(rights: Rights, cells: Cells, n_cells: int, fit: Fit = _fit) -> OnCells:
    """The rule of a lattice whose chances are counted from futures, as if cells told everything.

    What an option brings beyond waiting is, at each date, one number for all cells and one for each
    cell apart. With plain least squares that is the mean of each cell; a fit that leaves out what
    it cannot tell from nothing takes cells together that luck alone sets apart.
    """
    where = np.stack([cells(rights.state[:, t]) for t in range(rights.n_dates)], axis=1)
    root = np.sqrt(rights.weight)

    def told(t: int, after: F8) -> F8:
        rows = rights.is_open[:, t]
        if not rows.any():
            return np.zeros((len(rights.brings), n_cells))
        goes_on = _goes_on(rights, t)
        waiting = rights.never.copy()
        if goes_on.any():
            waiting[goes_on] = after[where[goes_on, t + 1]]
        # Centred, so that the number for all is the mean of all, whichever cells are left out.
        share = np.bincount(where[rows, t], rights.weight[rows], n_cells)
        share = share / share.sum()
        apart = np.eye(n_cells)[where[rows, t]] - share
        terms = np.concatenate([np.ones((len(apart), 1)), apart], axis=1) * root[rows, None]
        gains = (rights.brings[:, rows, t] - waiting[rows]) * root[rows]
        weights = np.stack([fit(terms, gain, rows) for gain in gains])
        cell = weights[:, 1:]
        return np.asarray(weights[:, :1] + cell - (cell @ share)[:, None])

    values, gains = backward_induction(*_counted(rights, where, n_cells), told)
    here = rights.is_open[:, 0]
    first = np.bincount(where[here, 0], rights.weight[here], n_cells)
    closed = (rights.weight * rights.never)[~here].sum()
    return OnCells(gains, cells, float((first @ values[0] + closed) / rights.weight.sum()))


def _goes_on(rights: Rights, t: int) -> NDArray[np.bool_]:
    """Paths on which the rights are open at a date and at the next."""
    if t + 1 == rights.n_dates:
        return np.zeros(len(rights.never), np.bool_)
    return np.asarray(rights.is_open[:, t] & rights.is_open[:, t + 1])


def _counted(rights: Rights, where: NDArray[np.int64], n_cells: int) -> tuple[list[F8], F8, F8]:
    """A lattice from futures, for `backward_induction`; cells are int64[path, date]."""
    settled = np.zeros((rights.n_dates, n_cells))
    brings = np.zeros((len(rights.brings), rights.n_dates, n_cells))
    chance = []

    def total(rows: NDArray[np.bool_], t: int, of: F8) -> F8:
        return np.asarray(np.bincount(where[rows, t], (rights.weight * of)[rows], n_cells), float)

    for t in range(rights.n_dates):
        here, goes_on = rights.is_open[:, t], _goes_on(rights, t)
        came = total(here, t, np.ones(len(where)))
        share = np.where(came > 0.0, 1.0 / np.where(came > 0.0, came, 1.0), 0.0)
        settled[t] = total(here & ~goes_on, t, rights.never) * share
        for o in range(len(brings)):
            brings[o, t] = total(here, t, rights.brings[o, :, t]) * share
        if t + 1 < rights.n_dates:
            moved = np.zeros((n_cells, n_cells))
            np.add.at(moved, (where[goes_on, t], where[goes_on, t + 1]), rights.weight[goes_on])
            chance.append(moved * share[:, None])
    return chance, settled, brings
