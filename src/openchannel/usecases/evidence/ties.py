"""How thick the ties are, how reliably a message gets through, and how both came about.

Turns the history that `openchannel.calibration.ties` computes from the record into a report by
year and by channel; drawing it belongs to the faces and to `openchannel.report`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.tie_equations import TieInputs
from openchannel.calibration.ties import TieHistory, tie_history
from openchannel.calibration.watch import WATCH_RULE, ChannelWatch, watch
from openchannel.domain import Case
from openchannel.errors import Problem, UserError
from openchannel.usecases.days import FIRST_DAY, day_asked
from openchannel.usecases.evidence.contact_ledger import ledger_contacts
from openchannel.usecases.evidence.record import no_record, sound_record
from openchannel.usecases.guard import disk_problems

__all__ = [
    "CHART_FORMATS",
    "ChannelNow",
    "TiesNow",
    "TiesReport",
    "TiesYear",
    "check_chart",
    "draw_ties",
    "ties",
]

CHART_FORMATS = (".svg", ".png", ".html")


@dataclass(frozen=True, slots=True)
class TiesNow:
    """The state at the end of the record.

    thickness : effective channels, K_eff
    reliability_24h : chance of a believed, authoritative answer within a day, by how receptive the
        other side is: closed, wary, open
    reliability_24h_now : the same at the receptivity that the rule gives for the last week
    """

    week_of: dt.date
    thickness: float
    live_channels: int
    receptivity: str
    reliability_24h: dict[str, float]
    reliability_24h_now: float


@dataclass(frozen=True, slots=True)
class TiesYear:
    """One year: recorded contacts, and weekly averages of the rest."""

    year: int
    contacts: int
    thickness: float
    live_channels: float
    reliability_24h: float
    is_whole: bool


@dataclass(frozen=True, slots=True)
class ChannelNow:
    """One channel at the end of the record; `strength` of its tie lies in [0, 1]."""

    id: str
    name: str
    is_open: bool
    is_live: bool
    strength: float
    contacts: int
    contacts_last_5_years: int
    last_contact: dt.date | None


@dataclass(frozen=True, slots=True)
class TiesReport:
    """Thickness, reliability, channels and their history, with the rules that fill the gaps."""

    case: str
    record_end: dt.date
    now: TiesNow
    years: tuple[TiesYear, ...]
    channels: tuple[ChannelNow, ...]
    left_out: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    grade: str
    as_of: dt.date
    watch: tuple[ChannelWatch, ...]
    watch_rule: str = WATCH_RULE
    ledger_contacts: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold: dates as text."""
        return dict(_plain(asdict(self)))


RECEPTIVITY = ("closed", "wary", "open")


def ties(
    case: Case | str | Path,
    *,
    ledger: bool = False,
    store: str | Path | None = None,
    as_of: str | dt.date | None = None,
) -> TiesReport:
    """Ties of a case from its record, 1988 to `as_of`, and what to watch on each channel.

    The tie equations of the model (specification, A1), driven by recorded contacts, open spells of
    the lines and office-holders who left; contacts that were never made public are missing, so
    ties are a floor.

    Parameters
    ----------
    ledger : bool
        Count the contacts of the user's ledger, in `store`, as well.
    as_of : date or text
        Default the end of the record, or today with `ledger`.

    Returns
    -------
    TiesReport
        Thickness in effective channels, reliability as the chance of an answer within 24 hours,
        strength of each tie from 0 to 1, by channel and by year.

    Raises
    ------
    UserError
        The case has problems, or no record, or a record without a single dated outcome; there is
        no ledger, or `as_of` is no date that the record reaches.
    """
    from openchannel.usecases.cases import load

    loaded = case if isinstance(case, Case) else load(case)
    if not loaded.evidence_folder:
        raise UserError(no_record(loaded.folder or loaded.id))
    own = ledger_contacts(store) if ledger else []
    inputs = TieInputs.from_case(loaded)
    with sound_record(loaded.evidence_folder, own) as record:
        end = record.end
        if end is None:
            raise UserError(no_record(loaded.folder or loaded.id, "no outcome is dated"))
        today = dt.date.today()
        asked = day_asked("--as-of", as_of, FIRST_DAY, today, at_end=True)
        day = asked or (today if ledger else end)
        history = tie_history(record, inputs, end=day)
        watched = watch(record, inputs, history, day)
    names = {c.id: c.name for c in loaded.channels}
    return TiesReport(
        case=loaded.id,
        record_end=end,
        now=_now(history),
        years=tuple(_years(history, day)),
        channels=tuple(_channels(history, names)),
        left_out=history.remainder,
        notes=(history.receptivity_rule, history.routine_note),
        grade=history.grade,
        as_of=day,
        watch=watched,
        ledger_contacts=len(own),
    )


