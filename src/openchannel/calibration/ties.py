"""Thickness and reliability of the ties, 1988 to the end of the record, from recorded contacts.

Drives the tie equations of the model (specification, A1) with what was recorded: contacts by
channel, open spells of the lines, office-holders who left. Nothing is drawn. Two things the record
cannot give are filled by a stated rule: how receptive the other side was, and the routine traffic
of the duty-officer line. Contacts that were never made public are missing, so ties are a floor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from openchannel.domain import WEEKS_A_YEAR, Case, Parameter
from openchannel.evidence import OFFICE_LINKS, VACANT, Entry, OfficeLink, Record, read_date

__all__ = [
    "HALF_LIVES_OF_WARM_UP",
    "RECEPTIVITY_RULE",
    "ROUTINE_NOTE",
    "ChannelHistory",
    "TieHistory",
    "TieInputs",
    "effective_channels",
    "historical_receptivity",
    "live_channels",
    "placed_contacts",
    "reliability",
    "tie_history",
]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

HALF_LIVES_OF_WARM_UP = 6  # of the slowest tie; after it under 2 % of a start value is left

RECEPTIVITY_RULE = (
    "Receptivity is not recorded. It is set open (2) in weeks with a contact of leaders, "
    "secretaries and envoys or defence principals in the last 13 weeks, wary (1) with any other "
    "contact in the last 26 weeks, closed (0) otherwise; line checks do not count. "
    "An assumption, grade C."
)
ROUTINE_NOTE = (
    "The duty-officer line carries two checks a day that nobody lists. While it is open it is "
    "given the contacts a year of the status-quo policy, whatever the receptivity, because the "
    "record has it working while all else was refused."
)
_SENIOR = ("SEN", "SUM", "DEF")
_OPEN_WEEKS, _WARY_WEEKS = 13, 26
_ROUTINE_CHANNEL = "UNC"
_RECENT_YEARS = 5


@dataclass(frozen=True, slots=True)
class TieInputs:
    """The channel table and the scalars of A1 that a history needs.

    Arrays are float64[n_channels] in the order of `channels`: authority, answer rate, median
    latency (hours), growth per contact, half-life (weeks), share of a tie that survives a change of
    their and of our office-holder. `psi` is the answer multiplier by receptivity 0, 1, 2.
    `routine` gives contacts a year of lines whose traffic is not listed.
    """

    channels: tuple[str, ...]
    auth: Floats
    rho: Floats
    tau: Floats
    g: Floats
    HL: Floats
    iota_D: Floats
    iota_U: Floats
    psi: tuple[float, float, float]
    b0: float
    b1: float
    q_cc: float
    q_tie: float
    routine: Mapping[str, float] = field(default_factory=dict)
    live_s: float = 0.1
    live_a: float = 0.4

    @classmethod
    def from_case(cls, case: Case) -> TieInputs:
        """The central values of a case; routine traffic is that of its status-quo policy."""
        ids = tuple(c.id for c in case.channels)
        parameters = case.parameters

        def column(key: str) -> Floats:
            return np.array([parameters[key][c] for c in ids])

        def number(key: str) -> float:
            return parameters[key].value

        cadence = case.policy(case.status_quo).cadence
        return cls(
            ids,
            auth=column("auth"),
            rho=column("rho"),
            tau=column("tau"),
            g=column("g"),
            HL=column("HL"),
            iota_D=column("iota_D"),
            iota_U=column("iota_U"),
            psi=_psi(parameters),
            b0=number("b0"),
            b1=number("b1"),
            q_cc=number("q_cc"),
            q_tie=number("q_tie"),
            routine={c: cadence[c] for c in (_ROUTINE_CHANNEL,) if cadence.get(c)},
            live_s=number("live_s") if "live_s" in parameters else 0.1,
            live_a=number("live_a") if "live_a" in parameters else 0.4,
        )


def _psi(parameters: Mapping[str, Parameter]) -> tuple[float, float, float]:
    """Answer multipliers; one parameter indexed by receptivity, or three of one number."""
    if "psi" in parameters:
        psi = parameters["psi"]
        return psi["0"], psi["1"], psi["2"]
    return parameters["psi0"].value, parameters["psi1"].value, parameters["psi2"].value


# --- reliability and thickness (A1) -----------------------------------------------------------


def reliability(
    open_lines: Bools, s: Floats, receptivity: int, deadline_hours: float, inputs: TieInputs
) -> float:
    """Chance that some channel brings an authoritative, believed answer within the deadline.

    Parameters
    ----------
    open_lines, s : bool[n_channels], float64[n_channels]
        Which lines are open, and the strength of each tie in [0, 1].
    receptivity : int
        0 closed, 1 wary, 2 open.
    deadline_hours : float
        Hours until the answer must be there; 0 or more.

    Returns
    -------
    float
        `Rel(D) = (1-q) * [1 - prod(1 - p_c(D))]` with `q = q_cc (1 - q_tie S)`, S the mean tie
        by authority, and `p_c = O rho psi_R a (b0 + (b1-b0) s) (1 - 2^(-D/tau))`.
    """
    belief = inputs.b0 + (inputs.b1 - inputs.b0) * s
    in_time = 1.0 - np.exp2(-deadline_hours / inputs.tau)
    p = open_lines * inputs.rho * inputs.psi[receptivity] * inputs.auth * belief * in_time
    mean_tie = float(inputs.auth @ s / inputs.auth.sum())
    silence = inputs.q_cc * (1.0 - inputs.q_tie * mean_tie)
    return float((1.0 - silence) * (1.0 - np.prod(1.0 - p)))


def effective_channels(open_lines: Bools, s: Floats, auth: Floats) -> float:
    """How many equal channels the ties amount to: `(Σy)²/Σy²`, `y = O·s·a`; 0 without any."""
    y = open_lines * s * auth
    squares = float(y @ y)
    return float(y.sum()) ** 2 / squares if squares > 0.0 else 0.0


def live_channels(open_lines: Bools, s: Floats, inputs: TieInputs) -> Bools:
    """Which channels are open, tied (`s` ≥ .1) and authoritative (`a` ≥ .4)."""
    return open_lines & (s >= inputs.live_s) & (inputs.auth >= inputs.live_a)


# --- what the record feeds in -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Feed:
    """Recorded input by week and channel; `left_*` is the share of a tie that its carriers held."""

    weeks: NDArray[np.datetime64]  # [n_weeks] first days
    contacts: Floats  # [n_weeks, n_channels]
    open_lines: Bools  # [n_weeks, n_channels]
    left_theirs: Floats  # [n_weeks, n_channels]
    left_ours: Floats  # [n_weeks, n_channels]


@dataclass(frozen=True, slots=True)
class ChannelHistory:
    """One channel over the record, and where it stands at the end."""

    id: str
    contacts: int
    last_contact: dt.date | None
    contacts_last_5_years: int
    outside_spells: int  # contacts on days when channel_spells.csv has the channel closed
    strength: float
    is_open: bool
    has_spells: bool  # without any, the channel counts as closed
    changes_of_theirs: int
    changes_of_ours: int


@dataclass(frozen=True, slots=True)
class TieHistory:
    """Weekly ties of the record.

    Arrays run over weeks (first days in `weeks`); `s`, `open_lines` and `live` also over channels,
    `rel24` over receptivity 0, 1, 2. `rel24_historical` takes the receptivity of
    `receptivity_rule`. `remainder` lists rows of contacts that no channel holds, with the reason.
    """

    channels: tuple[str, ...]
    weeks: NDArray[np.datetime64]
    receptivity: NDArray[np.int64]
    s: Floats
    open_lines: Bools
    live: Bools
    k_eff: Floats
    rel24: Floats
    rel24_historical: Floats
    years: tuple[int, ...]
    contacts_per_year: NDArray[np.int64]  # [n_years, n_channels]
    by_channel: tuple[ChannelHistory, ...]
    remainder: tuple[tuple[str, str], ...]
    receptivity_rule: str = RECEPTIVITY_RULE
    routine_note: str = ROUTINE_NOTE
    grade: str = "C"

    @property
    def live_count(self) -> NDArray[np.int64]:
        """Live authoritative channels by week."""
        counts: NDArray[np.int64] = self.live.sum(axis=1, dtype=np.int64)
        return counts


def tie_history(
    record: Record,
    inputs: TieInputs,
    start: dt.date = dt.date(1988, 1, 4),
    end: dt.date | None = None,
) -> TieHistory:
    """Ties by week from the recorded contacts, spells and office-holders.

    `end` is the end of the record if not given. Every tie starts at nothing long before `start`, so
    that the line that was open all along has its routine strength by then.
    """
    last = end or record.end or dt.date.today()
    warm_up = int(np.ceil(HALF_LIVES_OF_WARM_UP * float(inputs.HL.max())))
    feed = _feed(record, inputs, start - dt.timedelta(weeks=warm_up), last)
    s = _strength(feed, inputs)[warm_up:]
    open_lines = feed.open_lines[warm_up:]
    weeks = feed.weeks[warm_up:]
    receptivity = historical_receptivity(record, start, len(weeks))
    states = list(zip(open_lines, s, strict=True))
    rel24 = np.array([[reliability(o, x, R, 24.0, inputs) for R in range(3)] for o, x in states])
    years = tuple(range(start.year, last.year + 1))
    placed = placed_contacts(record, inputs.channels)
    return TieHistory(
        inputs.channels,
        weeks,
        receptivity,
        s,
        open_lines,
        np.array([live_channels(o, x, inputs) for o, x in states]),
        np.array([effective_channels(o, x, inputs.auth) for o, x in states]),
        rel24,
        np.take_along_axis(rel24, receptivity[:, None], axis=1)[:, 0],
        years,
        _per_year(_until(placed, last), inputs.channels, years),
        tuple(
            _channel_history(record, feed, s[-1], placed, i, last)
            for i in enumerate(inputs.channels)
        ),
        _remainder(record, inputs.channels),
    )


def historical_receptivity(record: Record, start: dt.date, n_weeks: int) -> NDArray[np.int64]:
    """Receptivity by week under `RECEPTIVITY_RULE`: 0 closed, 1 wary, 2 open."""
    early = start - dt.timedelta(weeks=_WARY_WEEKS)
    senior = np.zeros(n_weeks + _WARY_WEEKS, bool)
    other = np.zeros(n_weeks + _WARY_WEEKS, bool)
    for entry in record.entries("contacts"):
        placed = record.placement(entry)
        if placed.standing != "contact" or not placed.code or entry.middle is None:
            continue
        week = (entry.middle - early).days // 7
        if 0 <= week < len(other):
            other[week] = True
            senior[week] |= placed.code in _SENIOR
    result = np.zeros(n_weeks, np.int64)
    for t in range(n_weeks):
        now = t + _WARY_WEEKS + 1  # this week counts
        if senior[now - _OPEN_WEEKS : now].any():
            result[t] = 2
        elif other[now - _WARY_WEEKS : now].any():
            result[t] = 1
    return result


def _feed(record: Record, inputs: TieInputs, start: dt.date, end: dt.date) -> _Feed:
    n_weeks = ((end - start).days + 1) // 7
    weeks = np.datetime64(start, "D") + 7 * np.arange(n_weeks)
    shape = (n_weeks, len(inputs.channels))
    at = {c: i for i, c in enumerate(inputs.channels)}
    open_lines = np.zeros(shape, np.bool_)
    for spell in record.entries("channel_spells"):
        if spell["channel"] in at and (days := _spell_days(spell)) is not None:
            first, last = ((d - start).days // 7 for d in days)
            open_lines[max(0, first) : max(0, last + 1), at[spell["channel"]]] = True
    contacts = np.zeros(shape)
    for code, entry in placed_contacts(record, inputs.channels):
        day = entry.middle
        if code != _ROUTINE_CHANNEL and day and 0 <= (week := (day - start).days // 7) < n_weeks:
            contacts[week, at[code]] += 1.0
    for code, per_year in inputs.routine.items():
        if code in at:
            contacts[:, at[code]] += open_lines[:, at[code]] * per_year / WEEKS_A_YEAR
    theirs, ours = np.zeros(shape), np.zeros(shape)
    for link, day in _departures(record):
        week = (day - start).days // 7
        if link.channel in at and 0 <= week < n_weeks:
            (theirs if link.is_theirs else ours)[week, at[link.channel]] += link.share
    return _Feed(weeks, contacts, open_lines, np.minimum(theirs, 1.0), np.minimum(ours, 1.0))


def _spell_days(spell: Entry) -> tuple[dt.date, dt.date] | None:
    """First and last day of a spell; short dates by their middle, an open spell without end."""
    begins = spell.middle
    if begins is None:
        return None
    ends = read_date(spell["open_to"]).middle if spell["open_to"] else dt.date.max
    return begins, max(begins, ends)


def _departures(record: Record) -> list[tuple[OfficeLink, dt.date]]:
    """Days on which a named holder left an office that carries a channel."""
    links: dict[str, list[OfficeLink]] = {}
    for link in OFFICE_LINKS:
        links.setdefault(link.office_id, []).append(link)
    return [
        (link, read_date(term["to"]).middle)
        for term in record.entries("offices")
        if term["to"] and term["holder"] != VACANT
        for link in links.get(term["office_id"], ())
    ]


def placed_contacts(record: Record, channels: Sequence[str]) -> list[tuple[str, Entry]]:
    """Contacts that took place, with the code of their channel, in the order of the record."""
    found = []
    for entry in record.entries("contacts"):
        placed = record.placement(entry)
        if placed.standing != "none" and placed.code in channels:
            found.append((placed.code, entry))
    return found


def _remainder(record: Record, channels: Sequence[str]) -> tuple[tuple[str, str], ...]:
    rows = []
    for entry in record.entries("contacts"):
        placed = record.placement(entry)
        if placed.standing == "none" or placed.code not in channels:
            rows.append((entry.id, f"{entry['channel']}: {placed.why}".rstrip(": ")))
    return tuple(rows)


# --- the equations ----------------------------------------------------------------------------


def _strength(feed: _Feed, inputs: TieInputs) -> Floats:
    """Tie strength by week: decay, growth by contacts, then what is lost with those who left.

    A1 (4) and (5) with `inst` 0; where several offices share a channel, one that leaves takes its
    share of what a change of office-holder costs.
    """
    retention = np.exp2(-1.0 / inputs.HL)
    s = np.zeros(len(inputs.channels))
    result = np.empty_like(feed.contacts)
    for t in range(len(feed.weeks)):
        s = s * retention
        s = s + (1.0 - s) * (1.0 - (1.0 - inputs.g) ** feed.contacts[t])
        s = s * (1.0 - feed.left_theirs[t] * (1.0 - inputs.iota_D))
        s = s * (1.0 - feed.left_ours[t] * (1.0 - inputs.iota_U))
        result[t] = s
    return result


def _until(placed: Sequence[tuple[str, Entry]], last: dt.date) -> list[tuple[str, Entry]]:
    return [(code, e) for code, e in placed if e.middle is not None and e.middle <= last]


def _per_year(
    placed: Sequence[tuple[str, Entry]], channels: Sequence[str], years: Sequence[int]
) -> NDArray[np.int64]:
    counts = np.zeros((len(years), len(channels)), np.int64)
    for code, entry in placed:
        if entry.middle is not None and years[0] <= entry.middle.year <= years[-1]:
            counts[entry.middle.year - years[0], channels.index(code)] += 1
    return counts


def _channel_history(
    record: Record,
    feed: _Feed,
    strength: Floats,
    placed: Sequence[tuple[str, Entry]],
    channel: tuple[int, str],
    end: dt.date,
) -> ChannelHistory:
    index, code = channel
    own = [e for c, e in placed if c == code and e.middle is not None and e.middle <= end]
    days = [e.middle for e in own if e.middle is not None]
    recent = end - dt.timedelta(days=round(_RECENT_YEARS * 365.25))
    spells = [
        d
        for e in record.entries("channel_spells")
        if e["channel"] == code and (d := _spell_days(e)) is not None
    ]
    return ChannelHistory(
        code,
        len(own),
        max(days, default=None),
        sum(d > recent for d in days),
        sum(not any(a <= d <= b for a, b in spells) for d in days) if spells else len(own),
        float(strength[index]),
        bool(feed.open_lines[-1, index]),
        bool(spells),
        int(np.count_nonzero(feed.left_theirs[:, index])),
        int(np.count_nonzero(feed.left_ours[:, index])),
    )
