"""`openchannel ties`: how thick the ties are, and how reliably a message gets through."""

# ruff: noqa: ARG001 - every command takes --seed, also those that draw nothing

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openchannel.cli.options import AsJson, CaseName, Quiet, UnusedSeed
from openchannel.cli.tables import Column, bar, plain_table
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from openchannel.usecases.ties import TiesReport

__all__ = ["ties"]

_BAR = 18


def ties(
    case: CaseName,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Draw the history: .svg, .png or .html."
        ),
    ] = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """How thick the ties are, how reliable, and their history."""
    voice = Voice(json, quiet)
    from openchannel.usecases.ties import check_chart, draw_ties
    from openchannel.usecases.ties import ties as ties_of

    if output is not None:
        check_chart(output)
    report = ties_of(case)
    if output is not None:
        voice.say(f"drawn: {draw_ties(report, output)}")
    voice.give(report.as_dict())
    voice.show(_now(report))
    voice.show(_channels(report))
    voice.show(_years(report))
    for note in report.notes:
        voice.show(note)
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
    return plain_table(columns, rows, f"At the end of the record, {report.record_end}")


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
    title = "By year: recorded contacts, and averages over its weeks (* to the end of the record)"
    return plain_table(columns, rows, title)
