# ruff: noqa: E501, INP001, PLC0415, T201 (a script beside the pages; its tables are wide)
"""The parts of docs/ that come from the case and the code: `python -m docs.generate` writes them.

A page keeps its own words; what stands between `<!-- generated: NAME -->` and `<!-- end -->` is
replaced. `--check` writes nothing and exits with 1 where a page is stale.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openchannel as oc
from openchannel.analysis import VERDICT_RULE
from openchannel.domain import (
    Case,
    Discrete,
    Draw,
    Law,
    Levers,
    LogNormal,
    LogUniform,
    Override,
    Parameter,
    Pert,
    Policy,
    Uniform,
)
from openchannel.model.metrics import EXTRAS, METRICS, Metric

DOCS = Path(__file__).resolve().parent
_BLOCK = re.compile(r"(<!-- generated: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
_MARKS = {"A": "●", "B": "○", "C": "△"}
_MODULES = {
    "ties": "Ties",
    "tension": "Tension and provocations",
    "crisis": "Crises",
    "nuclear": "Nuclear stability",
    "bargaining": "Bargaining and agreements",
    "opportunities": "Opportunities and shocks",
    "downside": "Downside",
    "cost": "Cost",
    "rules": "Adaptive rules",
    "beliefs": "Correlation of beliefs",
}


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(_line(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _sentences(text: str) -> str:
    """One sentence a line; an abbreviation or a decimal ends none."""
    return re.sub(r"(?<=[a-z0-9)%\"'][.?!]) (?=[A-Z])", "\n", " ".join(text.split()))


def _law(law: Law) -> str:
    match law:
        case Pert(low, mode, high):
            return f"PERT({low:g}, {mode:g}, {high:g})"
        case Uniform(low, high):
            return f"uniform({low:g}, {high:g})"
        case LogUniform(low, high):
            return f"log-uniform({low:g}, {high:g})"
        case LogNormal(median, sigma):
            return f"log-normal(median {median:g}, log-sd {sigma:g})"
        case Discrete(values, weights):
            pairs = (f"{v:g} ({w:g})" for v, w in zip(values, weights, strict=True))
            return "one of " + ", ".join(pairs)


def _draw(parameter: Parameter, draw: Draw) -> str:
    if draw.how == "dirichlet" or draw.law is None:
        return f"Dirichlet, concentration {draw.concentration:g}"
    sign = {"value": "", "times": "× ", "plus": "+ "}[draw.how]
    some = "" if draw.elements == parameter.elements else f" ({', '.join(draw.elements)})"
    return f"{sign}{_law(draw.law)}{some}"


def _value(parameter: Parameter) -> str:
    if not parameter.index:
        return f"{parameter.value:g}"
    pairs = zip(parameter.elements, parameter.values, strict=True)
    return ", ".join(f"{element}: {value:g}" for element, value in pairs)


def _marks(parameter: Parameter) -> str:
    marks = [f"{_MARKS[parameter.grade]} {parameter.grade}"]
    if parameter.tie_effect is not None:
        marks.append(f"tie effect, null {parameter.tie_effect.null:g}")
    if parameter.risk_factor:
        marks.append("scales with base risk")
    if not parameter.provisional:
        marks.append("settled")
    return "; ".join(marks)


def _range(parameter: Parameter) -> str:
    return "; ".join(_draw(parameter, d) for d in parameter.draws) or "not varied"


def _source(key: str) -> str:
    return f"[{key}](sources.md#{key})"


def parameters(case: Case) -> str:
    """Every parameter: a table a module, then each with its sources and reasoning."""
    parts = []
    for module, title in _MODULES.items():
        members = sorted(
            (p for p in case.parameters.values() if p.module == module), key=lambda p: p.key.lower()
        )
        rows = (
            (f"[`{p.key}`](#{p.key})", p.label, _value(p), _range(p), p.unit, _marks(p))
            for p in members
        )
        head = ("key", "meaning", "value", "range", "unit", "grade and marks")
        parts.append(f"## {title}\n\n{_table(head, rows)}")
        parts += [_parameter(p) for p in members]
    return "\n\n".join(parts)


def _parameter(parameter: Parameter) -> str:
    cited = [
        f"- {_source(r.source)}{f', {r.locator}' if r.locator else ''}: {_line(r.reason)}."
        for r in parameter.references
    ]
    words = [
        f'<a id="{parameter.key}"></a>',
        f"### `{parameter.key}`",
        "",
        parameter.label + ".",
        "",
    ]
    if parameter.reasoning:
        words += [_sentences(parameter.reasoning), ""]
    return "\n".join([*words, *cited]).rstrip()


def grades(case: Case) -> str:
    """How many parameters have each grade."""
    every = list(case.parameters.values())
    rows = [
        (
            f"{mark} {grade}",
            str(sum(p.grade == grade for p in every)),
            str(sum(p.grade == grade and p.tie_effect is not None for p in every)),
            str(sum(p.grade == grade and not p.provisional for p in every)),
        )
        for grade, mark in _MARKS.items()
    ]
    rows.append(
        (
            "all",
            str(len(every)),
            str(sum(p.tie_effect is not None for p in every)),
            str(sum(not p.provisional for p in every)),
        )
    )
    return _table(
        ("grade", "parameters", "of them effects of ties", "settled by a second reader"), rows
    )


def channels(case: Case) -> str:
    """The channels, with the offices at each end."""
    rows = ((f"`{c.id}`", c.name, c.us_office, c.them_office, c.note) for c in case.channels)
    sides = {a.id: a.short or a.name for a in case.actors}
    return _table(("id", "channel", f"{sides['us']} side", f"{sides['them']} side", "state"), rows)


def cadences(case: Case) -> str:
    """Contacts a year that each policy asks for."""
    head = ("policy", *(c.id for c in case.channels))
    rows = (
        (
            f"[{p.id}](#{p.id})",
            *(f"{p.cadence[c.id]:g}" if c.id in p.cadence else "" for c in case.channels),
        )
        for p in case.policies
    )
    return _table(head, rows)


def _levers(levers: Levers) -> tuple[str, ...]:
    severity = levers.suspend_at_severity
    return (
        "none" if severity is None else f"{severity}, {levers.suspend_weeks:g} weeks",
        *(
            f"{x:g}"
            for x in (
                levers.persist,
                levers.inst,
                levers.offer,
                levers.irritant,
                levers.neg,
                levers.exlev,
                levers.consult,
            )
        ),
        "yes" if levers.eow else "no",
        "yes" if levers.travel_ban else "no",
        f"{levers.fixed_musd_per_year:g} + {levers.info_musd_per_year:g}",
    )


def levers(case: Case) -> str:
    """Levers of each policy; rules in words."""
    head = (
        "policy",
        "suspend at",
        "persist",
        "inst",
        "offer",
        "irritant",
        "neg",
        "exlev",
        "consult",
        "end of war",
        "travel ban",
        "fixed + info, $M a year",
        "rules",
    )
    return _table(head, ((p.id, *_levers(p.levers), _rules(p)) for p in case.policies))


def _rules(policy: Policy) -> str:
    r = policy.rules
    words = [
        (
            f"becomes {r.target} at the first crisis or succession"
            + (", may lapse before" if r.on_demand_lapses else "")
        )
        if r.on_demand
        else "",
        f"becomes {r.target} after a good yearly review" if r.scale_up else "",
        "ends after failed reviews" if r.exit_review else "",
        "ends after a deception" if r.exit_deception else "",
        "surge in crises" if r.surge else "",
        "bargains harder or softer with its belief" if r.belief else "",
        f"{len(r.triggers)} triggers" if r.triggers else "",
    ]
    return ", ".join(filter(None, words))


def policies(case: Case) -> str:
    """Each policy with the case for and against it."""
    return "\n\n".join(_policy(p) for p in case.policies)


def _policy(policy: Policy) -> str:
    note = " (variant: runs only when named)" if policy.variant else ""
    parts = [
        f'<a id="{policy.id}"></a>\n### {policy.id} {policy.title}{note}',
        _sentences(policy.summary),
        f"**For.** {_sentences(policy.case_for)}",
        f"**Against.** {_sentences(policy.case_against)}",
        f"Risks switched on: {', '.join(policy.risks)}." if policy.risks else "",
        f"Sources: {', '.join(map(_source, policy.sources))}." if policy.sources else "",
    ]
    return "\n\n".join(filter(None, parts))


def _change(case: Case, change: Override) -> str:
    where = "" if not change.elements else " at " + ", ".join(change.elements)
    how = "×" if change.how == "times" else "="
    link = f"[`{change.parameter}`](parameters.md#{change.parameter})"
    return f"{link}{where} {how} {change.value:g}" if change.parameter in case.parameters else ""


def worlds(case: Case) -> str:
    """Each school of thought: weight, what it holds, and its argument."""
    parts = []
    for w in case.worlds:
        held = ", ".join(_change(case, o) for o in w.overrides)
        if w.null_tie_effects:
            held = "every effect of ties at its null" + (", " + held if held else "")
        parts.append(
            f"### {w.id} {w.title}\n\nWeight in pooled results: {w.weight:g}.\n"
            f"Holds: {held or 'no number other than the defaults'}.\n\n{_sentences(w.argument)}\n\n"
            f"Sources: {', '.join(map(_source, w.sources))}."
        )
    return "\n\n".join(parts)


def overlays(case: Case) -> str:
    """Each overlay: what it changes, in which policies."""
    parts = []
    for o in case.overlays:
        changes = [
            f"raises `offer` by {o.offer_plus:g}" if o.offer_plus else "",
            "keeps concessions out of the memory of rewards" if o.conc_exempt else "",
            f"keeps {' and '.join(o.suspension_exempt)} going under a suspension"
            if o.suspension_exempt
            else "",
        ]
        parts.append(
            f"### `{o.id}` {o.title}\n\nChanges {', '.join(o.applies_to)}: {'; '.join(filter(None, changes))}.\n\n"
            f"{_sentences(o.argument)}\n\nSources: {', '.join(map(_source, o.sources))}."
        )
    return "\n\n".join(parts)


def ledger(case: Case) -> str:
    """Benefits and risks: the claim, where it shows, and what switching it off means."""
    parts = []
    for p in case.propositions:
        off = ", ".join(_change(case, o) for o in p.off)
        off += ". " if off else ""
        parts.append(
            f"### {p.id} {p.claim}\n\n{_sentences(p.argument)}\n\n"
            f"- Mechanism: {_line(p.mechanism)}\n"
            f"- Seen in: {', '.join(f'`{m}`' for m in p.metrics) or 'no metric'}\n"
            f"- Evidence for its size: {_line(p.size_evidence)}\n"
            f"- Switched off: {off}{_line(p.switch_note)}\n"
            f"- Sources: {', '.join(map(_source, p.sources)) or 'none'}"
        )
    return "\n\n".join(parts)


def _natural(key: str) -> tuple[str, int]:
    """S2 before S10."""
    digits = re.search(r"\d+$", key)
    return (key[: digits.start()], int(digits[0])) if digits else (key, 0)


def sources(case: Case) -> str:
    """The bibliography, and how far each work was read."""
    parts = []
    for key in sorted(case.sources, key=_natural):
        s = case.sources[key]
        who = ", ".join(filter(None, (s.author, s.year)))
        told = "\n".join(
            filter(
                None,
                (
                    f"{who}. {s.title}." if who else f"{s.title}.",
                    f"{s.publisher}." if s.publisher else "",
                    f"Read: {s.read}." if s.read else "",
                    s.note and _sentences(s.note),
                    f"<{s.url}>" if s.url else "",
                ),
            )
        )
        parts.append(f'<a id="{key}"></a>\n### {key}\n\n{told}')
    return "\n\n".join(parts)


def _definitions() -> dict[str, str]:
    lines = (DOCS / "metric-definitions.txt").read_text("utf-8").splitlines()
    words = dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    strays = {m.id for m in METRICS + EXTRAS} ^ set(words)
    if strays:
        raise SystemExit(
            f"docs/metric-definitions.txt: no pair of metric and sentence: {sorted(strays)}"
        )
    return words


def _metric_table(chosen: Sequence[Metric]) -> str:
    definitions = _definitions()
    better = {"low": "less", "high": "more", "none": ""}
    rows = (
        (
            f"`{m.id}`",
            m.title,
            definitions[m.id],
            m.unit,
            better[m.better],
            "" if m.is_plain else "ratio of sums",
            m.science,
        )
        for m in chosen
    )
    return _table(("id", "name", "definition", "unit", "better", "kind", "spec."), rows)


def metrics(_case: Case) -> str:
    """The metrics of the run's contract."""
    return _metric_table(METRICS)


