# ruff: noqa: E501 (its tables are wide)
"""The formats of lists by others, as their field maps tell them, and the kinds of events."""

from __future__ import annotations

from docs.blocks.markdown import line, table

from openchannel.domain import Case
from openchannel.evidence.imports.fieldmap import FieldMap, Layout, Rule, builtin_maps
from openchannel.evidence.imports.tables import data_rows

__all__ = ["event_kinds", "import_formats"]


def import_formats(_case: Case) -> str:
    """Each format that can be imported: its layouts, and which column becomes which of ours."""
    parts = []
    for field_map in builtin_maps().values():
        notes = "\n".join(f"- {line(note)}" for note in field_map.notes)
        settings = [f"- `--option {k}=...`: {line(v)}" for k, v in field_map.options.items()]
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
            fields = _fields_table(layout)
            same = shown.setdefault(fields, layout.name)
            told = fields if same == layout.name else f"Columns as in *{same}*."
            layouts.append(f"{_layout(field_map, layout)}\n\n{told}")
        parts.append("\n\n".join(filter(None, [*intro, *layouts])))
    return "\n\n".join(parts)


def _layout(field_map: FieldMap, layout: Layout) -> str:
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


def _fields_table(layout: Layout) -> str:
    rows = (
        (f"`{name}`", _rule(rule), _rule_note(name, rule)) for name, rule in layout.fields.items()
    )
    return table(("ours", "from", "how"), rows)


def _rule(rule: Rule) -> str:
    if rule.value is not None:
        return f"always `{rule.value}`"
    return rule.join.strip().join(f" `{c}` " for c in rule.columns).strip()


def _rule_note(name: str, rule: Rule) -> str:
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
    rows = ((f"`{r['kind']}`", r["group"], r["meaning"]) for r in data_rows("kinds.csv"))
    return table(("kind", "group", "meaning"), rows)
