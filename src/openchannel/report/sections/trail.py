"""The appendix: from each number to its parameters, and from each parameter to its sources."""

from __future__ import annotations

from collections.abc import Sequence

from openchannel.domain import Case, Override, Policy, Source
from openchannel.report.findings import Findings
from openchannel.report.model import (
    Bibliography,
    Block,
    Column,
    Entry,
    Paragraph,
    Row,
    Section,
    Span,
    Table,
    Text,
    words,
)
from openchannel.report.numbers import plain, share
from openchannel.report.sections.over_luck import over_luck
from openchannel.report.sections.trail_outcomes import outcome_table, outcome_words
from openchannel.report.sections.trail_parameters import marker_words, parameter_tables
from openchannel.report.wording import in_sentence, listed

__all__ = ["bibliography", "cited", "trail_sections"]


def trail_sections(findings: Findings) -> tuple[Section, ...]:
    """Outcomes, policies, schools of thought, ledger switches, parameters, sources."""
    case = findings.case
    return (
        _part(
            "outcomes",
            "Outcomes",
            (Paragraph(outcome_words()), outcome_table(findings), over_luck(findings)),
        ),
        _part("policies", "Policies", (_policies(findings),)),
        _part("worlds", "Schools of thought", (_worlds(findings),)),
        _part("switches", "Switches of the ledger", (_switches(case),)),
        _part("parameters", "Parameters", (Paragraph(marker_words(case)), *parameter_tables(case))),
        _part("sources", "Sources", (bibliography(case, tuple(case.sources)),)),
    )


def _part(name: str, title: str, blocks: tuple[Block, ...]) -> Section:
    return Section(f"trail-{name}", "", title, blocks, is_appendix=True)


# --- policies, worlds, switches ---------------------------------------------------------------


def _policies(findings: Findings) -> Table:
    return Table(
        "table-designs",
        "What each policy does, and the case for and against it",
        (
            Column(words("Policy"), 1.1),
            Column(words("What it does"), 2.3),
            Column(words("The case for"), 2.2),
            Column(words("The case against"), 2.2),
        ),
        tuple(_policy_row(findings.case, p) for p in findings.policies),
        compact=True,
    )


def _policy_row(case: Case, policy: Policy) -> Row:
    names = {c.id: c.name for c in case.channels}
    meets = [
        f"{in_sentence(names.get(c, c))} {plain(n)}" for c, n in policy.cadence.items() if n > 0
    ]
    contacts = f" Contacts a year asked for: {listed(meets)}." if meets else ""
    return Row(
        (
            (Span(f"{policy.id} "), Span(policy.title, strong=True)),
            words(policy.summary + contacts),
            (Span(policy.case_for or "–"), *_in_brackets(policy.sources)),
            words(policy.case_against or "–"),
        ),
        f"policy-{policy.id}",
    )


def cited(keys: Sequence[str]) -> Text:
    """Keys of sources, each leading to its entry of the bibliography."""
    spans = [s for key in keys for s in (Span(key, f"source-{key}"), Span(", "))]
    return tuple(spans[:-1])


def _in_brackets(keys: Sequence[str]) -> Text:
    return (Span(" ("), *cited(keys), Span(")")) if keys else ()


def _worlds(findings: Findings) -> Table:
    rows = []
    for found in findings.worlds:
        world = found.world
        rows.append(
            Row(
                (
                    (Span(f"{world.id} "), Span(world.title, strong=True)),
                    words(share(found.weight)),
                    (Span(world.argument), *_in_brackets(world.sources)),
                    words(_overrides(findings.case, world.overrides, world.null_tie_effects)),
                ),
                f"world-{world.id}",
            )
        )
    return Table(
        "table-worlds-argument",
        "Each school of thought as its holders argue it, and what it sets in the model",
        (
            Column(words("School of thought"), 1.1),
            Column(words("Weight"), 0.6, "right"),
            Column(words("Argument"), 3.4),
            Column(words("Sets"), 2.2),
        ),
        tuple(rows),
        compact=True,
    )


def _overrides(case: Case, overrides: tuple[Override, ...], null_ties: bool) -> str:
    said = ["every effect of contact at none"] if null_ties else []
    for change in overrides:
        parameter = case.parameters.get(change.parameter)
        label = in_sentence(parameter.label) if parameter else change.parameter
        verb = "times " if change.how == "times" else ""
        said.append(f"{label}: {verb}{plain(change.value)}")
    return "; ".join(said) or "nothing: the central tables"


def _switches(case: Case) -> Table:
    return Table(
        "table-switches",
        "What carries each claim in the model, and what switching it off means",
        (
            Column(words("Claim"), 0.5),
            Column(words("Mechanism"), 2.4),
            Column(words("Evidence for its size"), 1.2),
            Column(words("Switched off"), 3.6),
        ),
        tuple(
            Row(
                (
                    words(p.id),
                    words(p.mechanism),
                    words(p.size_evidence),
                    words(p.switch_note or "–"),
                ),
                f"switch-{p.id}",
            )
            for p in case.propositions
        ),
        compact=True,
    )


# --- sources ----------------------------------------------------------------------------------


def bibliography(case: Case, keys: Sequence[str]) -> Bibliography:
    """Entries of some sources of a case."""
    return Bibliography(tuple(_entry(case.sources[k]) for k in keys))


def _entry(source: Source) -> Entry:
    head = " ".join(p for p in (source.author, f"({source.year})" if source.year else "") if p)
    text = ". ".join(p for p in (head, source.title, source.publisher) if p)
    note = f" {source.note}" if source.note else ""
    return Entry(f"source-{source.key}", source.key, f"{text}.{note}", source.url, source.read)
