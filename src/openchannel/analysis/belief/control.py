"""What it would be worth to set a belief rather than to know it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief.draws import BeliefDraws
from openchannel.analysis.belief.index import Index
from openchannel.analysis.belief.projection import spline

__all__ = ["Control", "value_of_control"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
_TERMS = 4
_GRID = np.linspace(0.05, 0.95, 19)
# A belief as dependent as this on the one that is set is held as it was.
_DEPENDENT = 0.1


@dataclass(frozen=True, slots=True)
class Control:
    """Best value of one belief, and what setting it there would save.

    saved : loss under today's best policy less loss under the best policy at the best value
    setting : that value, in the belief's own unit, within its 5 to 95 % range
    policy : column of the policy that is best there
    """

    saved: Index
    setting: float
    policy: int


def value_of_control(draws: BeliefDraws, losses: F8) -> tuple[Control, ...]:
    """What each belief would be worth if it could be set, the others left as they are.

    Knowing a belief tells of those that go with it; setting it does not. So beliefs that depend
    on it are held fixed in the regression. Setting and policy are chosen on one half of the draws
    and valued on the other, both ways.

    Parameters
    ----------
    losses : float64[draw, policy]
        Conditional means of loss itself: a setting changes the baseline's loss too, so differences
        to it would not do.

    References
    ----------
    Matheson (1990), in Oliver & Smith (eds), Influence Diagrams, Belief Nets and Decision
    Analysis: value of control beside value of information.
    """
    related = _related(draws)
    halves = np.arange(0, draws.n, 2), np.arange(1, draws.n, 2)
    return tuple(_one(draws, losses, related[j], halves, j) for j in range(len(draws.names)))


def _related(draws: BeliefDraws) -> F8:
    """Rank correlations of all beliefs, 0 with one that is held: float64[quantity, quantity]."""
    # Loading scipy.stats takes longer than many a command, so it waits until it is needed.
    from scipy import stats  # noqa: PLC0415

    free = np.flatnonzero(~draws.held)
    related = np.zeros((len(draws.names), len(draws.names)))
    ranks = stats.rankdata(draws.values[:, free], axis=0)
    related[np.ix_(free, free)] = np.corrcoef(ranks, rowvar=False)
    return related


def _one(draws: BeliefDraws, losses: F8, related: F8, halves: tuple[I8, I8], j: int) -> Control:
    name, x = draws.names[j], draws.values[:, j]
    if draws.held[j]:
        best = int(np.argmin(losses.mean(axis=0)))
        return Control(Index(name, 0.0, 0.0), float(x[0]), best)
    basis = spline(x, _TERMS)
    columns = np.concatenate([basis, _others(draws, related, j)], axis=1)
    order = np.argsort(x, kind="stable")
    grid = order[(_GRID * (draws.n - 1)).astype(int)]
    settings = basis[grid]
    saved, each = 0.0, np.zeros(draws.n)
    for chosen_on, valued_on in (halves, halves[::-1]):
        usual = int(np.argmin(losses[chosen_on].mean(axis=0)))
        at, policy = _best(columns[chosen_on], settings, losses[chosen_on])
        value, influence = _valued(
            columns[valued_on], settings[at], losses[valued_on], usual, policy
        )
        saved += value / 2.0
        each[valued_on] = influence
    at, policy = _best(columns, settings, losses)
    error = float(each.std(ddof=1) / np.sqrt(draws.n))
    return Control(Index(name, saved, error), float(x[grid[at]]), policy)


def _others(draws: BeliefDraws, related: F8, j: int) -> F8:
    """Straight lines of the beliefs that depend on belief j, as far as they are not it."""
    rho = np.abs(related)
    near = np.flatnonzero((rho > _DEPENDENT) & (rho < 0.999) & (np.arange(len(rho)) != j))
    lines = draws.values[:, near] - draws.values[:, near].mean(axis=0)
    return np.asarray(lines / np.maximum(lines.std(axis=0), 1e-300))


def _solve(columns: F8, losses: F8) -> tuple[F8, F8, F8]:
    """Centre of the columns, their pseudo-inverse and the coefficients."""
    centre = columns.mean(axis=0)
    inverse = np.linalg.pinv(columns - centre)
    return centre, inverse, np.asarray(inverse @ (losses - losses.mean(axis=0)))


def _best(columns: F8, settings: F8, losses: F8) -> tuple[int, int]:
    """Place on the grid and policy of the lowest predicted loss."""
    terms = settings.shape[1]
    centre, _, slope = _solve(columns, losses)
    curve = losses.mean(axis=0) + (settings - centre[:terms]) @ slope[:terms]
    at, policy = np.unravel_index(int(np.argmin(curve)), curve.shape)
    return int(at), int(policy)


def _valued(columns: F8, setting: F8, losses: F8, usual: int, policy: int) -> tuple[float, F8]:
    """What the setting saves by these draws alone, and what each draw adds to it."""
    centre, inverse, slope = _solve(columns, losses)
    lever = (setting - centre[: len(setting)]) @ inverse[: len(setting)]
    y = losses[:, policy] - losses[:, policy].mean()
    left = y - (columns - centre) @ slope[:, policy]
    plain = losses[:, usual] - losses[:, policy]
    value = float(plain.mean() - lever @ y)
    return value, np.asarray(plain - plain.mean() - len(y) * lever * left)
