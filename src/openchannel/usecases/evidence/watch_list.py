"""The watch list: for each channel what somebody should look at, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

from openchannel.calibration.watch import ChannelWatch, Holder, Rhythm
from openchannel.domain import DAYS_A_MONTH, DAYS_A_YEAR

if TYPE_CHECKING:
    from openchannel.usecases.evidence.ties import TiesReport

__all__ = ["WatchItem", "duration", "watch_list", "watch_table"]

Urgency = Literal["act", "look", "quiet"]
URGENCIES: tuple[Urgency, ...] = ("act", "look", "quiet")

_ALIVE = 0.05
"""A closed channel whose tie is weaker has nothing left to watch but its reopening."""
_AT_STAKE = 0.02
_SOON_DAYS = 366


@dataclass(frozen=True, slots=True)
class WatchItem:
    """One channel: `act` where something is late, `look` where much is at stake, or `quiet`."""

    channel: str
    name: str
    urgency: Urgency
    says: tuple[str, ...]


def watch_list(report: TiesReport) -> tuple[WatchItem, ...]:
    """Every channel of a report with what to watch; the urgent first, then the stronger tie."""
    names = {c.id: c.name for c in report.channels}
    items = [(w.strength, _item(w, names[w.id], report)) for w in report.watch]
    items.sort(key=lambda i: (URGENCIES.index(i[1].urgency), -i[0]))
    return tuple(item for _, item in items)


def _item(channel: ChannelWatch, name: str, report: TiesReport) -> WatchItem:
    rhythm = channel.rhythm
    if not channel.is_open and channel.strength < _ALIVE:
        if rhythm.days_since is not None and rhythm.days_since <= _SOON_DAYS:
            said = f"used on {rhythm.last_contact}, though channel_spells.csv has the line closed"
            return WatchItem(channel.id, name, "look", (said,))
        last = f"; last contact {rhythm.last_contact}" if rhythm.last_contact else ""
        return WatchItem(channel.id, name, "quiet", (f"closed, no tie left to lose{last}",))
    late = list(_late(channel, report))
    stake = list(_at_stake(channel))
    if late:
        return WatchItem(channel.id, name, "act", (*late, *stake))
    if stake:
        return WatchItem(channel.id, name, "look", (_rhythm_words(rhythm), *stake))
    return WatchItem(channel.id, name, "quiet", (_rhythm_words(rhythm),))


def _late(channel: ChannelWatch, report: TiesReport) -> Iterator[str]:
    if channel.rhythm.standing in ("overdue", "silent"):
        yield _rhythm_words(channel.rhythm)
    if channel.fades_on and (channel.fades_on - report.as_of).days <= _SOON_DAYS:
        yield f"without a contact the tie fades below what counts as live on {channel.fades_on}"
    if channel.strength < _ALIVE:
        yield f"the line is open and the tie is nearly gone; {_rhythm_words(channel.rhythm)}"


def _at_stake(channel: ChannelWatch) -> Iterator[str]:
    for holder in channel.holders:
        if holder.name and holder.at_stake >= _AT_STAKE:
            share = f"{holder.at_stake:.2f} of {channel.strength:.2f}"
            yield f"{_holder_words(holder)}; leaving costs {share} of the tie"
        elif not holder.name and channel.strength >= _ALIVE:
            yield f"the record has nobody as {holder.title}"


def _rhythm_words(rhythm: Rhythm) -> str:
    """How a channel stands against its own rhythm, in words."""
    if rhythm.standing == "routine":
        return "routine messages, not listed one by one"
    if rhythm.last_contact is None or rhythm.days_since is None:
        return "never used"
    wait = f"{duration(rhythm.days_since)} since the last contact"
    wait = wait if rhythm.days_since else "in contact on that day"
    if rhythm.usual_days is None:
        return f"{wait}; too few contacts to say what is usual"
    usual = f"usually every {duration(rhythm.usual_days)}"
    longest = ", longer than ever before" if rhythm.standing == "silent" else ""
    late = "" if rhythm.standing == "on time" else "overdue: "
    return f"{late}{wait}{longest}, {usual}"


def _holder_words(holder: Holder) -> str:
    """Who holds an office, for how long, and how long its terms usually last."""
    since = f", {duration(DAYS_A_YEAR * holder.years_in)} in office" if holder.years_in else ""
    usual = f" (terms last {holder.usual_years:.0f} years or so)" if holder.usual_years else ""
    return f"{holder.name}, {holder.title}{since}{usual}"


def duration(days: float) -> str:
    """Days in the unit that people use.

    Examples
    --------
    >>> duration(5), duration(46), duration(240), duration(1932)
    ('5 days', '7 weeks', '8 months', '5 years')
    """
    for unit, size in (("year", DAYS_A_YEAR), ("month", DAYS_A_MONTH), ("week", 7.0)):
        if days >= 2 * size:
            return f"{days / size:.0f} {unit}s"
    whole = round(days)
    return f"{whole} day{'' if whole == 1 else 's'}"


def watch_table(report: TiesReport) -> str:
    """The watch list as a table of a page."""
    rows = "".join(
        f"<tr><th scope='row'>{escape(i.name)}</th><td>{i.urgency}</td>"
        f"<td>{'<br>'.join(escape(s) for s in i.says)}</td></tr>\n"
        for i in watch_list(report)
    )
    heads = "".join(f"<th scope='col'>{h}</th>" for h in ("Channel", "Urgency", "What to watch"))
    return (
        f"<h2>Watch list on {report.as_of}</h2>\n<table>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n"
        f"<p>{escape(report.watch_rule)}</p>\n"
    )