def further_metrics(_case: Case) -> str:
    """The further metrics in the same files."""
    return _metric_table(EXTRAS)


def verdict_rule(_case: Case) -> str:
    """The rule as every summary prints it."""
    return "> " + _sentences(VERDICT_RULE).replace("\n", "\n> ")


def commands(_case: Case) -> str:
    """Every command with its arguments and options, as the program itself tells them."""
    import typer

    from openchannel.cli.app import app

    return "\n\n".join(_commands(typer.main.get_command(app), "openchannel"))


def _commands(group: Any, name: str) -> Iterable[str]:
    for key, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{name} {key}")
        else:
            yield _command(command, f"{name} {key}")


def _command(command: Any, name: str) -> str:
    given = [p for p in command.params if p.param_type_name == "argument"]
    words = " ".join(
        p.metavar or p.name.upper() if p.required else f"[{p.name.upper()}]" for p in given
    )
    rows = [(f"`{p.metavar or p.name.upper()}`", getattr(p, "help", "") or "", "") for p in given]
    rows += [_option(p) for p in command.params if p.param_type_name == "option" and not p.hidden]
    told = _sentences(command.help.replace("\n\n", " "))
    return f"## {name}\n\n```\n{name} {words}\n```\n\n{told}\n\n{_table(('argument or option', 'meaning', 'default'), rows)}"


