"""Many futures at once with NumPy: the comparison that the compiled kernel has to beat.

Owns the order of the steps and the loop over weeks; tables and arrays stand in `numpy_batch`.
The whole specification is here, with draws of its own generator: it agrees with the twin of
`tests/naive` in distribution, not draw by draw. Arrays are (channel, future) and (future,).

Run `python benches/numpy_futures.py [futures] [policy]` for a speed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # one core, as it is compared
        os.environ.setdefault(_threads, "1")
    sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("tests", "src")]

import numpy as np
import numpy_conflict as conflict
import numpy_politics as politics
import numpy_ties as ties
from numpy_batch import Batch, Tables
from numpy_draws import Array, Rng

from openchannel.kernel.keys import Out

__all__ = ["simulate_many"]

CHUNK = 4096  # futures at once: small arrays waste calls, large ones leave the cache


def live_one_week(k: Tables, f: Batch, t: int, rng: Rng, result: Array) -> None:
    """Steps 1 to 17; futures that meet war are handed in at once and dropped."""
    if len(f) == 0:
        return
    exercise = (t + k.calendar.w0) % 52 in k.calendar.exercises
    discount = (1.0 + k.p.disc) ** (-t / 52.0)
    prepare(k, f, t, rng)
    ties.receptivity(k, f, rng)
    ties.channels(k, f, rng)
    ties.contacts(k, f, rng)
    ties.reliability(k, f)
    conflict.provocations(k, f, rng, exercise)
    conflict.tension(k, f, rng)
    conflict.crisis_onset(k, f, rng)
    p_war, p_nuclear = np.zeros(len(f)), np.zeros(len(f))
    conflict.crisis(k, f, rng, discount, p_war, p_nuclear)
    dead, cause = conflict.warning(k, f, rng, p_war, p_nuclear)
    conflict.expect(k, f, p_war, p_nuclear, discount)
    end(k, f, rng, dead, cause, discount, result)
    politics.bargaining(k, f, rng)
    dead = politics.opportunities(k, f, rng, discount)
    end(k, f, rng, dead, np.full(dead.size, conflict.INSTABILITY), discount, result)
    politics.stocks(k, f, rng, t, exercise, discount)
    politics.accumulate(k, f)
    politics.follow_rules(k, f, t)


def prepare(k: Tables, f: Batch, t: int, rng: Rng) -> None:
    """Step 1, and the levers of the week."""
    if t in k.calendar.inaugurations:
        ties.inauguration(k, f, rng)
    f.put_in_force(k)
    f.in_force = f.pe.copy()
    f.surge = f.pe & (f.r >= 2) if k.rules.surge else None


def end(
    k: Tables, f: Batch, rng: Rng, dead: Array, cause: Array, discount: float, result: Array
) -> None:
    """Wars of the week, and farewell to the futures that met them."""
    if dead.size:
        conflict.wage_war(k, f, rng, dead, cause, discount)
        f.drop(dead, result)


def simulate_many(
    par: Mapping[str, float],
    ch: Mapping[str, Sequence[float]],
    stages: Sequence[tuple[Mapping[str, float], Sequence[float]]],
    rules: Mapping[str, float],
    calendar: Any,
    n_weeks: int,
    n_futures: int,
    seed: int,
) -> dict[str, Array]:
    """What each of `n_futures` accumulates over `n_weeks`: float64[n_futures] by `keys.Out`.

    Arguments are those of the twin's `simulate`, without slots: the luck is NumPy's own.
    """
    k = Tables(par, ch, stages, rules, calendar)
    rng = np.random.Generator(np.random.SFC64(seed))
    result = np.zeros((len(Out), n_futures))
    for first in range(0, n_futures, CHUNK):
        ids = np.arange(first, min(first + CHUNK, n_futures))
        f = Batch(k, ids, rng)
        for t in range(n_weeks):
            live_one_week(k, f, t, rng, result)
        f.out[Out.W_T] = f.W
        result[:, f.id] = f.out
    conflict.expected_fatalities(k, result)
    return {key.name: result[key] for key in Out}


def main() -> None:
    """Print futures a second on one core for a policy of the reference values."""
    from naive import reference_values as ref

    n_futures = int(sys.argv[1]) if len(sys.argv) > 1 else 4096
    policy = sys.argv[2] if len(sys.argv) > 2 else "P7"
    rules, stages = ref.RULES[policy], ref.stages(policy)
    begin = time.perf_counter()
    out = simulate_many(ref.PARAMETERS, ref.COLUMNS, stages, rules, ref.CALENDAR, 520, n_futures, 1)
    seconds = time.perf_counter() - begin
    print(f"{policy}: {n_futures / seconds:.0f} futures of 520 weeks a second,")
    print(f"{out['weeks'].sum() / seconds:.3g} weeks a second, P(war) {out['war'].mean():.4f}")


if __name__ == "__main__":
    main()
