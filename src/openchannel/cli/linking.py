"""`openchannel evidence links`, `decide`, `rebuild` and `coverage`: one record from many lists."""

# ruff: noqa: ARG001 - every command takes --seed, also those that draw nothing

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openchannel.cli.options import AsJson, CaseOption, Quiet, UnusedSeed, Who, Why
from openchannel.cli.store import StoreOption, named_values
from openchannel.cli.tables import Column, plain_table
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from openchannel.evidence.linking.coverage import Coverage
    from openchannel.evidence.linking.merged import Merged
    from openchannel.usecases.evidence.linking import Rebuilt

__all__ = ["coverage", "decide", "links", "rebuild"]

_SHOWN = 20


def links(
    store: StoreOption = None,
    differing: Annotated[
        bool, typer.Option("--differing", help="Only acts on which the lists disagree.")
    ] = False,
    limit: Annotated[
        int, typer.Option(metavar="N", min=0, help="At most this many acts on the screen.")
    ] = _SHOWN,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Acts that several lists may have in common, side by side; nothing is removed."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence.linking import linked

    found = linked(store=store, only_differing=differing)
    voice.give({"acts": [m.as_dict() for m in found]})
    voice.show(_acts(found[:limit]))
    more = f"; {len(found) - limit} more with --limit or --json" if len(found) > limit else ""
    voice.show(
        f"{len(found)} acts of two lists or more{more}. * marks what lists differ on. The id of an "
        "act is list/day/kind, such as csis/2017-07-28/ballistic_missile."
    )


def decide(
    verdict: Annotated[
        str,
        typer.Argument(metavar="VERDICT", help="same, distinct, out, or open to take one back."),
    ],
    acts: Annotated[
        list[str], typer.Argument(metavar="ACT...", help="Ids of acts, as `links` shows them.")
    ],
    why: Why = "",
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A value of the merged act."),
    ] = None,
    who: Who = "",
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Decide that acts of several lists are the same, or not; kept with the reason."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence import linking as use

    values = named_values(set_ or (), "--set")
    made = use.decide(verdict, acts, values, why=why, who=who, store=store)
    voice.give(made.as_dict())
    voice.show(f"Decision {made.entry} by {made.who}: {made.verdict}, {', '.join(made.members)}")


def rebuild(
    case: CaseOption = "korea",
    store: StoreOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the acts as CSV."),
    ] = None,
    adopt: Annotated[
        bool,
        typer.Option("--adopt", help="First take the record's own coding over as decisions."),
    ] = False,
    why: Why = "",
    who: Who = "",
    json: AsJson = False,
    quiet: Quiet = False,
    seed: UnusedSeed = 1,
) -> None:
    """Provocations from your lists and decisions alone, held against the record of a case."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence import linking as use

    if adopt:
        n = use.adopt(case, store=store, who=who, why=why)
        voice.say(f"decisions taken over from the record of {case}: {n}")
    found = use.rebuild(case, store=store, output=output)
    if output is not None:
        voice.say(f"written: {output}")
    voice.give(found.as_dict())
    voice.show(_rebuilt(found, case))
    voice.show(
        "Targets, who began, deaths on the other side, labels and notes were coded by reading "
        "texts; no list has them, so they cannot be rebuilt."
    )


def coverage(
    store: StoreOption = None, json: AsJson = False, quiet: Quiet = False, seed: UnusedSeed = 1
) -> None:
    """Whether your lists grow denser, and what share of the others' acts each has."""
    voice = Voice(json, quiet)
    from openchannel.usecases.evidence import linking as use

    found = use.coverage(store=store)
    voice.give({"lists": use.coverage_dicts(found)})
    voice.show(_coverage(found))
    for listed in found:
        voice.show(_drift(listed))
    voice.show(
        "A rise in small acts is recording or conduct; the lists alone cannot tell. Lists that "
        "copy each other have each other's acts, which says nothing of either."
    )


# --- how it looks -----------------------------------------------------------------------------


def _acts(found: tuple[Merged, ...]) -> Any:
    columns = (
        Column("List", whole=True),
        Column("Day", whole=True),
        Column("Kind", share=3),
        Column("Severity", "right"),
        Column("Count", "right"),
        Column("What the list says", share=4),
    )
    rows: list[tuple[str, ...]] = []
    for act in found:
        rows += [_side(member, act.differs) for member in act.as_dict()["members"]]
        rows.append(("",) * len(columns))
    return plain_table(columns, rows[:-1], "Acts that several lists may have in common")


def _side(member: Mapping[str, Any], differs: Sequence[str]) -> tuple[str, ...]:
    """What one list says of an act; a star where another says otherwise."""
    told = {
        name: f"{_cell(member[name])}{'*' if name in differs and _cell(member[name]) else ''}"
        for name in ("date", "kind", "severity", "count")
    }
    kind = told["kind"].replace("_", " ")
    return member["list"], told["date"], kind, told["severity"], told["count"], member["text"][:60]


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _rebuilt(found: Rebuilt, case: str) -> Any:
    said = found.agreement
    columns = (Column("What"), Column("Number", "right", whole=True))
    rows = [
        ("Acts that the lists and decisions give", f"{len(found.acts):,}"),
        ("Decisions", f"{found.n_decisions:,}"),
        (f"Rows of provocations.csv of {case}, exclusions left out", f"{said.rows:,}"),
        ("  met by an act of the lists", f"{said.met:,}"),
        ("    same first day", f"{said.same_day:,}"),
        ("    same kind", f"{said.same_kind:,}"),
        ("    same severity", f"{said.same_severity:,}"),
        ("    all three the same", f"{said.same:,}"),
        ("  in no list", f"{len(said.only_record):,}"),
        ("Acts of the lists that the record has not", f"{len(said.only_lists):,}"),
    ]
    return plain_table(columns, rows, "Rebuilt from lists and decisions")


def _coverage(found: tuple[Coverage, ...]) -> Any:
    columns = (
        Column("List", whole=True),
        Column("Decade", whole=True),
        Column("Acts", "right", whole=True),
        Column("Of them small", "right"),
        Column("Acts of others", "right"),
        Column("Share that it has", "right"),
    )
    rows = [
        (
            c.source if i == 0 else "",
            f"{p.first_year}s",
            str(p.acts),
            str(p.small),
            str(p.others),
            "" if p.share is None else f"{p.share:.0%} ± {p.share_error:.0%}",
        )
        for c in found
        for i, p in enumerate(c.periods)
    ]
    return plain_table(columns, rows, "Coverage by decade, within the span of each list")


def _drift(listed: Coverage) -> str:
    found = listed.drift
    if found is None:
        return f"{listed.source}: too few small or large acts to say whether it grows denser."
    size = f"{found.factor:.2f} (two standard errors: {found.low:.2f} to {found.high:.2f})"
    said = "odds that an act is small, by decade, times"
    clear = "" if found.is_clear else "; not to be told from no change"
    return f"{listed.source}: {said} {size}{clear}."