def draw_ties(report: TiesReport, path: str | Path) -> Path:
    """The history as a chart: contacts a year, reliability within 24 hours, thickness.

    The name of the file says the format: `.svg`, `.png`, or `.html` for a page of its own.

    Raises
    ------
    UserError
        Another ending, or a place that cannot be written.
    """
    from openchannel.ensemble.store import write_atomic
    from openchannel.report.drawing import PAGE_FONT, png, svg

    target = Path(path).expanduser()
    check_chart(target)
    if target.suffix.lower() == ".png":
        content = png(_chart(report))
    elif target.suffix.lower() == ".svg":
        content = svg(_chart(report), PAGE_FONT).encode()
    else:
        content = _page(report, svg(_chart(report), PAGE_FONT)).encode()

    def write(temporary: Path) -> None:
        temporary.write_bytes(content)

    with disk_problems(target):
        return write_atomic(target, write)


def check_chart(path: Path) -> None:
    """Make sure, before any work, that the ending of a chart's name is one that can be drawn."""
    if path.suffix.lower() not in CHART_FORMATS:
        raise UserError(
            Problem(
                file=str(path),
                field="--output",
                wrong=f"'{path.suffix}' is not a format of the chart",
                allowed=", ".join(CHART_FORMATS),
                mend=f"write {path.with_suffix('.svg').name or 'ties.svg'}",
            )
        )


def _chart(report: TiesReport) -> dict[str, Any]:
    from openchannel.report.charts import lines, stacked_years, stapled

    contacts = [{"year": y.year, "series": "contacts", "count": y.contacts} for y in report.years]
    answers = [{"time": y.year, "value": 100 * y.reliability_24h} for y in report.years]
    thickness = [{"time": y.year, "value": y.thickness} for y in report.years]
    most = {
        "answers": max(r["value"] for r in answers),
        "thickness": max(r["value"] for r in thickness),
    }
    title = "Recorded contacts a year"
    return stapled(
        stacked_years(contacts, ("contacts",), "Contacts", title) | {"title": title},
        lines(
            answers, "Per cent", "Chance of an answer within 24 hours", (0, 1.1 * most["answers"])
        ),
        lines(thickness, "Channels", "Effective channels", (0, 1.1 * most["thickness"])),
    )


_STYLE = (
    "body{font:15px/1.4 Arial,'Liberation Sans',sans-serif;max-width:50em;margin:2em auto}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.3em .8em .3em 0}"
    "tr{border-bottom:1px solid #ccc}"
    "@media print{body{margin:0;font-size:12px}figure{break-before:page}}"
)


def _page(report: TiesReport, picture: str) -> str:
    """One page that needs nothing else: the watch list, the history, and what it shows in words."""
    from html import escape

    from openchannel.usecases.evidence.watch_list import watch_table

    first, last, now = report.years[0], report.years[-1], report.now
    title = f"Ties of {report.case}, {first.year} to {last.year}"
    words = (
        f"Recorded contacts a year, the chance of an answer within 24 hours, and effective "
        f"channels. On {report.as_of}: {now.thickness:.2f} effective "
        f"channels, {now.live_channels} of them live, and a chance of "
        f"{now.reliability_24h_now:.0%} of an answer within 24 hours."
    )
    notes = "".join(f"<p>{escape(note)}</p>\n" for note in report.notes)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
        f"</title>\n<style>{_STYLE}</style></head>\n<body>\n<h1>{escape(title)}</h1>\n"
        f"{watch_table(report)}<figure>\n"
        f'<div role="img" aria-label="{escape(words)}">{picture}</div>\n'
        f"<figcaption>{escape(words)}</figcaption>\n</figure>\n{notes}</body></html>\n"
    )


def _now(history: TieHistory) -> TiesNow:
    return TiesNow(
        week_of=_date(history.weeks[-1]),
        thickness=float(history.k_eff[-1]),
        live_channels=int(history.live_count[-1]),
        receptivity=RECEPTIVITY[int(history.receptivity[-1])],
        reliability_24h={w: float(history.rel24[-1, r]) for r, w in enumerate(RECEPTIVITY)},
        reliability_24h_now=float(history.rel24_historical[-1]),
    )


def _years(history: TieHistory, end: dt.date) -> Iterable[TiesYear]:
    year_of: NDArray[np.int64] = history.weeks.astype("datetime64[Y]").astype(np.int64) + 1970
    for i, year in enumerate(history.years):
        weeks = year_of == year
        if weeks.any():
            yield TiesYear(
                year=year,
                contacts=int(history.contacts_per_year[i].sum()),
                thickness=float(history.k_eff[weeks].mean()),
                live_channels=float(history.live_count[weeks].mean()),
                reliability_24h=float(history.rel24_historical[weeks].mean()),
                is_whole=end >= dt.date(year, 12, 31),
            )


def _channels(history: TieHistory, names: dict[str, str]) -> Iterable[ChannelNow]:
    for i, channel in enumerate(history.by_channel):
        yield ChannelNow(
            id=channel.id,
            name=names[channel.id],
            is_open=channel.is_open,
            is_live=bool(history.live[-1, i]),
            strength=channel.strength,
            contacts=channel.contacts,
            contacts_last_5_years=channel.contacts_last_5_years,
            last_contact=channel.last_contact,
        )


def _date(week: np.datetime64) -> dt.date:
    return dt.date.fromisoformat(str(week))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, dt.date) else value
