"""The draws of a run as a table: one row a policy, world and belief draw."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from openchannel.domain import Case, World
from openchannel.ensemble.collect import Collected, paired_index
from openchannel.ensemble.design import BeliefSample
from openchannel.ensemble.plan import Plan
from openchannel.ensemble.store import write_atomic
from openchannel.model.metrics import EXTRAS, METRICS, divisor_of, metric_index

__all__ = ["draws_by_world", "draws_table", "held", "write_draws"]

#: The metric whose paired difference is told apart from luck, draw by draw.
_LUCK = "composite_loss"

F8 = NDArray[np.float64]


def held(world: World, case: Case, name: str, drawn: F8) -> F8:
    """What a world holds of a drawn quantity: its own number where it sets one."""
    key = name if name in case.parameters else ""
    if not key:
        return drawn
    effect = case.parameters[key].tie_effect
    number = drawn
    if world.null_tie_effects and effect is not None:
        number = np.full_like(drawn, effect.null)
    for change in world.overrides:
        if change.parameter == key and change.how == "set" and not change.elements:
            number = np.full_like(drawn, change.value)
    return number


def _means(draws: NDArray[np.int64], n: int, collected: Collected, world: int, policy: int) -> F8:
    """Conditional means of one policy in one world: float64[metric, draw], NaN where undefined."""
    top = np.zeros((n, collected.numerator.shape[-1]))
    bottom = np.zeros((n, collected.divisors.shape[-1]))
    np.add.at(top, draws, collected.numerator[:, world, policy])
    np.add.at(bottom, draws, collected.divisors[:, world, policy])
    own = bottom[:, [divisor_of(m.id) for m in (*METRICS, *EXTRAS)]]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.ascontiguousarray(np.where(own > 0, top / own, np.nan).T)


def _luck(
    draws: NDArray[np.int64], n: int, collected: Collected, at: tuple[int, int], base: int
) -> F8:
    """Standard error that luck leaves in each draw's paired difference from the baseline.

    `at` is (world, policy), `base` the baseline's policy; float64[draw], NaN where a draw has a
    single replicate.
    """
    world, policy = at
    top = collected.numerator[:, world, :, metric_index(_LUCK)]
    square = collected.spread[:, world, policy, paired_index(_LUCK)]
    m = np.bincount(draws, collected.sizes, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.bincount(draws, top[:, policy] - top[:, base], n) / m
        variance = np.maximum(np.bincount(draws, square, n) / m - gap**2, 0.0) / (m - 1.0)
        return np.asarray(np.where(m > 1, np.sqrt(variance), np.nan))


def draws_by_world(
    case: Case,
    plan: Plan,
    sample: BeliefSample,
    collected: Collected,
    worlds: Sequence[World],
) -> Iterator[pa.Table]:
    """The draws world by world, so that they need not all be held at once.

    One row a policy and draw: the quantities drawn, as the world holds them, and the conditional
    means, with what luck leaves in the loss.
    """
    n = plan.n_draws
    groups = np.array([g.draw for g in plan.groups()])
    ids = _words(plan.policies)
    base = plan.policies.index(plan.baseline)
    for w, world in enumerate(worlds):
        means = [_means(groups, n, collected, w, x) for x in range(len(plan.policies))]
        columns: dict[str, Any] = {
            "policy": pa.DictionaryArray.from_arrays(
                _column(np.repeat(np.arange(len(ids), dtype=np.int32), n)), ids
            ),
            "world": pa.DictionaryArray.from_arrays(
                _column(np.full(n * len(ids), w, np.int32)), _words(plan.worlds)
            ),
            "draw": _column(np.tile(np.arange(n, dtype=np.int32), len(ids))),
        }
        for name, drawn in sample.quantities.items():
            columns[f"belief.{name}"] = _column(np.tile(held(world, case, name, drawn), len(ids)))
        for m, metric in enumerate((*METRICS, *EXTRAS)):
            columns[metric.id] = _column(np.concatenate([one[m] for one in means]))
        luck = [_luck(groups, n, collected, (w, x), base) for x in range(len(plan.policies))]
        columns[f"luck.{_LUCK}"] = _column(np.concatenate(luck))
        yield pa.table(columns)


# Made from memory as it lies there: `pa.array` would load pandas, which takes a third of a second.


def _column(values: NDArray[Any]) -> pa.Array:
    content = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, content])


def _words(words: Sequence[str]) -> pa.Array:
    content = [w.encode() for w in words]
    ends = np.cumsum([0, *map(len, content)], dtype=np.int32)
    return pa.StringArray.from_buffers(
        len(words), pa.py_buffer(ends), pa.py_buffer(b"".join(content))
    )


def draws_table(
    case: Case,
    plan: Plan,
    sample: BeliefSample,
    collected: Collected,
    worlds: Sequence[World],
) -> pa.Table:
    """All draws in one table, for a run that is kept in memory."""
    return pa.concat_tables(draws_by_world(case, plan, sample, collected, worlds))


def write_draws(path: Path, tables: Iterator[pa.Table]) -> Path:
    """The draws as Parquet, one row group a world."""

    def write(target: Path) -> None:
        first = next(tables)
        with pq.ParquetWriter(target, first.schema, compression="zstd") as writer:
            for table in itertools.chain((first,), tables):
                writer.write_table(table, row_group_size=len(table))

    return write_atomic(path, write)
