"""The search against problems whose fronts are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from pymoo.indicators.hv import HV

from openchannel.analysis.portfolio.evolve import Task, evolve

F8 = NDArray[np.float64]
RUNGS = 1000
REFERENCE = np.array([1.1, 1.1])


def zdt1(f: F8, g: F8) -> F8:
    return 1 - np.sqrt(f / g)


def zdt2(f: F8, g: F8) -> F8:
    return 1 - (f / g) ** 2


def zdt3(f: F8, g: F8) -> F8:
    return 1 - np.sqrt(f / g) - f / g * np.sin(10 * np.pi * f)


def task(shape: Callable[[F8, F8], F8]) -> Task:
    """Zitzler, Deb and Thiele (2000), ten variables, each on a ladder of a thousand rungs."""

    def evaluate(points: NDArray[np.int64]) -> tuple[F8, F8]:
        x = points / RUNGS
        g = 1 + 9 * x[:, 1:].mean(axis=1)
        return np.stack([x[:, 0], g * shape(x[:, 0], g)], axis=1), -np.ones((len(x), 1))

    return Task([RUNGS] * 10, np.zeros((0, 10), np.int64), 2, 1, evaluate)


def true_volume(shape: Callable[[F8, F8], F8]) -> float:
    """Area between the true front, where g is 1, and the reference point."""
    f = np.linspace(0, 1.1, 400_001)
    height = np.where(f <= 1, shape(np.minimum(f, 1.0), np.ones_like(f)), np.inf)
    lowest = np.minimum.accumulate(height)  # what some point to the left already reaches
    return float(np.trapezoid(np.clip(1.1 - lowest, 0, None), f))


def test_the_volumes_of_the_true_fronts_are_those_of_calculus() -> None:
    """0.1 + 2/3 + 0.11 for the first problem, 0.1 + 1/3 + 0.11 for the second."""
    assert true_volume(zdt1) == pytest.approx(0.1 + 2 / 3 + 0.11, abs=1e-4)
    assert true_volume(zdt2) == pytest.approx(0.1 + 1 / 3 + 0.11, abs=1e-4)


@pytest.mark.parametrize("shape", [zdt1, zdt2, zdt3])
def test_the_search_covers_a_known_front(shape: Callable[[F8, F8], F8]) -> None:
    """Within 1 % of the volume that the true front beats, after 150 generations of 36."""
    front = evolve(task(shape), 1, 150).front()
    found = float(HV(ref_point=REFERENCE)(front.aims))
    assert 0.99 * true_volume(shape) < found < 1.001 * true_volume(shape)


def test_a_search_is_gone_on_with_where_it_stood() -> None:
    """Generations that were kept are not evaluated again, and the end is the same to the bit."""
    kept: dict[str, dict[str, F8]] = {}
    calls = 0

    def store(name: str, make: Callable[[], dict[str, F8]]) -> dict[str, F8]:
        nonlocal calls
        if name not in kept:
            if calls == 7:
                raise KeyboardInterrupt
            calls += 1
            kept[name] = make()
        return kept[name]

    whole = evolve(task(zdt1), 3, 12)
    with pytest.raises(KeyboardInterrupt):
        evolve(task(zdt1), 3, 12, store)
    calls = 0
    again = evolve(task(zdt1), 3, 12, store)
    assert calls == 5
    assert np.array_equal(whole.points, again.points)
    assert np.array_equal(whole.aims, again.aims)


def test_points_beyond_a_limit_are_not_on_the_front() -> None:
    """With half of the first ladder forbidden, the front ends there."""

    def evaluate(points: NDArray[np.int64]) -> tuple[F8, F8]:
        aims, _ = task(zdt1).evaluate(points)
        return aims, (points[:, :1] / RUNGS) - 0.5

    limited = Task([RUNGS] * 10, np.zeros((0, 10), np.int64), 2, 1, evaluate)
    front = evolve(limited, 1, 40).front()
    assert len(front.points) > 5
    assert front.points[:, 0].max() <= RUNGS // 2
