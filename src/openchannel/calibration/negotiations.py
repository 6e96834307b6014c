"""Negotiation meetings (H23): periods, the record's states in them, and a model held to those.

The states come from the record's own contacts, so this asks one thing only: whether the model's
cadences and lines give about as many meetings as there were, once it is granted who would meet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.ties import historical_receptivity
from openchannel.domain import Case
from openchannel.evidence import Record
from openchannel.kernel.keys import Out, Scalar
from openchannel.model import Beliefs, Design, pack_design, simulate_replicates

__all__ = ["CHANNELS", "PERIODS", "Meetings", "Period", "receptivity_shares", "simulated_meetings"]

F8 = NDArray[np.float64]
Period = tuple[str, dt.date, dt.date]
Meetings = Mapping[str, tuple[float, float]]  # a year, with their standard error

CHANNELS = ("SEN", "NYC")
#: Terms of presidents, cut where the printed target is; the last one runs to the record's end.
PERIODS: tuple[Period, ...] = (
    ("H23.1990", dt.date(1990, 1, 1), dt.date(1993, 1, 19)),
    ("H23.1993", dt.date(1993, 1, 20), dt.date(1994, 7, 31)),
    ("H23.1994", dt.date(1994, 8, 1), dt.date(2001, 1, 19)),
    ("H23.2001", dt.date(2001, 1, 20), dt.date(2009, 1, 19)),
    ("H23.2009", dt.date(2009, 1, 20), dt.date(2017, 1, 19)),
    ("H23.2017", dt.date(2017, 1, 20), dt.date(2019, 10, 31)),
    ("H23.2019", dt.date(2019, 11, 1), dt.date.max),
)
#: What the United States asked for where there is a target: little, regular talks, little.
_ASKED = {"H23.1990": "P0", "H23.1993": "P4", "H23.2019": "P0"}
_FUTURES = 400
_MOST_WEEKS = 312  # of the period without an end
_MOVES = ("q01", "q10", "q12", "q21", "lam_open", "lam_hum", "p_close", "h_term")


def receptivity_shares(record: Record) -> dict[str, F8]:
    """Share of weeks closed, wary and open in each period, by the rule of `historical_receptivity`.

    float64[3] by period; periods of which the record holds less than a quarter are left out.
    """
    found: dict[str, F8] = {}
    for period, start, last in PERIODS:
        end = min(last, record.end or start)
        if (weeks := ((end - start).days + 1) // 7) >= 13:
            state = historical_receptivity(record, start, weeks)
            found[period] = np.bincount(state, minlength=3) / weeks
    return found


def simulated_meetings(
    case: Case, beliefs: Beliefs, seed: int, shares: Mapping[str, F8]
) -> Meetings:
    """Meetings a year in the periods with a target, receptivity held to the record's states.

    The policy of the period is in force throughout; lines start as they stand today.
    """
    known = {p.id for p in case.policies}
    if not set(CHANNELS) <= {c.id for c in case.channels}:
        return {}
    return {
        period: _mixed(_meetings(case, policy, period, beliefs, seed), shares[period])
        for period, policy in _ASKED.items()
        if policy in known and period in shares
    }


def _mixed(by_state: list[tuple[float, float]], shares: F8) -> tuple[float, float]:
    value = sum(w * v for w, (v, _) in zip(shares, by_state, strict=True))
    error = np.sqrt(sum((w * e) ** 2 for w, (_, e) in zip(shares, by_state, strict=True)))
    return float(value), float(error)


def _meetings(
    case: Case, policy: str, period: str, beliefs: Beliefs, seed: int
) -> list[tuple[float, float]]:
    """Meetings a year and their error with the other side closed, wary and open for good."""
    design = _only_meetings(case, policy, period)
    found = []
    for state in (0, 1, 2):
        held = beliefs.copy()
        held.par[[Scalar[name] for name in _MOVES]] = 0.0
        held.par[Scalar.R0_0], held.par[Scalar.R0_1] = float(state == 0), float(state == 1)
        one = Beliefs(held.par[None], held.ch[None])
        out = simulate_replicates(design, one, seed, 0, _FUTURES)[:, 0, 0]
        years = out[:, Out.weeks] / 52.0
        rate = out[:, Out.contacts].sum() / years.sum()
        residual = (out[:, Out.contacts] - rate * years) / years.mean()
        found.append((float(rate), float(residual.std(ddof=1) / np.sqrt(_FUTURES))))
    return found


def _only_meetings(case: Case, policy: str, period: str) -> Design:
    """A policy without its other contacts, over the weeks of a period, without inaugurations."""
    design = pack_design(case, (policy,))
    start, end = next((a, b) for name, a, b in PERIODS if name == period)
    weeks = min(
        len(design.exercise), (min(end, start.replace(year=start.year + 6)) - start).days // 7
    )
    cadence = design.cadence.copy()
    others = [i for i, c in enumerate(case.channels) if c.id not in CHANNELS]
    cadence[:, :, others] = 0.0
    return replace(
        design,
        cadence=cadence,
        inauguration=np.zeros_like(design.inauguration[:weeks]),
        exercise=design.exercise[:weeks],
    )