def _option(option: Any) -> tuple[str, str, str]:
    names = ", ".join(f"`{o}`" for o in option.opts)
    metavar = f" {option.metavar}" if option.metavar else ""
    shown = option.show_default if isinstance(option.show_default, str) else option.default
    usual = "" if shown in (None, False, "", ()) else str(getattr(shown, "value", shown))
    return f"{names}{metavar}", option.help or "", usual


def import_formats(_case: Case) -> str:
    """Each format that can be imported: its layouts, and which column becomes which of ours."""
    from openchannel.evidence.imports.fieldmap import builtin_maps

    parts = []
    for field_map in builtin_maps().values():
        notes = "\n".join(f"- {_line(note)}" for note in field_map.notes)
        settings = [f"- `--option {k}=...`: {_line(v)}" for k, v in field_map.options.items()]
        blank = ", ".join(f"`{b}`" for b in sorted(field_map.blank) if b)
        intro = [
            f"### {field_map.format}",
            f"{field_map.title}.\nBasis: {field_map.basis}.",
            notes,
            "\n".join(settings),
            f"Cells that count as empty: {blank}." if blank else "",
        ]
        layouts, shown = [], {}
        for layout in field_map.layouts:
            table = _fields_table(layout)
            same = shown.setdefault(table, layout.name)
            told = table if same == layout.name else f"Columns as in *{same}*."
            layouts.append(f"{_layout(field_map, layout)}\n\n{told}")
        parts.append("\n\n".join(filter(None, [*intro, *layouts])))
    return "\n\n".join(parts)


