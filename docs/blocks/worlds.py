"""What may be believed: schools of thought, and the ledger of benefits and risks."""

from __future__ import annotations

from docs.blocks.markdown import line, sentences, source_link

from openchannel.domain import Case, Override

__all__ = ["ledger", "worlds"]


def worlds(case: Case) -> str:
    """Each school of thought: weight, what it holds, and its argument."""
    parts = []
    for w in case.worlds:
        held = ", ".join(_change(case, o) for o in w.overrides)
        if w.null_tie_effects:
            held = "every effect of ties at its null" + (", " + held if held else "")
        parts.append(
            f"### {w.id} {w.title}\n\nWeight in pooled results: {w.weight:g}.\n"
            f"Holds: {held or 'no number other than the defaults'}.\n\n{sentences(w.argument)}\n\n"
            f"Sources: {', '.join(map(source_link, w.sources))}."
        )
    return "\n\n".join(parts)


def ledger(case: Case) -> str:
    """Benefits and risks: the claim, where it shows, and what switching it off means."""
    parts = []
    for p in case.propositions:
        off = ", ".join(_change(case, o) for o in p.off)
        off += ". " if off else ""
        parts.append(
            f"### {p.id} {p.claim}\n\n{sentences(p.argument)}\n\n"
            f"- Mechanism: {line(p.mechanism)}\n"
            f"- Seen in: {', '.join(f'`{m}`' for m in p.metrics) or 'no metric'}\n"
            f"- Evidence for its size: {line(p.size_evidence)}\n"
            f"- Switched off: {off}{line(p.switch_note)}\n"
            f"- Sources: {', '.join(map(source_link, p.sources)) or 'none'}"
        )
    return "\n\n".join(parts)


def _change(case: Case, change: Override) -> str:
    where = "" if not change.elements else " at " + ", ".join(change.elements)
    how = "×" if change.how == "times" else "="
    link = f"[`{change.parameter}`](parameters.md#{change.parameter})"
    return f"{link}{where} {how} {change.value:g}" if change.parameter in case.parameters else ""
