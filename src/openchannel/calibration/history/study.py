"""The event study with its placebo in time, the stratified ratio, and contacts that were secret.

Whether provocations fall around contacts is one question; whether contacts are the reason is
another, which this record cannot answer. Bins before a contact show what timing alone does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.history.counts import CountModel, Group, columns_of
from openchannel.calibration.history.data import BINS, DIALOGUE, TIERS, Bin, History, near_contact
from openchannel.calibration.history.sampler import Diagnostics, Sizes, sample_well
from openchannel.calibration.record_association import mantel_haenszel, year_jackknife

__all__ = [
    "BinRatio",
    "EventStudy",
    "SecretRow",
    "StratifiedRatio",
    "event_study",
    "secret_sweep",
    "stratified_ratios",
    "window_ratios",
]

F8 = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Shares of contacts that were never made public, of all there were.
SHARES = (0.0, 0.1, 0.25, 0.5)
_NEAR = Bin(-4, 4)  # as the association of the record: within four weeks
_REPEATS = 400
#: Eras as A2 cuts them.
_ERA_STARTS = (1990, 1994, 2009, 2012, 2018, 2020, 2022)
_PLACES = ("anywhere", "quiet", "eventful")


@dataclass(frozen=True, slots=True)
class BinRatio:
    """Rate in a bin of weeks over that of weeks away from contacts, others held: mean and 95 %."""

    label: str
    first: int
    last: int
    is_lead: bool
    ratio: float
    low: float
    high: float
    low50: float
    high50: float


@dataclass(frozen=True, slots=True)
class EventStudy:
    """Ratios by bin, and lags held against leads.

    lag_over_lead : the mean log ratio of bins after contacts minus that before, as a ratio
    exercise : the same for weeks of exercises
    names : of the model's columns, for readers of the draws
    """

    tier: int
    bins: tuple[BinRatio, ...]
    lag_over_lead: tuple[float, float, float]
    exercise: tuple[float, float, float]
    contact_weeks: int
    diagnostics: Diagnostics

    @property
    def verdict(self) -> str:
        """What may be said, in one sentence."""
        _, low, high = self.lag_over_lead
        if low <= 1.0 <= high:
            return (
                "Weeks after contacts differ no more from other weeks than weeks before contacts "
                "do: what the gap owes to contact cannot be told from what it owes to timing."
            )
        word = "fewer" if high < 1.0 else "more"
        return (
            f"Weeks after contacts have {word} provocations than weeks before them; timing by "
            "both sides is still not ruled out: talks begin when something is about to change."
        )


@dataclass(frozen=True, slots=True)
class StratifiedRatio:
    """Rate in exposed weeks over that of others, within strata.

    exposure : `contacts`, weeks within four weeks of one, by calendar year; `windows`, the times of
        dialogue that A2 names, by era
    low, high : 95 % if weeks were independent
    wide_low, wide_high : 95 % with whole strata as units of luck
    """

    tier: int
    coding: str
    exposure: str
    crude: float
    ratio: float
    low: float
    high: float
    wide_low: float
    wide_high: float
    events: int


@dataclass(frozen=True, slots=True)
class SecretRow:
    """The stratified ratio, were a share of all contacts missing because it was secret.

    where : where the missing ones lie: anywhere, all in quiet weeks, all in eventful ones
    ratio, error : geometric mean over ways to place them, and its Monte Carlo error
    low, high : the middle 95 % of those ways; NaN where hardly a week is left to compare with
    exposed : share of weeks within four weeks of a contact
    """

    share: float
    where: str
    ratio: float
    error: float
    low: float
    high: float
    exposed: float


def event_study(history: History, tier: int, seed: int, sizes: Sizes) -> EventStudy:
    """All bins at once, with the year partially pooled, exercises, and self-excitation.

    Years take up what changes slowly, past events what runs in series; what is left of a bin is
    within the year and beside the series.
    """
    named = [("exercise", history.exercise), *((b.label, history.near(b)) for b in BINS)]
    columns, names = columns_of(named, history.n_weeks)
    first = int(history.year[0])
    years = tuple(str(y) for y in range(first, int(history.year[-1]) + 1))
    model = CountModel(
        "study",
        "event study",
        history.events(tier),
        columns,
        names,
        (Group("year", history.year - first, years),),
        is_exciting=True,
    )
    chains = sample_well(model, seed, sizes)
    logs = [chains.named(f"b:{b.label}") for b in BINS]
    after = np.mean([x for b, x in zip(BINS, logs, strict=True) if b.first > 0], axis=0)
    before = np.mean([x for b, x in zip(BINS, logs, strict=True) if b.is_lead], axis=0)
    return EventStudy(
        tier,
        tuple(_bin_ratio(b, x) for b, x in zip(BINS, logs, strict=True)),
        _ratio(after - before),
        _ratio(chains.named("b:exercise")),
        int(history.contact.sum()),
        chains.diagnostics,
    )


def _ratio(logs: F8) -> tuple[float, float, float]:
    middle, low, high = np.exp(np.percentile(logs, [50, 2.5, 97.5]))
    return float(middle), float(low), float(high)


def _bin_ratio(bin_: Bin, logs: F8) -> BinRatio:
    middle, low, high = _ratio(logs)
    low50, high50 = (float(q) for q in np.exp(np.percentile(logs, [25, 75])))
    return BinRatio(
        bin_.label, bin_.first, bin_.last, bin_.is_lead, middle, low, high, low50, high50
    )


def stratified_ratios(histories: Sequence[tuple[str, History]]) -> list[StratifiedRatio]:
    """For each coding and least severity, within years: noisy years do not stand for talks."""
    return [
        _stratified(
            coding,
            "contacts",
            history,
            near_contact(history.contact, _NEAR),
            history.year,
            tier,
        )
        for coding, history in histories
        for tier in TIERS
    ]


def window_ratios(histories: Sequence[tuple[str, History]]) -> list[StratifiedRatio]:
    """The same with the five windows of dialogue of A2 in the place of contacts, within eras.

    Years would leave windows that fill them nothing to be compared with. The windows were chosen
    because talks took place in them, which makes any gap look larger than it is.
    """
    return [
        _stratified(coding, "windows", history, _in_windows(history), _eras(history), tier)
        for coding, history in histories
        for tier in TIERS
    ]


def _in_windows(history: History) -> Flags:
    inside = np.zeros(history.n_weeks, np.bool_)
    for first, last in DIALOGUE:
        inside[max(0, history.week_of(first)) : history.week_of(last) + 1] = True
    return inside


def _eras(history: History) -> NDArray[np.int64]:
    return np.searchsorted(np.array(_ERA_STARTS), history.year, side="right")


def _stratified(
    coding: str,
    exposure: str,
    history: History,
    exposed: Flags,
    strata: NDArray[np.int64],
    tier: int,
) -> StratifiedRatio:
    events = history.events(tier)
    with_, without = float(events[exposed].mean()), float(events[~exposed].mean())
    ratio, low, high = mantel_haenszel(events, exposed, strata)
    wide = year_jackknife(events, exposed, strata)
    return StratifiedRatio(
        tier,
        coding,
        exposure,
        with_ / without if without else float("nan"),
        ratio,
        low,
        high,
        *wide,
        int(events.sum()),
    )


def secret_sweep(history: History, tier: int, seed: int) -> list[SecretRow]:
    """The stratified ratio for several shares of missing contacts and three ways to place them.

    A missing contact touches one week. Its place is drawn from the weeks without a known contact:
    all of them, those without a provocation, those with one. The last two bound what secrecy that
    follows events could do.
    """
    rng = np.random.default_rng([seed, 2])
    events = history.events(tier)
    known = int(history.contact.sum())
    rows = []
    for share in SHARES:
        missing = round(known * share / (1.0 - share))
        for where in _PLACES if missing else _PLACES[:1]:
            pool = np.flatnonzero(~history.contact & _allowed(events, where))
            found, exposed = [], []
            for _ in range(_REPEATS if missing else 1):
                contact = history.contact.copy()
                contact[rng.choice(pool, min(missing, len(pool)), replace=False)] = True
                near = near_contact(contact, _NEAR)
                found.append(mantel_haenszel(events, near, history.year)[0])
                exposed.append(near.mean())
            rows.append(_secret_row(share, where, np.array(found), float(np.mean(exposed))))
    return rows


def _allowed(events: NDArray[np.int64], where: str) -> Flags:
    if where == "quiet":
        return np.asarray(events == 0)
    return np.asarray(events > 0) if where == "eventful" else np.ones(len(events), np.bool_)


def _secret_row(share: float, where: str, found: F8, exposed: float) -> SecretRow:
    logs = np.log(found[np.isfinite(found) & (found > 0)])
    if len(logs) < len(found) / 2:  # hardly a week is left to compare with
        nan = float("nan")
        return SecretRow(share, where, nan, nan, nan, nan, exposed)
    ratio = float(np.exp(logs.mean()))
    error = ratio * float(logs.std(ddof=1) / np.sqrt(len(logs))) if len(logs) > 1 else 0.0
    low, high = np.exp(np.percentile(logs, [2.5, 97.5]))
    return SecretRow(share, where, ratio, error, float(low), float(high), exposed)
