"""`openchannel ties`: how thick the ties are, and how reliably a message gets through."""

# ruff: noqa: ARG001 - every command takes --seed, also those that draw nothing

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openchannel.cli.options import AsJson, CaseName, Quiet, UnusedSeed
from openchannel.cli.store import CountLedger, StoreOption
from openchannel.cli.tables import Column, bar, plain_table
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from openchannel.calibration.watch import Holder
    from openchannel.usecases.evidence.ties import TiesReport

__all__ = ["ties"]

_BAR = 18
_SMALLEST = 0.005  # what two digits can show


def ties(
    case: CaseName,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Draw the history: .svg, .png or .html."
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Only the watch list: what to look at, on one page.")
    ] = False,
    ledger: CountLedger = False,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="The day the ties are told for.",
            show_default="the end of the record; today with --ledger",
        ),
    ] = None,
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """How thick the ties are, how reliable, their history, and what to watch on each channel."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence.ties import check_chart, draw_ties
    from openchannel.usecases.evidence.ties import ties as ties_of

    if output is not None:
        check_chart(output)
    report = ties_of(case, ledger=ledger, store=store, as_of=as_of)
    if output is not None:
        voice.say(f"drawn: {draw_ties(report, output)}")
    voice.give(report.as_dict())
    if watch:
        voice.show(_watch(report))
        voice.show(report.watch_rule)
        return
    voice.show(_now(report))
    voice.show(_channels(report))
    voice.show(_holders(report))
    voice.show(_years(report))
    for note in report.notes:
        voice.show(note)
    voice.show(report.watch_rule)
    voice.show(
        f"{len(report.left_out)} contacts belong to no channel and are left out (see --json). "
        f"Contacts that were never made public are missing, so ties are a floor. "
        f"Grade {report.grade}."
    )


def _now(report: TiesReport) -> Any:
    now = report.now
    rows = [
        ("Effective channels", f"{now.thickness:.2f}", "how many equal lines the ties amount to"),
        ("Live channels", str(now.live_channels), "open, tied, and with authority to speak"),
        *(
            (f"An answer in 24 h, {word}", f"{share:.0%}", f"chance, if the other side is {word}")
            for word, share in now.reliability_24h.items()
        ),
        (
            "An answer in 24 h, now",
            f"{now.reliability_24h_now:.0%}",
            f"the record has the other side {now.receptivity}",
        ),
    ]
    columns = (Column("Ties", whole=True), Column("", "right", whole=True), Column("Meaning"))
    day = f"At the end of the record, {report.as_of}"
    if report.as_of != report.record_end:
        day = f"On {report.as_of}; the record of outcomes ends on {report.record_end}"
    own = f", with {report.ledger_contacts} of your ledger" if report.ledger_contacts else ""
    return plain_table(columns, rows, day + own)


def _channels(report: TiesReport) -> Any:
    columns = (
        Column("Channel", share=1),
        Column("State", whole=True),
        Column("Tie", "right", whole=True),
        Column("Contacts", "right"),
        Column("Last 5 years", "right"),
        Column("Last contact", whole=True),
    )
    rows = [
        (
            f"{c.name} ({c.id})",
            "live" if c.is_live else "open" if c.is_open else "closed",
            f"{c.strength:.2f}",
            str(c.contacts),
            str(c.contacts_last_5_years),
            str(c.last_contact or "never"),
        )
        for c in report.channels
    ]
    return plain_table(columns, rows, "Channels")


def _holders(report: TiesReport) -> Any:
    """Rhythm of each channel, how its tie will fade, who holds it and what goes with them."""
    from openchannel.usecases.evidence.watch_list import duration

    columns = (
        Column("Channel", whole=True),
        Column("Usual gap", whole=True),
        Column("Standing"),
        Column("In a year", "right"),
        Column("Held by, and what is lost of the tie if they leave", share=1),
    )
    rows = [
        (
            w.id,
            duration(w.rhythm.usual_days) if w.rhythm.usual_days else "",
            w.rhythm.standing,
            f"{w.strength:.2f} to {w.in_a_year:.2f}",
            "\n".join(_held(h) for h in w.holders) or "no office that the record follows",
        )
        for w in report.watch
    ]
    return plain_table(columns, rows, "Rhythm, and what turnover would cost")


def _held(holder: Holder) -> str:
    if not holder.name:
        return f"nobody ({holder.title})"
    lost = f"{holder.at_stake:.2f}" if holder.at_stake >= _SMALLEST else "nothing"
    return f"{holder.name} ({holder.title}): {lost}"


def _watch(report: TiesReport) -> Any:
    from openchannel.usecases.evidence.watch_list import watch_list

    columns = (
        Column("Channel", share=2),
        Column("Urgency", whole=True),
        Column("What to watch", share=5),
    )
    rows = [(i.name, i.urgency, "\n".join(i.says)) for i in watch_list(report)]
    return plain_table(columns, rows, f"Watch list on {report.as_of}")


def _years(report: TiesReport) -> Any:
    most = max((y.contacts for y in report.years), default=0)
    columns = (
        Column("Year", whole=True),
        Column("Contacts", "right", whole=True),
        Column("", whole=True),
        Column("Effective channels", "right"),
        Column("Live channels", "right"),
        Column("Answer in 24 h", "right"),
    )
    rows = [
        (
            f"{y.year}" if y.is_whole else f"{y.year}*",
            str(y.contacts),
            bar(y.contacts, most, _BAR),
            f"{y.thickness:.2f}",
            f"{y.live_channels:.1f}",
            f"{y.reliability_24h:.0%}",
        )
        for y in report.years
    ]
    title = "By year: recorded contacts, and averages over its weeks (* not whole)"
    return plain_table(columns, rows, title)
