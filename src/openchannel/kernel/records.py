"""The records that steps of a week hand to one another, and their memory.

A record is a row of a NumPy structured array: Numba passes it as one pointer and reads a field as
one load, so a step reads like its equation (`par.kappa * (par.mu - f.theta[l])`). Scalars of
`keys` that differ by an index alone become one vector field: `fb1` to `fb4` are `par.fb[0]` to
`par.fb[3]`.

What belongs to a future has `LANES` numbers a field, one a future: the futures of consecutive
replicates under one belief and one policy go through a week side by side, so that a loop over
lanes fills whole vector registers and a parameter is loaded once for all of them. Lanes never mix:
what happens in one depends on no other. Every field is float64, so a matrix outside and a record
inside share their bytes.
"""

from __future__ import annotations

import math
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.kernel.keys import Column, Lever, Out, Rule, Scalar, State, Trace

__all__ = [
    "CHUNK",
    "LANES",
    "MOST_CONDITIONS",
    "MOST_TRIGGERS",
    "OUT",
    "TRACE",
    "TRIGGER_WIDTH",
    "WEEK",
    "belief_records",
    "cleared",
    "future_dtype",
    "lines_dtype",
    "luck_records",
    "plan_records",
]

#: Futures that go through a week side by side.
LANES = 16

#: Weeks of luck held at once; a multiple of 4, so that blocks of the generator are whole.
CHUNK = 52

#: Bytes of a line of the cache, and of the widest vector: one that lies across two lines is read
#: and written at half the speed.
_LINE = 64

#: Severities of a week that are drawn ahead; later events of a week draw theirs when they happen.
AHEAD = 2

#: Triggers of a policy, and the numbers of each: four, then four for each of six conditions.
MOST_TRIGGERS = 8
MOST_CONDITIONS = 6
TRIGGER_WIDTH = 4 + 4 * MOST_CONDITIONS

# Vector fields: name, first member, length.
_VECTORS = {
    "R0_0": ("R0", 3),
    "psi0": ("psi", 3),
    "j2": ("j", 4),
    "p_sev2": ("p_sev", 4),
    "q_on2": ("q_on", 4),
    "h1": ("h", 4),
    "fb1": ("fb", 4),
    "k1": ("k", 4),
    "M0": ("M", 5),
    "pi0": ("pi", 5),
    "c0_det": ("c0", 5),
    "c_gain_det": ("c_gain", 5),
    "ev2": ("ev", 4),
    "arr_det": ("arr", 5),
    "cap_det": ("cap", 5),
}

_Field = tuple[str, str] | tuple[str, str, tuple[int, ...]]


def _fields(names: type[IntEnum], *lanes: int) -> list[_Field]:
    """Fields of the members in order, members that differ by an index alone made one vector.

    `lanes` is the shape of one number: none, or the lanes.
    """
    members = list(names.__members__)
    fields: list[_Field] = []
    at = 0
    while at < len(members):
        name, length = _VECTORS.get(members[at], (members[at], 0))
        fields.append((name, "f8", (length, *lanes) if length else lanes))
        at += length or 1
    return fields


