"""How bad crises get by ICB's own scales, beside the rungs of this record.

The crises are those of the record whose sources name a crisis of the list; their levels come from
the list as it lies in the user's store. Violence is modelled as a ladder: each step is the share of
the crises below it that climb it. What so few crises cannot say is reckoned too.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from openchannel.calibration.history.ladder import Rise, pooled_rises, rises
from openchannel.calibration.record_moment import share_interval
from openchannel.evidence import Entry, Record
from openchannel.evidence.imports.scales import VIOLENCE, Scales
from openchannel.evidence.keeping.crises import ListedCrisis

__all__ = ["Agreement", "IcbSeverity", "Limits", "Paired", "Split", "icb_severity"]

SHOWN = (VIOLENCE, "sevviosy", "cenviosy", "gravcr", "crismg", "outesr")
_VIOLENT, _WAR = 2, 4  # of violence
_OTHER_GRAVITY = 7  # ICB's "other" has no place among the threats that it ranks
_APART = 1  # of `protrac`: no protracted conflict; `pcid` then holds catch-all numbers
_NUMBER = re.compile(r"\bicb14 (\d+)\b")
_TARGET = "PRK"
_RECORD_BEGINS = dt.date(1953, 7, 28)  # the day after the armistice
_PERMUTATIONS = 9_999
_RARE, _SURE = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Paired:
    """A crisis of the record with the list's levels of it.

    agrees : whether the rung is one that the level of violence fits; nothing where it fits none
    """

    id: str
    name: str
    number: int
    first: dt.date
    rung: int
    levels: Mapping[str, int]
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often the rung fits the level of violence, with the exact 95 % interval of the share."""

    n: int
    agree: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Split:
    """Violence in crises in which a line was answered, against those of which that is not known.

    p : of Fisher's exact test, two-sided
    power : share of records of this size in which that test would find a halving, at 5 %
    needed : crises that would find it four times in five, about (normal approximation)
    """

    violent_answered: int
    n_answered: int
    violent_other: int
    n_other: int
    p: float
    power: float
    needed: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What so few crises leave open.

    closed : crises of which the record does not say that a line was open at the trigger
    war_high : exact upper bound of the share of wars, one-sided, 95 %
    no_war_needed : crises without a war that would hold that bound under one in twenty
    tau, tau_p : rank correlation of gravity and violence (Kendall), and how often chance alone
        gives one as far from nothing; nothing where either does not vary
    """

    n: int
    wars: int
    war_high: float
    no_war_needed: int
    tau: float | None
    tau_p: float | None
    closed: int
    answered: Split | None


@dataclass(frozen=True, slots=True)
class IcbSeverity:
    """What the list says of the crises of the record, and how that goes with the record's rungs.

    absent : crises of the record whose number in the list is not in the store
    apart : crises of the list with North Korea since the armistice that the record does not name
    relation : level of violence, its name, and the lowest and highest rung that it fits
    counts : scale, level, its name, and how many of the paired crises have it
    ladder : shares that reach each level of violence, from these crises alone
    pooled : the same, drawn towards the crises of the world; empty where the store has none
    world : those crises, their groups (each protracted conflict, and each crisis outside of one;
        0 where that is not known of all), and how many reached each level
    """

    pairs: tuple[Paired, ...]
    absent: tuple[str, ...]
    apart: tuple[str, ...]
    relation: tuple[tuple[int, str, int, int], ...]
    counts: tuple[tuple[str, int, str, int], ...]
    agreement: Agreement | None
    ladder: tuple[Rise, ...]
    pooled: tuple[Rise, ...]
    world: tuple[int, int, tuple[int, ...]]
    limits: Limits | None


def icb_severity(
    record: Record, listed: Sequence[ListedCrisis], scales: Scales, seed: int = 1
) -> IcbSeverity:
    """The list's severities of the record's crises, their ladder, and what they cannot say."""
    known = {c.number: c for c in listed if VIOLENCE in c.levels}
    named = [(e, int(m[1])) for e in record.entries("crises") if (m := _named(e))]
    pairs = [_paired(e, known[n], scales) for e, n in named if n in known]
    numbers = {n for _, n in named}
    others = [c for c in known.values() if c.number not in numbers and c.first >= _RECORD_BEGINS]
    apart = [f"{c.name.title()} ({c.number})" for c in others if _TARGET in c.states]
    world = [c for c in others if _TARGET not in c.states and c.levels.get("iwcmb", 1) == 1]
    steps = sorted(scales.get(VIOLENCE, {}).items())
    names = {level: at.name for level, at in steps}
    levels = np.array([p.levels[VIOLENCE] for p in pairs], np.int64)
    groups = _groups(world)
    return IcbSeverity(
        pairs=tuple(pairs),
        absent=tuple(e.id for e, n in named if n not in known),
        apart=tuple(apart),
        relation=tuple((level, at.name, *at.rungs) for level, at in steps if at.rungs),
        counts=tuple(_counts(pairs, scales)),
        agreement=_agreement(pairs),
        ladder=rises(levels, names, seed) if pairs else (),
        pooled=pooled_rises(levels, groups, names, seed) if pairs and len(groups) > 1 else (),
        world=(len(world), len(groups), tuple(_reached(world, at) for at, _ in steps[1:])),
        limits=_limits(pairs, {e.id: e for e, _ in named}, seed) if pairs else None,
    )


def _named(entry: Entry) -> re.Match[str] | None:
    return _NUMBER.search(str(entry["sources"]))


def _paired(entry: Entry, crisis: ListedCrisis, scales: Scales) -> Paired:
    rung = int(entry["peak_rung"])
    level = scales.get(VIOLENCE, {}).get(crisis.levels[VIOLENCE])
    return Paired(
        id=entry.id,
        name=str(entry["name"]),
        number=crisis.number,
        first=crisis.first,
        rung=rung,
        levels={s: crisis.levels[s] for s in SHOWN if s in crisis.levels},
        agrees=None if level is None else level.fits(rung),
    )


def _groups(world: Sequence[ListedCrisis]) -> list[NDArray[np.int64]]:
    """Levels of violence of the world's crises, by protracted conflict; one outside of any alone.

    None where the list was kept before it was known which are outside.
    """
    if any("protrac" not in c.levels and "pcid" in c.levels for c in world):
        return []
    found: dict[tuple[bool, int], list[int]] = {}
    for crisis in world:
        conflict = crisis.levels.get("pcid")
        if conflict is None or crisis.levels["protrac"] == _APART:
            group = (True, crisis.number)
        else:
            group = (False, conflict)
        found.setdefault(group, []).append(crisis.levels[VIOLENCE])
    return [np.array(levels, np.int64) for _, levels in sorted(found.items())]


def _reached(crises: Sequence[ListedCrisis], level: int) -> int:
    return sum(c.levels[VIOLENCE] >= level for c in crises)


def _counts(pairs: Sequence[Paired], scales: Scales) -> list[tuple[str, int, str, int]]:
    found = []
    for scale in SHOWN:
        seen = Counter(p.levels[scale] for p in pairs if scale in p.levels)
        for level in sorted(seen):
            at = scales.get(scale, {}).get(level)
            found.append((scale, level, at.name if at else f"level {level}", seen[level]))
    return found


def _agreement(pairs: Sequence[Paired]) -> Agreement | None:
    judged = [p.agrees for p in pairs if p.agrees is not None]
    if not judged:
        return None
    return Agreement(len(judged), sum(judged), *share_interval(sum(judged), len(judged)))


# --- what so few crises cannot say -------------------------------------------------------------


def _limits(pairs: Sequence[Paired], rows: Mapping[str, Entry], seed: int) -> Limits:
    violence = np.array([p.levels[VIOLENCE] for p in pairs])
    gravity = [p.levels.get("gravcr", _OTHER_GRAVITY) for p in pairs]
    both = [
        (g, p.levels[VIOLENCE]) for g, p in zip(gravity, pairs, strict=True) if g != _OTHER_GRAVITY
    ]
    tau, tau_p = _rank_correlation(np.array(both, np.int64).reshape(-1, 2), seed)
    answered = np.array([rows[p.id]["channel_answered"] == "yes" for p in pairs])
    n, wars = len(pairs), int((violence == _WAR).sum())
    return Limits(
        n=n,
        wars=wars,
        war_high=float(stats.beta.ppf(_SURE, wars + 1, n - wars)) if wars < n else 1.0,
        no_war_needed=math.ceil(math.log(1 - _SURE) / math.log(1 - _RARE)),
        tau=tau,
        tau_p=tau_p,
        closed=sum(rows[p.id]["us_dprk_channel_open"] != "yes" for p in pairs),
        answered=_split(violence >= _VIOLENT, answered),
    )


def _split(violent: NDArray[np.bool_], answered: NDArray[np.bool_]) -> Split | None:
    """What an exact test of two shares says, and what it could have found."""
    n, m = int(answered.sum()), int((~answered).sum())
    if not n or not m:
        return None
    k, j = int(violent[answered].sum()), int(violent[~answered].sum())
    share = (k + j) / (n + m)
    unhalved = share * (n + m) / (n / 2 + m)  # so that as many crises as in the record see violence
    high = min(0.95, max(0.05, unhalved))
    tests = np.array([[_fisher(a, n, b, m) for b in range(m + 1)] for a in range(n + 1)])
    chances = np.outer(
        stats.binom.pmf(np.arange(n + 1), n, high / 2), stats.binom.pmf(np.arange(m + 1), m, high)
    )
    reach = float((stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) ** 2)
    spread = high * (1 - high) + high / 2 * (1 - high / 2)
    return Split(
        violent_answered=k,
        n_answered=n,
        violent_other=j,
        n_other=m,
        p=_fisher(k, n, j, m),
        power=float(chances[tests <= _RARE].sum()),
        needed=2 * math.ceil(reach * spread / (high / 2) ** 2),
    )


def _fisher(k: int, n: int, j: int, m: int) -> float:
    return float(stats.fisher_exact(np.array([[k, n - k], [j, m - j]])).pvalue)


def _rank_correlation(both: NDArray[np.int64], seed: int) -> tuple[float | None, float | None]:
    """Kendall's tau-b and its permutation p; ties are many, so no table of it holds."""
    if len(both) < 3 or (both == both[0]).all(axis=0).any():
        return None, None
    first, second = (np.sign(x[:, None] - x[None, :]) for x in both.T)
    rng = np.random.default_rng(seed)
    orders = rng.permuted(np.tile(np.arange(len(both)), (_PERMUTATIONS, 1)), axis=1)
    moved = second[orders[:, :, None], orders[:, None, :]]
    sums = np.einsum("ij,pij->p", first, moved)
    seen = float((first * second).sum())
    as_far = int((np.abs(sums) >= abs(seen) - 1e-9).sum())
    scale = math.sqrt(float((first**2).sum()) * float((second**2).sum()))
    return seen / scale, (as_far + 1) / (_PERMUTATIONS + 1)
