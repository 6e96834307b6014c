"""Many futures at once with JAX: the same steps as the NumPy version, every array of fixed shape.

`jax.jit` compiles arrays whose shape it knows, so that nothing can be done only where something
happens: every step is taken for every future and kept by a mask, and all weeks are one `lax.scan`.
Two things are said in another way of the same law: a hazard is met by a uniform, and the events of
a week are four Poisson counts, one a severity, in place of one count whose events draw theirs.
Policies without adaptive rules only. Double precision, as in every other implementation.

Run `python benches/jax_futures.py [futures] [policy]` for a speed.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("tests", "src")]
os.environ.setdefault("JAX_PLATFORMS", "cpu")
# One core, as it is compared.
os.environ.setdefault(
    "XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp
from jax_politics import accumulate, bargaining, opportunities, stocks
from jax_steps import UNIFORMS, Luck, begin, keep_where
from jax_war import conflict, contact, end, inauguration, sizes_of_war
from numpy_batch import Tables
from numpy_conflict import expected_fatalities

from openchannel.kernel.keys import Out

jax.config.update("jax_enable_x64", True)

__all__ = ["simulate_many"]

CHUNK = 4096  # futures at once


def one_week(k: Tables, n: int, carry: tuple, week: dict) -> tuple[tuple, None]:
    """Steps 1 to 17 for every future; what the dead would add is masked away."""
    state, out, key = carry
    key, own, rare = jax.random.split(key, 3)
    channels = k.ch["s0"].shape[0]
    f = SimpleNamespace(**state)
    f.out, f.alive = out, out["war"] == 0
    f.u = Luck(own, n, channels)
    begun = f.alive
    changed = lax.cond(
        week["inauguration"], partial(inauguration, k), lambda f_, _: f_,
        {name: state[name] for name in ("pe", "s", "ag", "ag_age", "theta", "fail", "R")}
        | {"collapses": out["collapses"]}, rare,
    )  # fmt: skip
    f.out = out | {"collapses": jnp.where(begun, changed.pop("collapses"), out["collapses"])}
    for name, value in changed.items():
        setattr(f, name, value)
    f.code = f.pe.astype(jnp.int32)  # row of the levers in force: 0 status quo, 1 the policy
    f.in_force = f.pe
    contact(k, f)
    conflict(k, f, week)
    bargaining(k, f)
    dead = opportunities(k, f, week["discount"])
    end(k, f, dead, jnp.full(n, 4), week["discount"])
    stocks(k, f, week)
    accumulate(k, f)
    return (keep_where(begun, f, state), f.out, key), None


@partial(jax.jit, static_argnums=(0, 1))
def play(k: Tables, n: int, key: jax.Array, weeks: dict) -> dict:
    """Outcomes of `n` futures over all weeks: float64[n] by name."""
    key, start, last = jax.random.split(key, 3)
    out = {name.name: jnp.zeros(n) for name in Out}
    out["war_rel24"] = jnp.zeros(n)
    (state, out, _), _ = lax.scan(partial(one_week, k, n), (begin(k, n, start), out, key), weeks)
    out = sizes_of_war(k, out, last)
    out["W_T"] = jnp.where(out["war"] > 0, 0.0, state["W"])
    return out


def simulate_many(par, ch, stages, rules, calendar, n_weeks, n_futures, seed) -> dict:
    """As `numpy_futures.simulate_many`: float64[n_futures] by `keys.Out`; whole chunks are played."""
    adaptive = [name for name, on in rules.items() if on and name != "status_quo"]
    if adaptive:
        raise ValueError(f"the JAX version has no adaptive rules: {', '.join(adaptive)}")
    k = tables(par, ch, stages, rules, calendar)
    t = np.arange(n_weeks)
    weeks = {
        "inauguration": np.isin(t, list(calendar.inaugurations)),
        "exercise": np.isin((t + calendar.w0) % 52, list(calendar.exercises)),
        "discount": (1.0 + k.p.disc) ** (-t / 52.0),
        "first": t == 0,
    }
    keys = jax.random.split(jax.random.key(seed), -(-n_futures // CHUNK))
    size = min(CHUNK, n_futures)
    parts = [jax.device_get(play(k, size, key, weeks)) for key in keys]
    result = np.stack(
        [np.concatenate([part[name.name] for part in parts])[:n_futures] for name in Out]
    )
    expected_fatalities(k, result)
    return {name.name: result[name] for name in Out}


_TABLES: dict = {}


def tables(*given) -> Tables:
    """Tables are constants of what is compiled, so the same ones are made once."""
    name = repr(given)
    if name not in _TABLES:
        _TABLES[name] = Tables(*given)
    return _TABLES[name]


def main() -> None:
    """Print futures a second on one core for a policy of the reference values."""
    from naive import reference_values as ref

    n_futures = int(sys.argv[1]) if len(sys.argv) > 1 else 4096
    policy = sys.argv[2] if len(sys.argv) > 2 else "P7"
    given = ref.PARAMETERS, ref.COLUMNS, ref.stages(policy), ref.RULES[policy], ref.CALENDAR, 520
    for what in ("with compilation", "compiled"):
        begin_at, spent = time.perf_counter(), time.process_time()
        out = simulate_many(*given, n_futures, 1)
        spent, clock = time.process_time() - spent, time.perf_counter() - begin_at
        print(f"{policy}, {what}: {n_futures / spent:.0f} futures of 520 weeks a processor second,")
        print(
            f"{clock:.1f} s of the clock, P(war) {out['war'].mean():.4f}, {UNIFORMS} uniforms a week"
        )


if __name__ == "__main__":
    main()
