"""The records that steps of a week hand to one another, and their memory.

A record is a row of a NumPy structured array: Numba passes it as one pointer and reads a field as
one load, so a step reads like its equation (`par.kappa * (par.mu - f.theta)`). Scalars of `keys`
that differ by an index alone become one vector field: `fb1` to `fb4` are `par.fb[0]` to
`par.fb[3]`. Every field is float64, so a matrix outside and a record inside share their bytes.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.kernel.keys import Column, Lever, Out, Rule, Scalar, State, Trace

__all__ = [
    "CHUNK",
    "OUT",
    "TRACE",
    "WEEK",
    "belief_records",
    "future_dtype",
    "lines_dtype",
    "luck_records",
    "plan_records",
]

#: Weeks of luck held at once; a multiple of 4, so that blocks of the generator are whole.
CHUNK = 52

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

#: Channels are held in fours, so that loops over them fill whole vector registers; the spare ones
#: have no authority, no contacts and no luck.
_LANES = 4

_Field = tuple[str, str] | tuple[str, str, tuple[int, ...]]


def _fields(names: type[IntEnum]) -> list[_Field]:
    """Fields of the members in order, members that differ by an index alone made one vector."""
    members = list(names.__members__)
    fields: list[_Field] = []
    at = 0
    while at < len(members):
        name, length = _VECTORS.get(members[at], (members[at], 0))
        fields.append((name, "f8", (length,)) if length else (name, "f8"))
        at += length or 1
    return fields


OUT = np.dtype(_fields(Out))
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
    ("p_open_hi", "f8"),
    ("p_open_lo", "f8"),
    ("step_most", "f8"),  # largest weekly factor that tension puts on a receptivity rate
    ("cut_most", "f8"),  # largest factor that tension and closure put on a severance rate
    ("term_most", "f8"),  # bound on the weekly hazard of an end at home
    ("lethal_most", "f8"),  # bound on the weekly hazard of a lethal incident
    ("auth_sum", "f8"),
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
    "voice",  # authority times answer rate
    "voice_surge",  # the same in a crisis surge
    "cut_bound",  # bound on the weekly hazard of a severance
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

#: Scratch of one week: made in one step, read by later ones.
WEEK = np.dtype(
    [
        ("row", "f8"),  # stage row in force
        ("inauguration", "f8"),
        ("exercise", "f8"),
        ("discount", "f8"),
        ("calm", "f8"),  # rough chance of war to the horizon, from quiet
        ("surge", "f8"),
        ("surprise", "f8"),  # danger of war expected of the draws less what they brought
        ("contacts", "f8"),
        ("activity", "f8"),
        ("L_in", "f8"),
        ("F_in", "f8"),
        ("Pd_in", "f8"),
        ("know_in", "f8"),
        ("ci_in", "f8"),
        ("cost_in", "f8"),
        ("conc", "f8"),
        ("S", "f8"),
        ("q", "f8"),
        ("rel6", "f8"),
        ("rel24", "f8"),
        ("rel72", "f8"),
        ("rel_nuc", "f8"),  # -1 until asked for
        ("rel_KC", "f8"),
        ("rel_bargain", "f8"),
        ("K_eff", "f8"),
        ("n_sev", "f8", (4,)),
        ("rate", "f8"),  # expected provocations
        ("worst", "f8"),
        ("lethal", "f8"),
        ("onset", "f8"),
        ("in_crisis", "f8"),
        ("entry3", "f8"),
        ("deceived", "f8"),
        ("signed", "f8"),
        ("succession", "f8"),
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


def padded(n_channels: int) -> int:
    """Channels rounded up to whole lanes."""
    return -(-n_channels // _LANES) * _LANES


@cache
def _belief_dtype(n_channels: int) -> np.dtype[Any]:
    columns = [*Column.__members__, *_DERIVED_CHANNEL]
    n = padded(n_channels)
    return np.dtype([*_fields(Scalar), *_DERIVED, *((name, "f8", (n,)) for name in columns)])


@cache
def _plan_dtype(n_channels: int) -> np.dtype[Any]:
    """Axis of length 3: status quo, stage 0, stage 1."""
    n = padded(n_channels)
    return np.dtype(
        [
            *((name, "f8") for name in Rule.__members__),
            *((name, "f8", (3,)) for name in Lever.__members__),
            ("cadence", "f8", (3, n)),
            ("exempt", "f8", (3, n)),  # 1 where a suspension does not reach the channel
            ("mean", "f8", (3, 3, 2, n)),  # contacts a week by receptivity, suspension
            ("none", "f8", (3, 3, 2, n)),  # chance of no contact
            ("pull", "f8", (3, 4)),  # factor of the offer on q01, q12, q10, q21
        ]
    )


@cache
def future_dtype(n_channels: int) -> np.dtype[Any]:
    """A future between two weeks: its state, then tie and openness of each channel."""
    n = padded(n_channels)
    return np.dtype([*_fields(State), ("s", "f8", (n,)), ("open", "f8", (n,))])


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
    """Luck of one replicate over a chunk of weeks, the same for every policy and world."""
    n = padded(n_channels)
    return np.dtype(
        [
            ("key", "u8", (4,)),  # seed low and high, replicate low and high
            ("slot", "i8", (n_channels,)),
            ("first_week", "i8"),
            *((name, "f8", (CHUNK,)) for name in _LUCK_WEEKLY),
            ("arrival", "f8", (5, CHUNK)),
            ("line", "f8", (n, CHUNK)),
            ("contacts", "f8", (n, CHUNK)),
            ("turnover", "f8", (n, CHUNK)),
        ]
    )


def belief_records(par: NDArray[np.float64], ch: NDArray[np.float64]) -> NDArray[Any]:
    """One record a world, derived fields still zero.

    par : float64[world, Scalar] ; ch : float64[world, channel, Column]
    """
    dtype = _belief_dtype(ch.shape[1])
    records = np.zeros(par.shape[0], dtype)
    records.view(np.float64).reshape(par.shape[0], -1)[:, : par.shape[1]] = par
    for name, column in Column.__members__.items():
        records[name][:, : ch.shape[1]] = ch[:, :, column]
    return records


def luck_records(slot: NDArray[np.int64]) -> NDArray[Any]:
    """One record with the channels' stream slots; spare lanes hold a luck that does nothing."""
    luck = np.zeros(1, luck_dtype(len(slot)))
    luck["slot"] = slot
    for name in ("line", "contacts", "turnover"):
        luck[name] = 0.5
    return luck


def plan_records(
    lever: NDArray[np.float64],
    cadence: NDArray[np.float64],
    rule: NDArray[np.float64],
    exempt: NDArray[np.float64],
) -> NDArray[Any]:
    """One record a policy, what follows from a belief still zero.

    lever : float64[policy, 3, Lever] ; cadence, exempt : float64[policy, 3, channel]
    rule : float64[policy, Rule]
    """
    records = np.zeros(lever.shape[0], _plan_dtype(cadence.shape[2]))
    for name, place in Rule.__members__.items():
        records[name] = rule[:, place]
    for name, at in Lever.__members__.items():
        records[name] = lever[:, :, at]
    records["cadence"][:, :, : cadence.shape[2]] = cadence
    records["exempt"][:, :, : cadence.shape[2]] = exempt
    return records
