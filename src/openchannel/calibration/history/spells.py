"""How long channels stay open and closed, and how long agreements last.

Kaplan and Meier's estimate with Greenland's error on the log-log scale, and a Weibull law beside
the constant hazard. Spells that were still running when the record ends count as such.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from openchannel.domain import DAYS_A_YEAR
from openchannel.evidence import Entry, Record, read_date

__all__ = [
    "Survival",
    "Weibull",
    "agreement_lives",
    "channel_spells",
    "kaplan_meier",
    "survival",
    "weibull",
]

F8 = NDArray[np.float64]
Flags = NDArray[np.bool_]
_RISK_YEARS = (0, 5, 10, 15, 20)
"""Years at which the spells that are still at risk are counted."""
_CHI2_95 = 3.841458820694124
_SHORTEST = 1 / DAYS_A_YEAR  # a spell of one day counts as one day
_FEWEST_ENDS = 4  # below this a second parameter says nothing


@dataclass(frozen=True, slots=True)
class Weibull:
    """A Weibull law: the hazard falls with age where `shape` is below 1.

    shape_low, shape_high : 95 % interval by profile likelihood
    mean : years; gain : log likelihood over the constant hazard's
    p_constant : chance of as large a gain if the hazard were constant (likelihood ratio)
    """

    shape: float
    shape_low: float
    shape_high: float
    scale: float
    mean: float
    gain: float
    p_constant: float


@dataclass(frozen=True, slots=True)
class Survival:
    """One kind of spell.

    n, ends : spells, and those whose end the record has
    rate : ends a year at a constant hazard, with its exact 95 % interval
    median : years by Kaplan and Meier, None where fewer than half have ended
    times, share, low, high : the curve at each end, with its 95 % band (NaN where there is none)
    risk_years, at_risk : spells that had lasted at least so many years, and were still watched
    """

    id: str
    label: str
    n: int
    ends: int
    exposure: float
    rate: float
    rate_low: float
    rate_high: float
    median: float | None
    times: F8
    share: F8
    low: F8
    high: F8
    risk_years: tuple[int, ...]
    at_risk: tuple[int, ...]
    weibull: Weibull | None
    note: str = ""


def kaplan_meier(years: F8, is_ended: Flags) -> tuple[F8, F8, F8, F8]:
    """Share of spells that outlast each end: times, share, and a 95 % band.

    Variance after Greenland, band on the scale log(-log share), which keeps it within 0 and 1.
    """
    data = stats.CensoredData.right_censored(years, ~is_ended)
    curve: Any = stats.ecdf(data).sf  # its stub knows no `evaluate` of a band
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # where nothing is left there is no band
        band = curve.confidence_interval(0.95, method="log-log")
    times = np.unique(years[is_ended])
    share, low, high = (np.asarray(f.evaluate(times)) for f in (curve, band.low, band.high))
    return times, share, low, high


def weibull(years: F8, is_ended: Flags) -> Weibull | None:
    """The Weibull law of largest likelihood; nothing where too few spells have ended."""
    ends = int(is_ended.sum())
    if ends < _FEWEST_ENDS:
        return None

    def profile(shape: float) -> float:
        """Log likelihood at the best scale for a shape."""
        sums = float((years**shape).sum())
        scale_power = sums / ends
        return float(
            ends * (np.log(shape) - np.log(scale_power))
            + (shape - 1.0) * np.log(years[is_ended]).sum()
            - ends
        )

    best = optimize.minimize_scalar(
        lambda log_shape: -profile(np.exp(log_shape)), bounds=(-3.0, 3.0), method="bounded"
    )
    shape = float(np.exp(best.x))
    top = profile(shape)
    scale = float(((years**shape).sum() / ends) ** (1.0 / shape))
    gain = top - profile(1.0)

    def below(log_shape: float) -> float:
        return profile(np.exp(log_shape)) - top + _CHI2_95 / 2

    low = optimize.brentq(below, np.log(shape) - 4.0, np.log(shape))
    high = optimize.brentq(below, np.log(shape), np.log(shape) + 4.0)
    return Weibull(
        shape,
        float(np.exp(low)),
        float(np.exp(high)),
        scale,
        float(stats.weibull_min(shape, scale=scale).mean()),
        gain,
        float(stats.chi2.sf(2 * gain, 1)),
    )


def survival(
    name: str, label: str, years: Sequence[float], is_ended: Sequence[bool], note: str = ""
) -> Survival | None:
    """Everything about one kind of spell; nothing where none has ended."""
    lengths, ended = (
        np.maximum(np.asarray(years, np.float64), _SHORTEST),
        np.asarray(is_ended, bool),
    )
    ends, exposure = int(ended.sum()), float(lengths.sum())
    if not ends:
        return None
    times, share, low, high = kaplan_meier(lengths, ended)
    below = np.flatnonzero(share <= 0.5)
    return Survival(
        id=name,
        label=label,
        n=len(lengths),
        ends=ends,
        exposure=exposure,
        rate=ends / exposure,
        rate_low=float(stats.chi2.ppf(0.025, 2 * ends)) / 2 / exposure,
        rate_high=float(stats.chi2.ppf(0.975, 2 * ends + 2)) / 2 / exposure,
        median=float(times[below[0]]) if len(below) else None,
        times=times,
        share=share,
        low=low,
        high=high,
        risk_years=_RISK_YEARS,
        at_risk=tuple(int((lengths >= y).sum()) for y in _RISK_YEARS),
        weibull=weibull(lengths, ended),
        note=note,
    )


#: Kinds of lines by the channel code of the spells; contacts at one meeting are no line.
_KINDS = (
    ("inter_korean", "inter-Korean lines", ("inter-Korean",)),
    (
        "official",
        "lines of the United States and the UN Command",
        ("UNC", "GOT", "NYC", "JRO", "INT", "SEN", "SUM"),
    ),
)


def channel_spells(record: Record) -> list[Survival]:
    """Open and closed spells, of inter-Korean lines and of the lines to the United States.

    A closed spell is the time between two open ones of a line, or since the last one ended.
    """
    end = record.end
    if end is None:
        return []
    entries = [e for e in record.entries("channel_spells") if "not counted" not in e["note"]]
    found = []
    for name, label, codes in _KINDS:
        chosen = [e for e in entries if e["channel"] in codes and e.middle is not None]
        spells = [(e, *_days(e, end)) for e in chosen]
        open_ = [((b - a).days / DAYS_A_YEAR, bool(e["open_to"])) for e, a, b in spells]
        closed = list(_closed(spells, end))
        for kind, values in (("open", open_), ("closed", closed)):
            made = survival(
                f"{name}.{kind}", f"{label}, {kind}", [v for v, _ in values], [x for _, x in values]
            )
            found += [made] if made else []
    return found


def _days(entry: Entry, end: dt.date) -> tuple[dt.date, dt.date]:
    start = entry.middle
    assert start is not None
    stop = read_date(entry["open_to"]).middle if entry["open_to"] else end
    return start, max(start, stop or end)


def _closed(
    spells: Sequence[tuple[Entry, dt.date, dt.date]], end: dt.date
) -> Iterable[tuple[float, bool]]:
    for line in dict.fromkeys((e["channel"], e["line"]) for e, _, _ in spells):
        own = sorted((a, b, e) for e, a, b in spells if (e["channel"], e["line"]) == line)
        own.sort(key=lambda s: s[0])
        for (_, stop, _), (start, _, _) in pairwise(own):
            yield max(0, (start - stop).days) / DAYS_A_YEAR, True
        last = own[-1]
        if last[2]["open_to"] and last[2]["ended_how"] != "superseded":
            yield (end - last[1]).days / DAYS_A_YEAR, False


def agreement_lives(record: Record) -> list[Survival]:
    """Lifetimes of agreements: all, and those with the United States; fulfilled ones are censored.

    An agreement that was carried out or taken up by a later one did not fail, so its life is cut
    off there; one that is in force is cut off at the record's end.
    """
    end = record.end
    rows = [e for e in record.entries("agreements") if e["start"]]
    if end is None:
        return []
    found = []
    ours = ("US", "DoD", "KEDO", "six states", "DPRK to US")
    sets = (
        ("agreements", "agreements, all", rows),
        (
            "agreements.us",
            "agreements with the United States",
            [e for e in rows if any(p in str(e["parties"]) for p in ours)],
        ),
        (
            "agreements.h18",
            "agreements that H18 counts",
            [e for e in rows if e["h18_set"] == "yes"],
        ),
    )
    for name, label, chosen in sets:
        lives = [life for e in chosen if (life := _life(e, end)) is not None]
        made = survival(name, label, [v for v, _ in lives], [x for _, x in lives])
        found += [made] if made else []
    return found


def _life(entry: Entry, end: dt.date) -> tuple[float, bool] | None:
    start = entry.middle
    if start is None or start > end:
        return None
    stop = read_date(entry["end"]).middle if entry["end"] else end
    failed = bool(entry["end"]) and entry["status"] in ("ended", "lapsed")
    return max(0, ((stop or end) - start).days) / DAYS_A_YEAR, failed
