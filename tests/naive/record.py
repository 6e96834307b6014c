"""What one future is between weeks, and what one week hands from step to step.

Owns the start of a future (0.8) and the levers in force; the steps themselves stand in `ties`,
`conflict` and `politics`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from openchannel.kernel.keys import Out, State

from .draws import categorical
from .philox import Uniform

__all__ = ["Calendar", "Future", "Inputs", "Stage", "Week", "begin_future", "begin_week"]

Stage = tuple[Mapping[str, float], Sequence[float]]  # levers, contacts a year by channel
STATUS_QUO = 0


@dataclass(frozen=True)
class Calendar:
    """Fixed dates: weeks of inaugurations, weeks of the year with exercises, first week's place."""

    inaugurations: frozenset[int]
    exercises: frozenset[int]
    w0: int = 0


@dataclass(frozen=True)
class Inputs:
    """Beliefs, channels, policy, calendar and luck of one future; names as in `keys`."""

    p: Any  # attribute for each name of keys.Scalar
    ch: Any  # attribute for each name of keys.Column: one number a channel
    slots: Sequence[int]
    stages: Sequence[Stage]  # status quo, policy, its second stage
    rules: Any  # attribute for each name of keys.Rule; `triggers`, where there are any
    calendar: Calendar
    u: Uniform

    @property
    def channels(self) -> range:
        return range(len(self.slots))


@dataclass
class Future:
    """State (attributes named as in `keys.State`, here in `st`), ties, and what has accumulated."""

    st: Any
    s: list[float]
    O: list[int]  # the name in the specification
    out: dict[str, float]
    trace: list[dict[str, float]] = field(default_factory=list)


@dataclass
class Week:
    """One week's levers and the values that its steps share."""

    t: int
    u: Callable[..., float]  # u(stream) or u(stream, slot of the channel or event)
    exercise: bool
    discount: float
    surge: bool = False
    pe: int = 1  # in force after the inauguration step
    levers: Any = None
    cadence: Sequence[float] = ()
    n: list[int] = field(default_factory=list)  # contacts by channel
    A: float = 0.0  # dialogue activity
    S: float = 0.0
    K_eff: float = 0.0
    rel: Any = None  # d6, d24, d72, bargain, nuc, kc
    events: list[int] = field(default_factory=lambda: [0, 0, 0, 0, 0, 0])  # by severity
    lethal: bool = False
    onset: bool = False
    in_crisis: bool = False
    entered_r3: bool = False
    deception: bool = False
    signed: bool = False
    succession: bool = False
    ci_worst: float = 0.0


def begin_future(inp: Inputs) -> Future:
    """The state before week 0 (0.8)."""
    p, u = inp.p, inp.u
    st = SimpleNamespace(**{key.name: 0.0 for key in State})
    st.alive, st.pe, st.M, st.since4 = 1, 1, 2, 127
    st.R = categorical(u(90, 0, 0), [p.R0_0, p.R0_1, p.R0_2])
    st.trade = int(u(92, 0, 0) < p.p_trade)
    st.r = st.r_max = st.cw = st.ag = st.ag_age = st.nw = st.susp = st.fail = st.stage = 0
    st.theta, st.W, st.mu_t = p.theta0, p.W0, p.p_trade
    out = {key.name: 0.0 for key in Out}
    return Future(st, list(inp.ch.s0), [int(o) for o in inp.ch.O0], out)


def begin_week(inp: Inputs, t: int) -> Week:
    """The calendar of a week and its uniforms."""
    exercise = (t + inp.calendar.w0) % 52 in inp.calendar.exercises
    discount = (1.0 + inp.p.disc) ** (-t / 52.0)
    return Week(t, lambda stream, slot=0: inp.u(stream, slot, t), exercise, discount)


def put_in_force(inp: Inputs, f: Future, w: Week) -> None:
    """Levers and cadences of the week: the policy's if it stands, else the status quo's (0.8)."""
    levers, w.cadence = inp.stages[1 + f.st.stage] if f.st.pe else inp.stages[STATUS_QUO]
    w.levers = SimpleNamespace(**levers)
    w.pe = f.st.pe


def has_triggers(inp: Inputs) -> bool:
    """Whether the policy has rules written in the language of triggers."""
    return bool(getattr(inp.rules, "triggers", ()))


def cannot_lapse(inp: Inputs, f: Future) -> bool:
    """A plan that waits for its second stage, where there is nothing to lapse (J2)."""
    kept = inp.rules.on_demand and not inp.rules.on_demand_lapses
    return bool((kept or inp.rules.stays) and f.st.stage == 0)
