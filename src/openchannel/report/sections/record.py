"""Part 6: what the record says and does not: moments, dialogue, and the ties since 1988."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.record_association import Association
from openchannel.calibration.record_moment import Moment
from openchannel.calibration.record_targets import TARGETS
from openchannel.calibration.ties import TieHistory
from openchannel.report.charts import lines, stacked_years, stapled
from openchannel.report.findings import Findings, RecordFindings
from openchannel.report.model import (
    Block,
    Column,
    Figure,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    words,
)
from openchannel.report.numbers import level, plain, share

__all__ = ["record_section"]

_MILITARY = ("DEF", "GOT", "JRO", "INT")
_QUARTER = 13  # weeks to a point of the chart
_RECENT_YEARS = 5

#: Moments worth the room in a brief, and the outcome of the simulated status quo beside each.
_MOMENTS: tuple[tuple[str, str | None], ...] = (
    ("H1", "provocations_per_year"),
    ("H1.2022", None),
    ("H7", "crises"),
    ("H8", "share_crises_lethal"),
    ("H9", None),
    ("H10", None),
    ("H16", None),
    ("H18", None),
    ("H19", None),
    ("H21", "closed_share"),
    ("H22", "p_nuclear_use"),
)
_SHARES = frozenset({"closed_share", "p_nuclear_use", "share_crises_lethal"})
_LABELS = {"H22": "Chance of nuclear use in ten years, by elicitation"}


def record_section(findings: Findings) -> Section:
    """Moments with targets, the association of talks and provocations, and the history of ties."""
    record = findings.record
    blocks: tuple[Block, ...]
    if record is None:
        blocks = (
            Paragraph(
                words(
                    "This case holds no evidence folder, so nothing here could be compared with "
                    "what happened: the parameters rest on their sources and on judgement alone."
                )
            ),
        )
    else:
        blocks = (
            Paragraph(_extent(record)),
            Paragraph(_ties_words(record.ties)),
            _history(record.ties),
            *_association(record),
            _moments(findings, record),
        )
    return Section("section-record", "", "What the record says, and does not", blocks)


def _extent(record: RecordFindings) -> Text:
    sizes = {t.name: t for t in record.tables}
    contacts, events = sizes.get("contacts"), sizes.get("provocations")
    if contacts is None or events is None:
        return words("The record of this case is coded from public sources.")
    graded = contacts.shares.get("A", 0.0)
    return words(
        f"The record holds {contacts.rows:,} contacts and {events.rows:,} provocations, coded for "
        f"this project from public sources; {share(round(graded, 2))} of the contacts are dated "
        "and placed with confidence (grade A). Contacts that never became public are missing, so "
        "ties are a floor."
    )


# --- the history of ties ----------------------------------------------------------------------


def _history(ties: TieHistory) -> Figure:
    kinds = ("military, intelligence and recovery", "political and other")
    military = [i for i, c in enumerate(ties.channels) if c in _MILITARY]
    other = [i for i in range(len(ties.channels)) if i not in military]
    years = [
        {"year": year, "series": kind, "count": int(ties.contacts_per_year[t, columns].sum())}
        for t, year in enumerate(ties.years)
        for kind, columns in zip(kinds, (military, other), strict=True)
    ]
    reliability = _quarters(ties, ties.rel24_historical, ties.rel24[:, 0], ties.rel24[:, 2])
    thickness = _quarters(ties, ties.k_eff)
    chart = stapled(
        stacked_years(years, kinds, "Contacts", "Recorded contacts a year"),
        lines(
            [{**r, **{k: round(100 * r[k], 2) for k in ("value", "low", "high")}}
             for r in reliability],
            "Per cent",
            "Reliability within 24 hours (band: other side closed to open)",
            (0, _ceiling(100 * ties.rel24[:, 2].max(), 10)),
        ),
        lines(thickness, "Channels", "Thickness", (0, _ceiling(ties.k_eff.max(), 1))),
    )  # fmt: skip
    first, last = ties.years[0], ties.years[-1]
    peak = max(range(len(ties.years)), key=lambda t: int(ties.contacts_per_year[t].sum()))
    alt = (
        f"Three charts over time, {first} to {last}. Contacts a year peak at "
        f"{int(ties.contacts_per_year[peak].sum())} in {ties.years[peak]} and number "
        f"{int(ties.contacts_per_year[-1].sum())} in {last}. Reliability within 24 hours and the "
        "number of effective channels rise and fall with them; at the end reliability is "
        f"{share(_rounded(ties.rel24_historical[-1]))}."
    )
    return Figure(
        "figure-ties",
        f"Contacts, reliability and thickness from the record, {first} to {last}. Reliability and "
        "thickness are computed from the recorded contacts with the central parameters; how "
        "receptive the other side was is not recorded and is set by a stated rule.",
        alt,
        chart,
        _history_numbers(ties),
    )


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")


def _ceiling(value: float, step: int) -> int:
    return int(np.ceil(value / step)) * step


def _quarters(
    ties: TieHistory,
    values: NDArray[np.float64],
    low: NDArray[np.float64] | None = None,
    high: NDArray[np.float64] | None = None,
) -> list[dict[str, Any]]:
    """Means by quarter of a year, with time in years."""
    rows = []
    for start in range(0, len(values) - _QUARTER + 1, _QUARTER):
        part = slice(start, start + _QUARTER)
        day = ties.weeks[start].astype("datetime64[D]").astype(dt.date)
        row = {"time": round(day.year + day.timetuple().tm_yday / 366.0, 2)}
        for name, series in (("value", values), ("low", low), ("high", high)):
            if series is not None:
                row[name] = round(float(series[part].mean()), 4)
        rows.append(row)
    return rows


def _history_numbers(ties: TieHistory) -> Table:
    """Every fifth year and the last, enough for those who do not see the chart."""
    years = [y for y in ties.years if y % 5 == 0 or y == ties.years[-1]]
    week_years = ties.weeks.astype("datetime64[Y]").astype(int) + 1970
    rows = []
    for year in years:
        inside = week_years == year
        if not inside.any():
            continue
        t = ties.years.index(year)
        rows.append(
            Row(
                (
                    words(str(year)),
                    words(str(int(ties.contacts_per_year[t].sum()))),
                    words(share(_rounded(float(ties.rel24_historical[inside].mean())))),
                    words(plain(float(ties.k_eff[inside].mean()), 2)),
                )
            )
        )
    return Table(
        "numbers-ties",
        "Numbers of the figure, every fifth year",
        (
            Column(words("Year")),
            Column(words("Contacts"), 1, "right"),
            Column(words("Reliability in 24 h"), 1.2, "right"),
            Column(words("Thickness, channels"), 1.2, "right"),
        ),
        tuple(rows),
        compact=True,
    )


def _ties_words(ties: TieHistory) -> Text:
    recent = ties.contacts_per_year[-_RECENT_YEARS:].sum(axis=1).mean()
    yearly = ties.contacts_per_year.sum(axis=1)
    best = int(yearly.argmax())
    head = "Ties are sparse now" if recent < 0.5 * yearly[best] else "Contacts of late"
    live = int(ties.live_count[-1])
    return words(
        f"{head}: {plain(float(recent), 2)} recorded contacts a year over the last "
        f"{_RECENT_YEARS} years against {int(yearly[best])} in {ties.years[best]}, and "
        f"{live or 'no'} live authoritative channel{'' if live == 1 else 's'} at the end of the "
        f"record. {ties.receptivity_rule}"
    )


# --- talks and provocations -------------------------------------------------------------------


def _association(record: RecordFindings) -> tuple[Block, ...]:
    wanted = ("all", "military", "contact_before", "contact_after")
    found = {a.id: a for a in record.associations}
    rows = tuple(_association_row(found[w]) for w in wanted if w in found)
    if not rows:
        return ()
    table = Table(
        "table-association",
        "Provocations near contacts: an association, not an effect",
        (
            Column(words("Weeks compared"), 3.0),
            Column(words("Contacts"), 0.7, "right"),
            Column(words("Ratio, raw"), 0.8, "right"),
            Column(words("Ratio within years"), 1.0, "right"),
            Column(words("95 %, years as units"), 1.2, "right"),
        ),
        rows,
        words(
            "Rate of provocations in weeks near a contact over the rate in other weeks; 1 is no "
            f"difference. {record.associations[0].note} No number of this table is a parameter."
        ),
        compact=True,
    )
    whole = found.get("all")
    return (table,) if whole is None else (Paragraph(_calming(whole)), table)


def _calming(a: Association) -> Text:
    """The raw ratio never stands alone: the one within years and its interval go with it."""
    shrinks = abs(np.log(a.stratified)) < 0.5 * abs(np.log(a.ratio))
    between = ", but most of that gap lies between eras" if shrinks else ""
    verdict = (
        "which does not exclude that talks go with fewer, as many or more"
        if a.wide_low < 1.0 < a.wide_high
        else "which still is no effect of talks"
    )
    return words(
        "What the record does not say is whether talks calm. Weeks near a contact had "
        f"{a.ratio:.2f} times the provocations of other weeks{between}: within calendar years the "
        f"ratio is {a.stratified:.2f} (95 % {a.wide_low:.2f} to {a.wide_high:.2f}), {verdict}."
    )


def _association_row(a: Association) -> Row:
    return Row(
        (
            words(a.label[:1].upper() + a.label[1:]),
            words(str(a.n_contacts)),
            words(f"{a.ratio:.2f}"),
            words(f"{a.stratified:.2f}"),
            words(f"{a.wide_low:.2f} to {a.wide_high:.2f}"),
        )
    )


# --- moments ----------------------------------------------------------------------------------


def _moments(findings: Findings, record: RecordFindings) -> Table:
    found = {m.id: m for m in record.moments}
    targets = {t.id: t for t in TARGETS}
    simulates = findings.baseline.id == findings.case.status_quo
    rows = []
    for key, metric in _MOMENTS:
        moment, target = found.get(key), targets.get(key)
        if moment is None and target is None:
            continue
        known = moment or target
        label = _LABELS.get(key, known.label if known is not None else key)
        simulated = _simulated(findings, metric, key) if metric and simulates else "–"
        rows.append(
            Row(
                (
                    words(label),
                    words(_recorded(moment)),
                    words(str(moment.n) if moment is not None else "–"),
                    words(_asked(moment, key)),
                    words(simulated, f"outcome-{metric}" if metric and simulates else ""),
                )
            )
        )
    return Table(
        "table-moments",
        "The record, what the simulation is asked to meet, and what its status quo gives",
        (
            Column(words("Moment"), 2.9),
            Column(words("Record (95 %)"), 1.5),
            Column(words("Cases"), 0.55, "right"),
            Column(words("Asked of simulation"), 1.3),
            Column(words("Simulated"), 1.25, "right"),
        ),
        tuple(rows),
        words(
            "Simulated: the status quo of the run. A simulated value outside what is asked is a "
            "miss and stays one: nothing was tuned away with effects of ties. – means that the run "
            "does not give this moment."
        ),
        compact=True,
    )


def _number(value: float, unit: str) -> str:
    return share(_rounded(value)) if unit == "share" else plain(value, 2)


def _recorded(moment: Moment | None) -> str:
    if moment is None or moment.value is None:
        return "not in the record"
    text = _number(moment.value, moment.unit)
    if moment.low is not None and moment.high is not None:
        text += f" ({_number(moment.low, moment.unit)} to {_number(moment.high, moment.unit)})"
    return text if moment.unit in ("share", "ratio", "correlation") else f"{text} {moment.unit}"


def _asked(moment: Moment | None, key: str) -> str:
    target = moment.target if moment is not None else None
    if target is None:
        target = next((t for t in TARGETS if t.id == key), None)
    if target is None or (target.low is None and target.high is None):
        return "–"
    is_share = moment is not None and moment.unit == "share"
    unit = "share" if is_share or target.band == "pooled probability" else ""
    low, high = target.low, target.high
    if low is None:
        return f"at most {_number(high or 0.0, unit)}"
    if high is None:
        return f"at least {_number(low, unit)}"
    return f"{_number(low, unit)} to {_number(high, unit)}"


def _simulated(findings: Findings, metric: str, key: str) -> str:
    """What the simulated status quo gives, and whether it lies outside what is asked."""
    measured = findings.level(findings.baseline.id, metric)
    if metric == "crises":
        measured = measured.times(10.0 / findings.years)
    text = level(measured, "percent" if metric in _SHARES else "plain")
    target = next((t for t in TARGETS if t.id == key), None)
    if target is None or measured.mean is None:
        return text
    low = -np.inf if target.low is None else target.low
    high = np.inf if target.high is None else target.high
    return text if low <= measured.mean <= high else f"{text}, outside"
