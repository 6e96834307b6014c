"""One future after another in plain Python, with the standard library's generator.

The other end of the comparison: the twin of `tests/naive` as it stands, on luck of `random`.
Run `python benches/plain_futures.py [futures] [policy]` for a speed.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("tests", "src")]

from naive import reference_values as ref
from naive.future import simulate

__all__ = ["simulate_many"]


def simulate_many(
    par: Mapping[str, float],
    ch: Mapping[str, Sequence[float]],
    stages: Sequence[tuple[Mapping[str, float], Sequence[float]]],
    rules: Mapping[str, float],
    calendar: Any,
    n_weeks: int,
    n_futures: int,
    seed: int,
) -> list[dict[str, Any]]:
    """What each future accumulates, by `keys.Out`; arguments as in `numpy_futures`."""
    generator = random.Random(seed)
    slots = range(len(ch["auth"]))

    def luck(_stream: int, _slot: int, _week: int) -> float:
        return generator.random() or 0.5  # 0 has no normal quantile

    return [
        simulate(par, ch, slots, stages, rules, calendar, n_weeks, luck) for _ in range(n_futures)
    ]


def main() -> None:
    """Print futures a second on one core for a policy of the reference values."""
    n_futures = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    policy = sys.argv[2] if len(sys.argv) > 2 else "P7"
    rules, stages = ref.RULES[policy], ref.stages(policy)
    begin = time.perf_counter()
    simulate_many(ref.PARAMETERS, ref.COLUMNS, stages, rules, ref.CALENDAR, 520, n_futures, 1)
    seconds = time.perf_counter() - begin
    print(f"{policy}: {n_futures / seconds:.1f} futures of 520 weeks a second")


if __name__ == "__main__":
    main()
