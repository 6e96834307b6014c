"""The shapes of `believe.json`; docs/reference/believe-file.md says every field."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openchannel.analysis.belief_axes import Axis
    from openchannel.analysis.one_way import Reading, Survey
    from openchannel.analysis.pairs import PairMap
    from openchannel.analysis.sweeps import Known, Sweeps, SweepSizes
    from openchannel.analysis.thresholds import Threshold
    from openchannel.domain import Case
    from openchannel.usecases.runs.finished_run import Run

__all__ = [
    "measured",
    "number",
    "parameter_of",
    "quantities",
    "sizes",
    "thresholds",
]

_DIGITS = 6
_FACTOR_WORDS = {
    "omega_tie": ("Common efficacy of ties", "rank among beliefs, 0 to 1"),
    "omega_risk": ("Common factor of all base risks", "multiple"),
}


def number(value: float | None) -> float | None:
    """JSON has no NaN and no infinity; six digits are more than any error allows."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{_DIGITS}g}")


def measured(mean: float, error: float) -> dict[str, float | None]:
    """A mean and its Monte Carlo error."""
    return {"mean": number(mean), "mcse": number(error)}


def sizes(given: SweepSizes) -> dict[str, int]:
    """Replicates of each step of the exact runs."""
    return dict(asdict(given))


def parameter_of(case: Case, quantity: str) -> str:
    """Key of the parameter that a drawn quantity belongs to; empty for a common factor."""
    fitting = [k for k in case.parameters if quantity == k or quantity.startswith(f"{k}_")]
    return max(fitting, key=len, default="")


def quantities(
    case: Case, axes: Mapping[str, Axis], drawn: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """What each quantity is, in words, with its range and grade."""
    return {name: _quantity(case, axes.get(name), name) for name in dict.fromkeys((*axes, *drawn))}


def _quantity(case: Case, axis: Axis | None, name: str) -> dict[str, Any]:
    key = parameter_of(case, name)
    if not key:
        label, unit = _FACTOR_WORDS.get(name, (name, ""))
        nothing = dict.fromkeys(("low", "default", "high"))
        return {"parameter": "", "label": label, "unit": unit, "module": "", "grade": "C",
                "how": "factor", "elements": [], **nothing}  # fmt: skip
    parameter = case.parameters[key]
    of = [e for e in (axis.elements if axis else ()) if e]
    return {
        "parameter": key,
        "label": _label(case, name, of),
        "unit": parameter.unit
        if axis is None or axis.how != "times"
        else "multiple of the default",
        "module": parameter.module,
        "grade": parameter.grade,
        "how": axis.how if axis else "share",
        "elements": of,
        "low": number(axis.low) if axis else None,
        "default": number(axis.central) if axis else None,
        "high": number(axis.high) if axis else None,
    }


def _label(case: Case, name: str, elements: Sequence[str]) -> str:
    """The parameter in words; its elements too where it has several quantities."""
    parameter = case.parameters[parameter_of(case, name)]
    channels = {c.id: c.name for c in case.channels}
    rest = name.removeprefix(parameter.key).strip("_")
    if rest in ("", "times", "plus"):
        return parameter.label
    if len(elements) > 2:
        return (
            f"{parameter.label}: other channels"
            if parameter.index == "channel"
            else (f"{parameter.label}: {elements[0]} and others")
        )
    told = [channels.get(e, e) for e in elements] or [channels.get(rest, rest)]
    return f"{parameter.label}: {', '.join(told)}"


# --- thresholds ---------------------------------------------------------------------------------


def thresholds(
    run: Run, sweeps: Sweeps, policy: str, found: Survey, pairs: Sequence[PairMap]
) -> dict[str, Any]:
    """One belief at a time, two at a time, the common factors, and the cost."""
    rivals = sweeps.rivals
    wager = run.summary["wager"][policy]
    return {
        "known": {
            "central": _known(rivals, sweeps.central_known()),
            "drawn": _known(rivals, sweeps.drawn_known()),
        },
        "beliefs": [
            {
                "quantity": b.axis.name,
                "low": number(b.axis.low),
                "default": number(b.axis.central),
                "high": number(b.axis.high),
                "central": _readings(rivals, b.central, b.axis.value),
                "drawn": _readings(rivals, b.drawn, b.axis.value) if b.drawn else None,
            }
            for b in found.beliefs
        ],
        "factors": [
            {
                "quantity": f.name,
                "low": number(sweeps.factor_value(f.name, -1.0)),
                "default": number(sweeps.factor_value(f.name, 0.0)),
                "high": number(sweeps.factor_value(f.name, 1.0)),
                "central": None,
                "drawn": _readings(rivals, f.drawn, lambda p, n=f.name: sweeps.factor_value(n, p)),
            }
            for f in found.factors
        ],
        "cost": {
            "breakeven_usd": measured(wager["breakeven_cost_usd"], wager["breakeven_cost_mcse"]),
            "cost_usd": number(wager["cost_usd"]),
        },
        "pairs": [_pair(rivals[0], p) for p in pairs],
    }


def _known(rivals: Sequence[str], known: Known) -> dict[str, Any]:
    gains = {r: measured(g, e) for r, g, e in zip(rivals, known.gain, known.error, strict=True)}
    return {"gain": gains, "baseline_loss": number(known.baseline_loss)}


def _readings(rivals: Sequence[str], readings: Sequence[Reading], value: Any) -> dict[str, Any]:
    return {r: _reading(x, value) for r, x in zip(rivals, readings, strict=True)}


def _reading(reading: Reading, value: Any) -> dict[str, Any]:
    profile = reading.profile
    points = [
        {"place": number(p), "value": number(value(float(p))), **measured(m, e)}
        for p, m, e in zip(profile.places, profile.mean, profile.error, strict=True)
    ]
    return {"points": points, "threshold": _threshold(reading.threshold, value)}


def _threshold(found: Threshold, value: Any) -> dict[str, Any]:
    if found.status != "crosses":
        return {"status": found.status, "place": None, "place_mcse": None, "value": None,
                "value_mcse": None, "better_above": None, "crossings": 0}  # fmt: skip
    # The error of a value is that of its place times the stretch of the belief there.
    near = 0.01
    stretch = abs(value(found.place + near) - value(found.place - near)) / (2 * near)
    return {
        "status": found.status,
        "place": number(found.place),
        "place_mcse": number(found.error),
        "value": number(value(found.place)),
        "value_mcse": number(found.error * stretch),
        "better_above": bool(found.better_above),
        "crossings": found.crossings,
    }


def _pair(rival: str, pair: PairMap) -> dict[str, Any]:
    return {
        "x": pair.x.name,
        "y": pair.y.name,
        "rival": rival,
        "xs": [number(v) for v in pair.xs],
        "ys": [number(v) for v in pair.ys],
        "gain": [[number(v) for v in row] for row in pair.gain],
        "gain_mcse": [[number(v) for v in row] for row in pair.error],
        "lines": [[[number(v) for v in point] for point in line] for line in pair.lines],
        "x_range": [number(pair.x.low), number(pair.x.central), number(pair.x.high)],
        "y_range": [number(pair.y.low), number(pair.y.central), number(pair.y.high)],
        "share_worse": number(pair.share_worse),
    }
