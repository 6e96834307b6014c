"""Many-objective search over ladders, by a kept library; knows no policy and no future.

The search is a function of its seed and of the values it is given. So it is gone on with by playing
it again from the start: generations whose values were kept are not evaluated a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.portfolio.front import directions, undominated
from openchannel.analysis.portfolio.trial import Keep, keep
from openchannel.extras import OPTIMISE

__all__ = ["Found", "Task", "evolve"]

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Task:
    """What is sought.

    tops : last rung of each ladder; the first is 0
    start : int64[n, ladder], points to begin with; the rest of the first generation is drawn
    n_aims, n_limits : number of things to make small, and of things that must not exceed 0
    evaluate : int64[n, ladder] -> float64[n, aim], float64[n, limit]
    """

    tops: Sequence[int]
    start: I8
    n_aims: int
    n_limits: int
    evaluate: Callable[[I8], tuple[F8, F8]]
    population: int = 36


@dataclass(frozen=True, slots=True)
class Found:
    """All that was evaluated, in order: points, aims, limits."""

    points: I8
    aims: F8
    limits: F8

    def front(self) -> Found:
        """Those within the limits that none of the others beats."""
        within = self.part(np.flatnonzero((self.limits <= 0.0).all(axis=1)))
        return within.part(undominated(within.aims)) if len(within.points) else within

    def part(self, places: I8) -> Found:
        """Some of them."""
        return Found(self.points[places], self.aims[places], self.limits[places])


def evolve(task: Task, seed: int, generations: int, kept: Keep = keep, name: str = "") -> Found:
    """Search by NSGA-III; the same seed and values give the same points."""
    algorithm = _algorithm(task, seed)
    problem = OPTIMISE.module("pymoo.core.problem").Problem(
        n_var=len(task.tops), n_obj=task.n_aims, n_ieq_constr=task.n_limits,
        xl=np.zeros(len(task.tops)), xu=np.array(task.tops, float), vtype=int,
    )  # fmt: skip
    algorithm.setup(problem, termination=("n_gen", generations), seed=seed % 2**32, verbose=False)
    evaluator = OPTIMISE.module("pymoo.core.evaluator").Evaluator()
    static = OPTIMISE.module("pymoo.problems.static").StaticProblem
    seen: dict[bytes, tuple[F8, F8]] = {}
    for generation in range(generations):
        asked = algorithm.ask()
        points = np.asarray(np.rint(asked.get("X")), np.int64)
        fresh = _unseen(points, seen)
        if len(fresh):
            values = kept(f"{name}generation-{generation:03d}", _values(task, fresh))
            for point, aims, limits in zip(fresh, values["aims"], values["limits"], strict=True):
                seen[point.tobytes()] = (aims, limits)
        aims, limits = (np.array([seen[p.tobytes()][k] for p in points]) for k in (0, 1))
        evaluator.eval(static(problem, F=aims, G=limits), asked)
        algorithm.tell(infills=asked)
    points = np.array([np.frombuffer(p, np.int64) for p in seen])
    return Found(points, *(np.array([v[k] for v in seen.values()]) for k in (0, 1)))


def _values(task: Task, points: I8) -> Callable[[], dict[str, F8]]:
    def values() -> dict[str, F8]:
        aims, limits = task.evaluate(points)
        return {"aims": aims, "limits": limits}

    return values


def _unseen(points: I8, seen: dict[bytes, Any]) -> I8:
    """Points not evaluated yet, each once, in the order met."""
    fresh = {p.tobytes(): p for p in points if p.tobytes() not in seen}
    return np.array(list(fresh.values()), np.int64)


def _algorithm(task: Task, seed: int) -> Any:
    repair = OPTIMISE.module("pymoo.operators.repair.rounding").RoundingRepair()
    crossover = OPTIMISE.module("pymoo.operators.crossover.sbx").SBX
    mutation = OPTIMISE.module("pymoo.operators.mutation.pm").PM
    return OPTIMISE.module("pymoo.algorithms.moo.nsga3").NSGA3(
        ref_dirs=directions(task.n_aims),
        pop_size=task.population,
        sampling=_first(task, seed),
        crossover=crossover(prob=0.9, eta=15, vtype=float, repair=repair),
        mutation=mutation(eta=20, vtype=float, repair=repair),
        eliminate_duplicates=True,
    )


def _first(task: Task, seed: int) -> I8:
    """The first generation: the points given, then points that mix them with random rungs."""
    luck = np.random.default_rng(seed)
    given = task.start[: task.population]
    n = task.population - len(given)
    tops = np.array(task.tops)
    drawn = luck.integers(0, tops + 1, size=(n, len(tops)))
    if not len(given):
        return drawn
    taken = given[luck.integers(0, len(given), size=n)]
    return np.vstack([given, np.where(luck.random(drawn.shape) < 0.3, drawn, taken)])
