"""The files of a run: whole or absent, and the same bytes for the same run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from openchannel.domain import Case, World
from openchannel.ensemble.collect import Collected
from openchannel.ensemble.design import BeliefSample
from openchannel.ensemble.plan import Plan
from openchannel.model.metrics import EXTRAS, METRICS, metric_index

__all__ = ["draws_table", "write_atomic", "write_draws", "write_json"]

F8 = NDArray[np.float64]


def write_atomic(path: Path, write: Callable[[Path], None]) -> Path:
    """Let `write` fill a temporary file beside `path`, then put it in place.

    A failure leaves what stood at `path` as it was, and no temporary file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def write_json(path: Path, value: Mapping[str, Any]) -> Path:
    """One JSON file, sorted as given, two spaces, a newline at the end."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return write_atomic(path, lambda p: _write_text(p, text))


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _held(world: World, case: Case, name: str, drawn: F8) -> F8:
    """What a world holds of a drawn quantity: its own number where it sets one."""
    key = name if name in case.parameters else ""
    if not key:
        return drawn
    effect = case.parameters[key].tie_effect
    held = drawn
    if world.null_tie_effects and effect is not None:
        held = np.full_like(drawn, effect.null)
    for change in world.overrides:
        if change.parameter == key and change.how == "set" and not change.elements:
            held = np.full_like(drawn, change.value)
    return held


def _means(plan: Plan, collected: Collected) -> F8:
    """Conditional means: float64[draw, world, policy, metric], NaN where undefined."""
    draws = np.array([g.draw for g in plan.groups()])
    shape = (plan.n_draws, *collected.numerator.shape[1:])
    top, bottom = np.zeros(shape), np.zeros(shape)
    np.add.at(top, draws, collected.numerator)
    np.add.at(bottom, draws, collected.denominator)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(bottom > 0, top / bottom, np.nan))


def _luck(plan: Plan, collected: Collected, metric: int, base: int) -> F8:
    """Standard error that luck leaves in each draw's paired difference from the baseline.

    float64[draw, world, policy], NaN where a draw has a single replicate.
    """
    draws = np.array([g.draw for g in plan.groups()])
    top = collected.numerator[..., metric]
    gap, square = np.zeros((2, plan.n_draws, *top.shape[1:]))
    np.add.at(gap, draws, top - top[:, :, base, None])
    np.add.at(square, draws, collected.spread[..., metric])
    n = np.bincount(draws, collected.sizes, plan.n_draws)[:, None, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.maximum(square / n - (gap / n) ** 2, 0.0) / (n - 1.0)
        return np.asarray(np.where(n > 1, np.sqrt(variance), np.nan))


def draws_table(
    case: Case,
    plan: Plan,
    sample: BeliefSample,
    collected: Collected,
    worlds: Sequence[World],
) -> pa.Table:
    """One row a policy, world and draw: the quantities drawn and the conditional means."""
    means = _means(plan, collected)
    loss = metric_index("composite_loss")
    luck = _luck(plan, collected, loss, plan.policies.index(plan.baseline))
    n = plan.n_draws
    blocks = []
    for w, world in enumerate(worlds):
        held = {
            f"belief.{name}": _held(world, case, name, drawn)
            for name, drawn in sample.quantities.items()
        }
        for x, policy in enumerate(plan.policies):
            columns: dict[str, Any] = {
                "policy": pa.array([policy] * n).dictionary_encode(),
                "world": pa.array([world.id] * n).dictionary_encode(),
                "draw": np.arange(n, dtype=np.int32),
                **held,
            }
            for m, metric in enumerate((*METRICS, *EXTRAS)):
                columns[metric.id] = means[:, w, x, m]
            columns["luck.composite_loss"] = luck[:, w, x]
            blocks.append(pa.table(columns))
    return pa.concat_tables(blocks).unify_dictionaries()


def write_draws(path: Path, table: pa.Table) -> Path:
    """The draws as Parquet, one row group a policy and world."""
    return write_atomic(
        path, lambda p: pq.write_table(table, p, compression="zstd", row_group_size=1 << 16)
    )
