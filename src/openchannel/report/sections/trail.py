"""The appendix: from each number to its parameters, and from each parameter to its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from openchannel.domain import (
    INDEX_IDS,
    Case,
    Discrete,
    Draw,
    LogNormal,
    LogUniform,
    Override,
    Parameter,
    Pert,
    Policy,
    Source,
    Uniform,
)
from openchannel.ensemble.design import quantile
from openchannel.model.metrics import EXTRAS, METRICS
from openchannel.report.findings import Findings
from openchannel.report.grades import GRADE_WORDS, marker
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
from openchannel.report.numbers import Kind, level, plain, share, span
from openchannel.report.sections.over_luck import over_luck
from openchannel.report.wording import in_sentence, listed

__all__ = [
    "MODULES",
    "bibliography",
    "cited",
    "module_title",
    "outcome_marks",
    "parameter_marks",
    "trail_sections",
]

#: Groups of parameters in the order of the causal chain, with words for a heading.
MODULES: Mapping[str, str] = {
    "ties": "Ties and channels",
    "tension": "Tension and provocations",
    "crisis": "Crises",
    "nuclear": "Nuclear alarm, war and its losses",
    "bargaining": "Bargaining and agreements",
    "opportunities": "Openings and shocks",
    "downside": "Downsides of contact",
    "cost": "Costs",
    "rules": "Rules of adaptive policies",
    "beliefs": "Common factors of belief",
}

_MOST_VALUES = 12  # a law of more is a table of quantiles, not a choice

_WAR = ("ties", "tension", "crisis", "nuclear", "bargaining", "opportunities", "downside")
#: Groups whose parameters move an outcome directly; what moves those is in the chain before them.
_CARRIERS: Mapping[str, tuple[str, ...]] = {
    "crises": ("ties", "tension", "crisis"),
    "crises_lethal": ("ties", "tension", "crisis"),
    "reliability_24h": ("ties",),
    "reliability_crisis_24h": ("ties", "crisis"),
    "thickness_channels": ("ties", "downside"),
    "provocations_per_year": ("ties", "tension", "downside"),
    "lethal_incidents_per_year": ("ties", "tension", "downside"),
    "agreement_years_real": ("bargaining", "ties"),
    "agreement_years_paper": ("bargaining", "ties"),
    "arsenal_warheads": ("nuclear", "bargaining", "downside"),
    "opportunity_capture": ("opportunities", "ties"),
    "detainee_days": ("opportunities", "ties"),
    "policy_survival": ("downside", "rules"),
    "knowledge_index": ("downside", "ties"),
    "intelligence_loss": ("downside", "ties"),
    "programme_cost_usd": ("cost", "rules"),
    "political_cost_index": ("downside", "bargaining"),
    "alliance_friction_index": ("downside", "ties"),
    "contacts_per_year": ("ties",),
    "closed_share": ("ties",),
    "share_crises_lethal": ("ties", "tension", "crisis"),
    "rights_share": ("ties",),
    "loose_weapons_index": ("opportunities", "ties"),
    "detention_political_cost": ("opportunities", "ties"),
}
_EXTRAS_SHOWN = ("contacts_per_year", "closed_share", "share_crises_lethal", *INDEX_IDS)
_CHANCES = frozenset({"probability", "share"})


def trail_sections(findings: Findings) -> tuple[Section, ...]:
    """Outcomes, policies, schools of thought, ledger switches, parameters, sources."""
    case = findings.case
    return (
        _part(
            "outcomes",
            "Outcomes",
            (Paragraph(_outcomes_words()), _outcomes(findings), over_luck(findings)),
        ),
        _part("policies", "Policies", (_policies(findings),)),
        _part("worlds", "Schools of thought", (_worlds(findings),)),
        _part("switches", "Switches of the ledger", (_switches(case),)),
        _part("parameters", "Parameters", (Paragraph(_key_words(case)), *_parameters(case))),
        _part("sources", "Sources", (bibliography(case, tuple(case.sources)),)),
    )


def _part(name: str, title: str, blocks: tuple[Block, ...]) -> Section:
    return Section(f"trail-{name}", "", title, blocks, is_appendix=True)


# --- outcomes ---------------------------------------------------------------------------------


def _outcome_ids() -> list[str]:
    return [m.id for m in METRICS] + list(_EXTRAS_SHOWN)


def outcome_marks() -> dict[str, str]:
    """Anchor of each outcome to its short mark; outcomes outside the main list count on as X."""
    marks = {f"outcome-{m.id}": m.science for m in METRICS}
    seen: dict[str, int] = {}
    for anchor, mark in marks.items():
        seen[mark] = seen.get(mark, 0) + 1
        if seen[mark] > 1:
            marks[anchor] = f"{mark}{'abcdefgh'[seen[mark] - 1]}"
    return marks | {f"outcome-{m}": f"X{i}" for i, m in enumerate(_EXTRAS_SHOWN, 1)}


def _outcomes_words() -> Text:
    return words(
        "Each outcome with its value under the baseline, and the groups of parameters that move "
        "it; the groups stand below, each parameter with its grade and sources. War, nuclear use, "
        "deaths and losses are means of conditional probabilities over futures (Rao-Blackwell), "
        "so their errors are smaller than those of counts."
    )


def _outcomes(findings: Findings) -> Table:
    marks = outcome_marks()
    known = {m.id: m for m in (*METRICS, *EXTRAS)}
    rows = []
    for key in _outcome_ids():
        metric = known[key]
        measured = findings.level(findings.baseline.id, key)
        kind: Kind = "percent" if metric.unit in _CHANCES else "plain"
        if metric.unit == "US dollars":
            kind = "usd"
        spread = span(measured, kind) if measured.has_spread else "–"
        better = {"low": "lower", "high": "higher"}.get(metric.better, "–")
        rows.append(
            Row(
                (
                    words(marks[f"outcome-{key}"]),
                    words(metric.title),
                    words("per cent" if kind == "percent" else metric.unit),
                    words(better),
                    words(level(measured, kind)),
                    words(spread),
                    _groups(findings.case, _CARRIERS.get(key, _WAR)),
                ),
                f"outcome-{key}",
            )
        )
    return Table(
        "table-outcomes",
        f"Outcomes under {in_sentence(findings.baseline.short)}, pooled",
        (
            Column(words("Mark"), 0.5),
            Column(words("Outcome"), 1.6),
            Column(words("Unit"), 1.0),
            Column(words("Better"), 0.6),
            Column(words("Value"), 1.3, "right"),
            Column(words("5 to 95 % of beliefs"), 1.5, "right"),
            Column(words("Moved by"), 2.2),
        ),
        tuple(rows),
        compact=True,
    )


def _groups(case: Case, modules: tuple[str, ...]) -> Text:
    present = {p.module for p in case.parameters.values()}
    spans: list[Span] = []
    for module in modules:
        if module in present:
            spans += [Span(module_title(module), f"group-{module}"), Span("; ")]
    return tuple(spans[:-1]) or words("–")


def module_title(module: str) -> str:
    """A group of parameters as a heading names it."""
    return MODULES.get(module, module.capitalize())


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


# --- parameters -------------------------------------------------------------------------------


def _ordered(case: Case) -> list[Parameter]:
    order = list(MODULES)
    rank = {m: i for i, m in enumerate(order)}
    return sorted(
        case.parameters.values(), key=lambda p: (rank.get(p.module, len(order)), p.module, p.key)
    )


def parameter_marks(case: Case) -> dict[str, str]:
    """Anchor of each parameter to its short mark, numbered in the order of the appendix."""
    return {f"parameter-{p.key}": f"p{i}" for i, p in enumerate(_ordered(case), 1)}


def _key_words(case: Case) -> Text:
    named = listed([f"{c.id} {in_sentence(c.name)}" for c in case.channels])
    channels = f"Channels: {named}." if named else ""
    said = ", ".join(f"{marker(g)} {g}: {w}" for g, w in GRADE_WORDS.items())
    return words(
        f"Markers: {said}. Ranges are meant to be wide enough that few informed critics would put "
        "the truth outside. A value is provisional until a second reader has taken it from the "
        f"source without seeing the first reading; {_settled(case)}. {channels}"
    )


def _settled(case: Case) -> str:
    """Which parameters two readers agree on."""
    settled = [in_sentence(p.label) for p in _ordered(case) if not p.provisional]
    return f"settled so far: {listed(settled)}" if settled else "none is settled so far"


def _parameters(case: Case) -> tuple[Table, ...]:
    ordered, marks = _ordered(case), parameter_marks(case)
    modules = dict.fromkeys(p.module for p in ordered)
    return tuple(
        Table(
            f"group-{module}",
            module_title(module),
            (
                Column(words("No."), 0.45),
                Column(words("Parameter"), 1.7),
                Column(words("Value and unit"), 1.6),
                Column(words("Range"), 1.3),
                Column(words("Grade"), 0.75),
                Column(words("Reasoning and sources"), 3.6),
            ),
            tuple(_parameter_row(p, marks) for p in ordered if p.module == module),
            compact=True,
        )
        for module in modules
    )


def _parameter_row(p: Parameter, marks: Mapping[str, str]) -> Row:
    why: list[Span] = [Span(p.reasoning or "No reasoning is given.")]
    for reference in p.references:
        place = f" ({reference.locator})" if reference.locator else ""
        why += [
            Span(" "),
            Span(reference.source, f"source-{reference.source}"),
            Span(f": {reference.reason}{place}."),
        ]
    return Row(
        (
            words(marks[f"parameter-{p.key}"]),
            (Span(p.label), Span(f" ({p.key})")),
            words(f"{_values(p)} {p.unit}"),
            words(_range(p)),
            words(f"{marker(p.grade)} {p.grade} {GRADE_WORDS[p.grade]}"),
            tuple(why),
        ),
        f"parameter-{p.key}",
    )


def _values(p: Parameter) -> str:
    if p.elements == ("",):
        return plain(p.values[0])
    if len(set(p.values)) == 1:
        return f"{plain(p.values[0])} each,"
    return ", ".join(f"{e}: {plain(v)}" for e, v in zip(p.elements, p.values, strict=True)) + ";"


def _range(p: Parameter) -> str:
    if not p.draws:
        return "not varied"
    return "; ".join(_draw(d, len(p.draws) > 1) for d in p.draws)


def _draw(draw: Draw, is_one_of_many: bool) -> str:
    which = f"{', '.join(draw.elements)}: " if is_one_of_many else ""
    if draw.how == "dirichlet":
        return f"{which}shares around the value, concentration {plain(draw.concentration)}"
    how = {"times": "times ", "plus": "plus ", "value": ""}[draw.how]
    return f"{which}{how}{_law(draw)}"


def _law(draw: Draw) -> str:
    match draw.law:
        case Pert(low, mode, high):
            return f"{plain(low)} to {plain(high)}, most likely {plain(mode)}"
        case Uniform(low, high) if low == high:
            return f"held at {plain(low)}"
        case Uniform(low, high):
            return f"{plain(low)} to {plain(high)}, even"
        case LogUniform(low, high):
            return f"{plain(low)} to {plain(high)}, even in the logarithm"
        case LogNormal(median, sigma):
            return f"log-normal, median {plain(median)}, spread {plain(sigma)}"
        case Discrete(values, _) if len(values) > _MOST_VALUES:
            low, middle, high = quantile(draw.law, np.array([0.05, 0.5, 0.95])).tolist()
            return f"{plain(low)} to {plain(high)} (5 to 95 %), middle {plain(middle)}"
        case Discrete(values, weights):
            pairs = zip(values, weights, strict=True)
            return ", ".join(f"{plain(v)} ({share(w)})" for v, w in pairs)
    return "not varied"


# --- sources ----------------------------------------------------------------------------------


def bibliography(case: Case, keys: Sequence[str]) -> Bibliography:
    """Entries of some sources of a case."""
    return Bibliography(tuple(_entry(case.sources[k]) for k in keys))


def _entry(source: Source) -> Entry:
    head = " ".join(p for p in (source.author, f"({source.year})" if source.year else "") if p)
    text = ". ".join(p for p in (head, source.title, source.publisher) if p)
    note = f" {source.note}" if source.note else ""
    return Entry(f"source-{source.key}", source.key, f"{text}.{note}", source.url, source.read)