def _whole_lines(fields: list[_Field]) -> list[_Field]:
    """Fields of a record, made up to whole lines of the cache where lanes are vectors."""
    short = -np.dtype(fields).itemsize % _LINE
    return [*fields, ("pad", "f8", (short // 8,))] if short and LANES > 1 else fields


def cleared(shape: int | tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """Zeros that begin where a line of the cache begins."""
    dtype = np.dtype(dtype)
    size = math.prod(np.atleast_1d(shape)) * dtype.itemsize
    memory = np.zeros(size + _LINE, np.uint8)
    begin = -memory.ctypes.data % _LINE
    zeros: NDArray[Any] = memory[begin : begin + size].view(dtype)
    return zeros.reshape(shape)


#: The account of a batch: one number a lane for each member of `Out`.
OUT = np.dtype(_fields(Out, LANES))
TRACE = np.dtype(_fields(Trace))

#: What a belief fixes once, so that no week recomputes it.
_DERIVED: list[_Field] = [
    ("E_keep", "f8"),
    ("G_keep", "f8"),
    ("x_keep", "f8"),
    ("L_keep", "f8"),
    ("F_keep", "f8"),
    ("Pd_keep", "f8"),
    ("K_keep", "f8"),
    ("Sigma_keep", "f8"),
    ("mu", "f8"),  # re-centred level of tension
    ("p_acc", "f8"),  # weekly chance of an accident
    ("collapse_most", "f8"),  # bound on the weekly hazard of a collapse
    ("x_scale", "f8"),  # one over the scale of dialogue activity
    ("p_open_hi", "f8"),
    ("p_open_lo", "f8"),
    ("step_most", "f8"),  # largest weekly factor that tension puts on a receptivity rate
    ("term_most", "f8"),  # bound on the weekly hazard of an end at home
    ("lethal_most", "f8"),  # bound on the weekly hazard of a lethal incident
    ("share", "f8"),  # one over the sum of authorities
    ("alarm", "f8", (5,)),  # weekly chance of a false alarm, by rung
    ("logit", "f8", (5,)),  # log-odds of attack after an alarm without a message, by rung
    ("ln_lm", "f8"),
    ("ln_stake", "f8"),  # logarithm of the use-it-or-lose-it stake
    ("week_det", "f8"),  # weekly chances of the arrivals
    ("week_det_noban", "f8"),
    ("week_open", "f8"),
    ("week_hum", "f8"),
    ("week_suc", "f8"),
    ("week_def", "f8"),
    ("danger0", "f8", (5,)),  # chance that a crisis at a rung ends in war, at reliability 0
    ("danger1", "f8", (5,)),  # and its slope in reliability
    ("danger_slope", "f8", (5,)),
    ("danger_alarm", "f8"),  # chance that an alarm in quiet brings a strike
    ("calm_hazard", "f8"),  # rough weekly hazard of war in quiet
    ("q_mean", "f8"),  # chance of a crisis for an event of unknown severity, at no tension
    ("fat_conventional", "f8"),  # expected conventional war fatalities
    ("fat_nuclear", "f8"),  # expected further fatalities given nuclear use
]

_DERIVED_CHANNEL = (
    "s_keep",  # weekly retention of a tie
    "cut",  # weekly hazard of severance, at no tension
    "voice",  # authority times answer rate
    "voice_surge",  # the same in a crisis surge
    "p_D",  # weekly turnover of their counterpart
    "p_D_fail",  # the same after a collapse
    "p_U",
    "late_bargain",  # share of answers that come within each deadline
    "late_6",
    "late_24",
    "late_72",
    "late_nuc",
    "late_KC",
)

#: Scratch of one week: made in one step, read by later ones. Numbers of the week itself.
_WEEK_SCALARS = (
    "exercise",  # 1 in an exercise week
    "discount",
    "calm",  # rough chance of war to the horizon, from quiet
    "most",  # most events of a lane
    "failing",  # 1 if a lane is in the aftermath of a collapse
)

#: Those of one number a lane.
_WEEK_LANES = (
    "alive",  # at the start
    "pe",  # policy in force, at the start
    "surge",
    "surprise",  # danger of war expected of the draws less what they brought
    "contacts",
    "activity",
    "L_in",
    "F_in",
    "Pd_in",
    "know_in",
    "ci_in",
    "cost_in",
    "conc",
    "strain",  # factor of tension and closure on severance
    "ties",  # sums and products over channels
    "total",
    "squares",
    "S",
    "q",
    "rel6",  # until ties are summed up, the chance that no answer comes in time
    "rel24",
    "rel72",
    "rel_nuc",
    "rel_KC",
    "rel_bargain",
    "K_eff",
    "rate",  # expected provocations
    "events",
    "worst",
    "lethal",
    "clash",  # 1 if the lethal incident becomes a crisis where there is none
    "factor",  # exp(beta_on theta)
    "p_onset",  # chance that a crisis starts without a clash
    "weighed",  # events, each with its chance of a crisis at no tension
    "spared",
    "onset",
    "in_crisis",
    "entry3",
    "deceived",
    "cause",  # of a war: 1 escalation, 2 pre-emption, 3 Kill Chain, 4 instability
    "who",  # lanes with something in common, one after the other
    "signed",
    "succession",
    "count",  # a Poisson count in the making
    "none",
    "term",
    "cumulative",
    "miss",
    "severity",  # uniforms of events beyond those drawn ahead
)

WEEK = np.dtype(
    [
        *((name, "f8", (LANES,)) for name in _WEEK_LANES),
        ("n_sev", "f8", (4, LANES)),
        ("strike", "f8", (4, LANES)),  # scores of strikes, then chances: see `war.alarm_in_crisis`
        *((name, "f8") for name in _WEEK_SCALARS),
    ]
)

_LUCK_WEEKLY = (
    "receptivity",
    "campaign",
    "events",
    "noise",  # already a standard normal
    "lethal",
    "onset",
    "move1",
    "deception",
    "alarm",
    "window",
    "deal",
    "collapse",
    "termination",
)

#: Extremes of the lanes' luck, by channel and week: they tell whether any lane can be concerned.
_LUCK_EXTREMES = (
    "contacts_most",
    "turnover_least",  # of what a uniform exceeds 0 or one half by
)

#: What receptivity, suspension and the levers in force fix for a future until one of them changes.
_IN_FORCE = (
    "key",  # which of them were in force when the rest was derived
    "row",  # status quo, policy or second stage
    "up",  # weekly rate of a step up in receptivity, without tension
    "down",
    "psi",
    "inst",
    "exlev",
    "neg_most",  # bound on the bargaining effort
    "unconsulted",
    "susp_at",
    "susp_length",
    "conceding",  # 1 where concessions may be tied to a provocation
    "restraint",  # factor of pressure on the arsenal
    "standing_cost",  # a week
    "rights",
    "week_det",
)


@cache
def _belief_dtype(n_channels: int) -> np.dtype[Any]:
    columns = [*Column.__members__, *_DERIVED_CHANNEL]
    return np.dtype(
        [*_fields(Scalar), *_DERIVED, *((name, "f8", (n_channels,)) for name in columns)]
    )


@cache
def _plan_dtype(n_channels: int) -> np.dtype[Any]:
    """Axis of length 3: status quo, stage 0, stage 1."""
    return np.dtype(
        [
            *((name, "f8") for name in Rule.__members__),
            *((name, "f8", (3,)) for name in Lever.__members__),
            ("cadence", "f8", (3, n_channels)),
            ("exempt", "f8", (3, n_channels)),  # 1 where a suspension does not reach the channel
            ("mean", "f8", (3, 3, 2, n_channels)),  # contacts a week by receptivity, suspension
            ("none", "f8", (3, 3, 2, n_channels)),  # chance of no contact
            ("pull", "f8", (3, 4)),  # factor of the offer on q01, q12, q10, q21
            ("suspends", "f8"),  # 1 if any row has a suspension rule
            ("n_triggers", "f8"),
            ("trigger", "f8", (MOST_TRIGGERS, TRIGGER_WIDTH)),  # see `rules`
        ]
    )


@cache
def future_dtype(n_channels: int) -> np.dtype[Any]:
    """Futures between two weeks, one a lane.

    First the state, with tie and openness of each channel; then what follows from it and is kept
    until it changes: chance that a closed line opens, mean contacts of the week, and the chance of
    none (2 where the line is closed, so that no draw reaches it). Of the last, the least of the
    lanes.
    """
    by_channel = ("f8", (n_channels, LANES))
    return np.dtype(
        _whole_lines(
            [
                *_fields(State, LANES),
                *((name, *by_channel) for name in ("s", "open")),
                *((name, "f8", (LANES,)) for name in _IN_FORCE),
                *((name, *by_channel) for name in ("reopen", "mean", "none")),
                ("none_least", "f8", (n_channels if LANES > 1 else 1,)),
                ("stale", "f8"),  # 1 if that must be taken anew
            ]
        )
    )


@cache
def lines_dtype(n_channels: int) -> np.dtype[Any]:
    """What a traced week shows besides `TRACE`: the crisis clock, and each channel."""
    return np.dtype(
        [
            ("onset", "f8"),
            ("in_crisis", "f8"),
            ("s", "f8", (n_channels,)),
            ("open", "f8", (n_channels,)),
        ]
    )


@cache
def luck_dtype(n_channels: int) -> np.dtype[Any]:
    """Luck of a batch of replicates over a chunk of weeks, the same for every policy and world."""
    weeks = (CHUNK, LANES)
    extremes = (n_channels, CHUNK) if LANES > 1 else (1, 1)  # a lane alone needs none
    head = _whole_lines(
        [
            ("seed", "u8", (2,)),  # low and high word
            ("replicate", "u8", (2, LANES)),  # the same of each lane's replicate
            ("slot", "i8", (n_channels,)),
            ("first_week", "i8"),
            *((name, "f8", extremes) for name in _LUCK_EXTREMES),
        ]
    )
    return np.dtype(
        [
            *head,
            *((name, "f8", weeks) for name in _LUCK_WEEKLY),
            ("severity", "f8", (AHEAD, *weeks)),
            ("arrival", "f8", (5, *weeks)),
            *((name, "f8", (n_channels, *weeks)) for name in ("line", "contacts", "turnover")),
        ]
    )


def belief_records(par: NDArray[np.float64], ch: NDArray[np.float64]) -> NDArray[Any]:
    """One record a world, derived fields still zero.

    par : float64[world, Scalar] ; ch : float64[world, channel, Column]
    """
    records = np.zeros(par.shape[0], _belief_dtype(ch.shape[1]))
    records.view(np.float64).reshape(par.shape[0], -1)[:, : par.shape[1]] = par
    for name, column in Column.__members__.items():
        records[name] = ch[:, :, column]
    return records


def luck_records(slot: NDArray[np.int64]) -> NDArray[Any]:
    """One record with the channels' stream slots."""
    luck = cleared(1, luck_dtype(len(slot)))
    luck["slot"] = slot
    return luck


def plan_records(
    lever: NDArray[np.float64],
    cadence: NDArray[np.float64],
    rule: NDArray[np.float64],
    exempt: NDArray[np.float64],
    trigger: NDArray[np.float64] | None = None,
) -> NDArray[Any]:
    """One record a policy, what follows from a belief still zero.

    lever : float64[policy, 3, Lever] ; cadence, exempt : float64[policy, 3, channel]
    rule : float64[policy, Rule]
    trigger : float64[policy, MOST_TRIGGERS, TRIGGER_WIDTH], rows of noughts where there is none
    """
    records = np.zeros(lever.shape[0], _plan_dtype(cadence.shape[2]))
    for name, place in Rule.__members__.items():
        records[name] = rule[:, place]
    for name, at in Lever.__members__.items():
        records[name] = lever[:, :, at]
    records["cadence"] = cadence
    records["exempt"] = exempt
    if trigger is not None:
        records["trigger"] = trigger
        records["n_triggers"] = (trigger != 0.0).any(axis=2).sum(axis=1)
    return records