def _layout(field_map: Any, layout: Any) -> str:
    writing = layout.writing or field_map.writing
    written = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}[writing.separator]
    form = "plain lines" if writing.form == "lines" else "quoted rows"
    head = "with a head" if writing.has_head else f"{len(layout.columns)} columns, no head"
    key = ", ".join(f"`{k}`" for k in layout.key) or "the whole row"
    alike = "" if layout.is_unique else "; rows alike in it are told apart by their order"
    return (
        f"**{layout.name[0].upper() + layout.name[1:]}**, kept as list `{layout.source}`: {form} between {written}, {head}.\n"
        f"Key: {key}{alike}."
    )


def _fields_table(layout: Any) -> str:
    rows = (
        (f"`{name}`", _rule(rule), _rule_note(name, rule)) for name, rule in layout.fields.items()
    )
    return _table(("ours", "from", "how"), rows)


def _rule(rule: Any) -> str:
    if rule.value is not None:
        return f"always `{rule.value}`"
    return rule.join.strip().join(f" `{c}` " for c in rule.columns).strip()


def _rule_note(name: str, rule: Any) -> str:
    codes = {
        "iso3": "codes of three letters",
        "cow": "Correlates of War numbers",
        "name": "names of states, people and offices",
        "any": "codes, names or numbers",
        "inside": "names of states within the words",
    }
    words = ", ".join(f"{k} is {v}" for k, v in rule.words.items())
    return "; ".join(
        filter(
            None,
            (
                f"date as {rule.form}" if rule.form else "",
                codes.get(rule.codes, ""),
                f"table {rule.table}" if rule.table else "",
                f"patterns {rule.labels} of labels.csv" if rule.labels else "",
                "raised by deaths" if rule.floor else "",
                "each by its name" if name == "scales" else "",
                words,
                rule.note,
                "may be missing" if rule.is_optional else "",
            ),
        )
    )


def event_kinds(_case: Case) -> str:
    """Kinds of imported events, with their group."""
    from openchannel.evidence.imports.states import data_rows

    rows = ((f"`{r['kind']}`", r["group"], r["meaning"]) for r in data_rows("kinds.csv"))
    return _table(("kind", "group", "meaning"), rows)


#: What can be generated, by the name in the pages.
BLOCKS: dict[str, Callable[[Case], str]] = {
    f.__name__: f
    for f in (
        parameters,
        grades,
        channels,
        cadences,
        levers,
        policies,
        worlds,
        overlays,
        ledger,
        sources,
        metrics,
        further_metrics,
        commands,
        import_formats,
        event_kinds,
        verdict_rule,
    )
}


def fresh(text: str, case: Case) -> str:
    """A page with its generated parts made anew."""
    return _BLOCK.sub(lambda m: f"{m[1]}\n{BLOCKS[m[2]](case)}\n\n{m[3]}", text)


def main(arguments: Sequence[str]) -> int:
    """Write stale pages, or with `--check` only name them."""
    case = oc.load("korea")
    stale = 0
    for page in sorted(DOCS.rglob("*.md")):
        old = page.read_text("utf-8")
        new = fresh(old, case)
        if new != old:
            stale += 1
            print(page.relative_to(DOCS.parent))
            if "--check" not in arguments:
                page.write_text(new, encoding="utf-8", newline="\n")
    return int("--check" in arguments and stale > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
