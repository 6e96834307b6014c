"""State, luck and small formulas of the JAX version."""

from __future__ import annotations

from types import SimpleNamespace

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp
from numpy_batch import Tables
from numpy_draws import hazard, keep

__all__ = [
    "UNIFORMS", "Luck", "add", "begin", "hazard", "keep", "keep_where", "lever", "lognormal", "met",
    "poisson", "row",
]  # fmt: skip

#: Uniforms of a week of one future besides three for each channel; see `Luck.next`.
UNIFORMS = 40

_WHOLE = ("M", "R", "r", "r_max", "ag", "ag_age", "nw", "susp", "fail", "since4")
_REAL = ("E", "G", "x", "L", "F", "Pd", "K", "Sigma", "theta", "W", "mu_t")


class Luck:
    """Uniforms and normals of one week, drawn at once and handed out row by row."""

    def __init__(self, key: jax.Array, n: int, channels: int) -> None:
        one, two, three = jax.random.split(key, 3)
        self._uniform = jax.random.uniform(one, (UNIFORMS, n), jnp.float64)
        self._normal = jax.random.normal(two, (6, n), jnp.float64)
        self._channel = jax.random.uniform(three, (3, channels, n), jnp.float64)
        self._at = {"uniform": 0, "normal": 0, "channel": 0}

    def _next(self, kind: str):
        rows = getattr(self, f"_{kind}")
        at = self._at[kind]
        assert at < rows.shape[0], f"too few rows of {kind}"
        self._at[kind] = at + 1
        return rows[at]

    def next(self):
        """A uniform a future."""
        return self._next("uniform")

    def normal(self):
        """A standard normal a future."""
        return self._next("normal")

    def by_channel(self):
        """A uniform a channel and future."""
        return self._next("channel")


def begin(k: Tables, n: int, key: jax.Array) -> dict:
    """State before the first week, by name."""
    p = k.p
    u = jax.random.uniform(key, (2, n), jnp.float64)
    state = {name: jnp.zeros(n, jnp.int32) for name in _WHOLE}
    state |= {name: jnp.zeros(n) for name in _REAL}
    R = (u[0] >= p.R0_0).astype(jnp.int32) + (u[0] >= p.R0_0 + p.R0_1)
    return state | {
        "R": R,
        "M": jnp.full(n, 2, jnp.int32),
        "since4": jnp.full(n, 127, jnp.int32),
        "trade": u[1] < p.p_trade,
        "pe": jnp.ones(n, bool),
        "theta": jnp.full(n, float(p.theta0)),
        "W": jnp.full(n, float(p.W0)),
        "mu_t": jnp.full(n, float(p.p_trade)),
        "s": jnp.repeat(jnp.asarray(k.ch["s0"]), n, axis=1),
        "O": jnp.repeat(jnp.asarray(k.ch["O0"] > 0), n, axis=1),
    }


def keep_where(living, f: SimpleNamespace, before: dict) -> dict:
    """The state after a week; that of the dead stands still."""
    return {
        name: jnp.where(living, getattr(f, name), old).astype(old.dtype)
        for name, old in before.items()
    }


def add(f: SimpleNamespace, name: str, amount) -> None:
    """Add to what living futures accumulate."""
    f.out[name] = f.out[name] + jnp.where(f.alive, amount, 0.0)


def lever(k: Tables, f: SimpleNamespace, name: int):
    """A lever in force; a plain number where policy and status quo agree."""
    rows = k.levers[name]
    return rows[0] if rows[0] == rows[1] else jnp.where(f.code > 0, rows[1], rows[0])


def row(table, at):
    """Values of a short table: chosen, not gathered, which a processor does faster."""
    table = np.asarray(table)
    found = jnp.full(at.shape, table[0])
    for i in range(1, len(table)):
        found = jnp.where(at == i, table[i], found)
    return found


def met(u, rate_per_year):
    """Whether an annual rate strikes in this week."""
    return u < -jnp.expm1(-rate_per_year / 52.0)


def lognormal(z, median, log_sd):
    """Log-normal values from standard normals."""
    return median * jnp.exp(log_sd * z)


def poisson(u, mean, stop: int):
    """Counts by inversion; stops when no future needs another term."""

    def more(held):
        number, left, _, _ = held
        return (number < stop) & (left >= 0.0).any()

    def next_term(held):
        number, left, term, count = held
        number = number + 1
        term = term * mean / number
        count = jnp.where(left >= 0.0, number, count)
        return number, jnp.where(left >= 0.0, left - term, left), term, count

    none = jnp.exp(-mean)
    start = jnp.zeros((), jnp.float64), u - none, none, jnp.zeros_like(mean)
    return lax.while_loop(more, next_term, start)[3]
