"""Beliefs, designs and records for tests of the kernel, from the twin's own table of values.

Nothing here is read from a case file, so that a test of the kernel stands on the second
transcription of the specification alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from naive import reference_values as ref
from naive.future import simulate
from naive.philox import uniforms
from naive.record import Calendar, Stage
from numpy.typing import NDArray

from openchannel.kernel.keys import Column, Lever, Out, Rule, Scalar
from openchannel.kernel.prepare import derive_belief, derive_plan
from openchannel.kernel.records import LANES, WEEK, belief_records, future_dtype, plan_records
from openchannel.model import Beliefs, Design, simulate_replicates
from openchannel.model.triggers import pack_triggers

F8 = NDArray[np.float64]
Columns = Mapping[str, Sequence[float]]

#: Control variates of mean zero: the twin has none; `test_compensators` holds them to their mean.
CONTROL = frozenset(name for name in Out.__members__ if name.startswith("cv_"))

EXERCISES = (10, 11, 12, 33, 34)
#: Weeks of the twin's calendar: those of the E4 run.
INAUGURATIONS = (110, 318)


@dataclass(frozen=True)
class Arm:
    """One policy of a test: status quo, policy and second stage, and its adaptive rules."""

    name: str
    stages: Sequence[Stage]
    rules: Mapping[str, Any]


def arm(policy: str, target: str = "", label: str = "", **rules: Any) -> Arm:
    """A policy of the table, with adaptive rules switched on by name, and `triggers`."""
    return Arm(label or policy, ref.stages(policy, target), {**ref.RULES[policy], **rules})


def alike(name: str, levers: Mapping[str, float], cadence: Sequence[float]) -> Arm:
    """A policy that is its own status quo, so that it is in force whatever happens."""
    return Arm(name, [(levers, cadence)] * 3, ref.RULES_OFF)


def levers(policy: str, **changes: float) -> dict[str, float]:
    """Levers of a policy of the table with some of them changed."""
    return {**ref.POLICIES[policy][0], **changes}


def cadence(policy: str, **changes: float) -> list[float]:
    """Contacts a year of a policy of the table, some changed by channel."""
    usual = ref.POLICIES[policy][1]
    return [changes.get(c, n) for c, n in zip(ref.CHANNELS, usual, strict=True)]


def columns(**changes: Mapping[str, float] | float) -> dict[str, list[float]]:
    """The channel table with columns replaced, or some channels of a column."""
    table = {name: list(values) for name, values in ref.COLUMNS.items()}
    for name, change in changes.items():
        for c, channel in enumerate(ref.CHANNELS):
            if not isinstance(change, Mapping):
                table[name][c] = change
            elif channel in change:
                table[name][c] = change[channel]
    return table


def beliefs(table: Columns = ref.COLUMNS, **changes: float) -> Beliefs:
    """Reference values with some changed: par float64[1, Scalar], ch float64[1, channel, Column]."""
    unknown = set(changes) - set(Scalar.__members__)
    assert not unknown, unknown
    values = {**ref.PARAMETERS, **changes}
    par = np.array([[values[name] for name in Scalar.__members__]], np.float64)
    ch = np.array([[table[name] for name in Column.__members__]], np.float64)
    return Beliefs(par, np.ascontiguousarray(ch.transpose(0, 2, 1)))


def many(*worlds: Beliefs) -> Beliefs:
    """Several belief vectors side by side."""
    par = np.concatenate([w.par for w in worlds])
    return Beliefs(par, np.concatenate([w.ch for w in worlds]))


def design(
    arms: Sequence[Arm],
    n_weeks: int = 520,
    inaugurations: Sequence[int] = INAUGURATIONS,
    exercises: Sequence[int] = EXERCISES,
) -> Design:
    """Arms side by side on the twin's calendar."""
    lever = [[[s[0][n] for n in Lever.__members__] for s in a.stages] for a in arms]
    cadences = [[s[1] for s in a.stages] for a in arms]
    rule = [[a.rules[n] for n in Rule.__members__] for a in arms]
    weeks = np.arange(n_weeks)
    return Design(
        tuple(a.name for a in arms),
        np.array(lever, np.float64),
        np.array(cadences, np.float64),
        np.array(rule, np.float64),
        np.array(ref.SLOTS, np.int64),
        np.isin(weeks, inaugurations).astype(np.uint8),
        np.isin(weeks % 52, exercises).astype(np.uint8),
        trigger=pack_triggers([a.rules.get("triggers", ()) for a in arms]),
    )


def run(plan: Design, world: Beliefs, n: int, *, seed: int = 20270104, first: int = 0) -> F8:
    """Futures of `n` replicates: float64[replicate, world, policy, Out]."""
    return simulate_replicates(plan, world, seed, first, n)


def pick(out: F8, *names: str) -> F8:
    """Sum of some outcomes by name, one number a future."""
    return np.asarray(sum(out[..., Out[name]] for name in names))


def twin(
    par: Mapping[str, float], table: Columns, arm_: Arm, n_weeks: int, seed: int, replicate: int,
    *, calendar: Calendar = ref.CALENDAR, trace: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The same future from the plain-Python twin."""
    return simulate(
        par, table, ref.SLOTS, arm_.stages, arm_.rules, calendar, n_weeks,
        uniforms(seed, replicate), trace=trace,
    )  # fmt: skip


def lanes(u: float) -> F8:
    """One uniform for every lane."""
    return np.full(LANES, u)


@dataclass
class Bench:
    """One week laid open: records that a step of the kernel can be called on, all lanes alike."""

    par: Any
    plan: Any
    f: Any
    wk: Any


def bench(table: Columns = ref.COLUMNS, policy: str = "P0", **changes: float) -> Bench:
    """Records of a belief and a policy, derived fields filled, and a clear future."""
    world = beliefs(table, **changes)
    plans = design([arm(policy)], 1)
    par = belief_records(world.par, world.ch)[0]
    plan = plan_records(plans.lever, plans.cadence, plans.rule, plans.exemptions)[0]
    derive_belief(par)
    derive_plan(par, plan)
    f = np.zeros(1, future_dtype(world.ch.shape[1]))[0]
    f["pe"] = f["alive"] = 1.0
    f["key"] = -1.0
    return Bench(par, plan, f, np.zeros(1, WEEK)[0])
