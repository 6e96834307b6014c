"""One future, week by week, in the order of the specification (H5).

Owns the order of the steps. Slow on purpose: it is read more often than it is run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from . import conflict, politics, ties
from .philox import Uniform
from .record import Calendar, Future, Inputs, Stage, Week, begin_future, begin_week

__all__ = ["Calendar", "simulate"]


def simulate(
    par: Mapping[str, float],
    ch: Mapping[str, Sequence[float]],
    slots: Sequence[int],
    stages: Sequence[Stage],
    rules: Mapping[str, Any],
    calendar: Calendar,
    n_weeks: int,
    u: Uniform,
    *,
    trace: bool = False,
) -> dict[str, Any]:
    """What one future accumulates over `n_weeks`, by the names of `keys.Out`.

    Parameters
    ----------
    par, ch, rules : values by the names of `keys.Scalar`, `keys.Column` (one number a channel)
        and `keys.Rule`; of the last also "triggers", a sequence of `domain.Trigger`.
    slots : stream slot of each channel.
    stages : (levers by the names of `keys.Lever`, contacts a year by channel), three times:
        status quo, the policy, its second stage.
    u : uniform of (stream, slot, week).
    trace : also keep a row of the names of `keys.Trace` for each week begun, the week of war
        included.

    Returns
    -------
    dict
        The names of `keys.Out`; "state" (names of `keys.State`), "s" and "O" by channel at the
        end; "trace", a list of rows, where asked for.
    """
    inp = Inputs(
        SimpleNamespace(**par), SimpleNamespace(**ch), slots, stages, SimpleNamespace(**rules),
        calendar, u,
    )  # fmt: skip
    f = begin_future(inp)
    for t in range(n_weeks):
        w = begin_week(inp, t)
        live_one_week(inp, f, w)
        if trace:
            f.trace.append(_trace_row(inp, f, w))
        if not f.st.alive:
            break
    f.out["W_T"] = f.st.W if f.st.alive else 0.0
    f.st.neg_shift = politics.belief_shift(inp, f)
    result: dict[str, Any] = {**f.out, "state": vars(f.st), "s": f.s, "O": f.O}
    return {**result, "trace": f.trace} if trace else result


def live_one_week(inp: Inputs, f: Future, w: Week) -> None:
    """Steps 1 to 17; a week with war skips what would follow the war."""
    ties.calendar(inp, f, w)  # 1; step 2 has nothing to do, shocks are keyed uniforms
    ties.receptivity(inp, f, w)  # 3
    ties.channels(inp, f, w)  # 4
    ties.contacts(inp, f, w)  # 5
    ties.reliability(inp, f, w)  # 6
    conflict.provocations(inp, f, w)  # 7
    conflict.tension(inp, f, w)  # 8
    conflict.crisis_onset(inp, f, w)  # 9
    conflict.crisis_moves(inp, f, w)  # 10
    conflict.deception(inp, f, w)  # 11
    if not conflict.warning(inp, f, w):  # 12, 13
        politics.bargaining(inp, f, w)  # 14
        politics.opportunities(inp, f, w)  # 15
    if f.st.alive:
        politics.stocks(inp, f, w)  # 16
    politics.record(inp, f, w)  # 17


def _trace_row(inp: Inputs, f: Future, w: Week) -> dict[str, float]:
    """Values at the end of the week, by the names of `keys.Trace`."""
    st = f.st
    counted = sum(n for n, k in zip(w.n, inp.ch.contact_counts, strict=True) if k)
    worst = max((k for k in (2, 3, 4, 5) if w.events[k]), default=0)
    return {
        "R": st.R, "M": st.M, "theta": st.theta, "events": sum(w.events), "worst": worst,
        "lethal": int(w.lethal), "r": st.r, "rel24": w.rel.d24, "K_eff": w.K_eff,
        "contacts": counted, "nw": st.nw, "ag": st.ag, "pe": st.pe, "W": st.W,
    }  # fmt: skip
