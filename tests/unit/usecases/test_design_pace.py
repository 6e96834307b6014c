"""The pace of a search: what is timed, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from unit.analysis.short_case import one_year

from openchannel import model
from openchannel.analysis.portfolio import trial
from openchannel.domain import Policy
from openchannel.usecases.building import design_pace
from openchannel.usecases.building.design_pace import pace, pace_words


def test_a_generation_is_timed_against_as_many_single_futures_as_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a clock that says two seconds, then four: futures played, divided by these.

    A generation is 36 portfolios of 64 futures in five worlds; the loop plays one future of one
    policy in one world at a time. Compiling is done before the clock starts.
    """
    together: list[tuple[int, int]] = []
    alone: list[tuple[int, int, int]] = []
    ticks = iter((0.0, 2.0, 10.0, 14.0))
    play, simulate = trial.Trial.play, model.simulate_replicates

    def played(self: trial.Trial, policies: Sequence[Policy], purpose: str, futures: int) -> Any:
        together.append((len(policies), futures))
        return play(self, policies[:1], purpose, 32)

    def simulated(design: Any, beliefs: Any, seed: int, first: int, n: int) -> Any:
        alone.append((len(design.policies), len(beliefs.par), n))
        return simulate(design, beliefs, seed, first, n)

    monkeypatch.setattr(trial.Trial, "play", played)
    monkeypatch.setattr(model, "simulate_replicates", simulated)
    monkeypatch.setattr(design_pace, "perf_counter", lambda: next(ticks))
    case = one_year()
    found = pace(case, 1)
    assert together == [(1, 32), (36, 64)]
    assert set(alone) == {(1, 1, 1)}
    n_worlds = len(case.worlds)
    assert found == (36 * 64 * n_worlds / 2.0, len(alone) / 4.0)
    assert len(alone) == 2 * 4 * n_worlds


def test_many_futures_on_common_luck_are_faster_than_one_at_a_time() -> None:
    """The loop leaves fifteen of sixteen lanes empty; threefold would be a poor day."""
    together, alone = pace(one_year(), 1)
    assert together > 3.0 * alone > 0.0


def test_the_ratio_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portfolios of the size of a search, threads, and how many times the loop."""
    monkeypatch.setattr(design_pace, "pace", lambda _case, _threads: (12_800.0, 128.0))
    assert pace_words(one_year(), 2) == (
        "pace: 10.0 portfolios a second of 1,280 futures each on 2 threads, 100 times a loop that "
        "plays one future at a time"
    )
