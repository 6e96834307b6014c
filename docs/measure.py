# ruff: noqa: INP001, PLC0415, T201 (a script beside the pages)
"""Write measurements beside their targets: `python -m docs.measure [FUTURES] [NAME...]`.

Takes minutes, so it is no part of `make docs`. What stands between `<!-- measured: NAME -->` and
`<!-- end -->` in the pages is replaced, with the release and the sizes that gave it; with names, in
those places only. Pages are written once all is measured, so a stop leaves them as they were.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openchannel as oc
from openchannel.ensemble.store import write_atomic

ROOT = Path(__file__).resolve().parent.parent
PAGES = tuple(
    ROOT / "docs" / "explanation" / name
    for name in ("measured-against-the-targets.md", "what-history-says.md")
)
_BLOCK = re.compile(r"(<!-- measured: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)


def _number(x: float | None) -> str:
    return "" if x is None else f"{x:.3g}"


def _fell(within: bool | None) -> str:
    return {True: "in", False: "**out**", None: ""}[within]


def _band(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    if low is None:
        return f"at most {high:g}"
    return f"{low:g} or more" if high is None else f"{low:g} to {high:g}"


def moments(_futures: int) -> str:
    """E1: target, record and simulated status quo."""
    from openchannel.usecases.calibrate import moments as table

    found = table("korea")
    lines = [
        f"`openchannel calibrate korea`, release {oc.__version__}, {found.futures} futures.",
        "",
        "| id | moment | target | band | record | | simulated | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {m.id} | {m.label} | {m.target} | {_band(m.low, m.high)} | {_number(m.recorded)} "
        f"| {_fell(m.recorded_in_band)} | {_number(m.simulated)} | {_fell(m.simulated_in_band)} |"
        for m in found.rows
        if not m.variant
    ]
    return "\n".join(lines)


def reference(futures: int) -> str:
    """E4 and E5: the reference run and `korea`, at central beliefs."""
    sys.path.insert(0, str(ROOT / "benches"))
    import reference_tables

    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        reference_tables.main(futures)
    command = f"`python benches/reference_tables.py {futures}`, release {oc.__version__}."
    return f"{command}\n\n{told.getvalue().strip()}".replace("\n## ", "\n### ")


def history(_futures: int) -> str:
    """What history says: every table of the page, charts as the tables of their numbers."""
    from openchannel.report.model import Bullets, Figure, Paragraph, Table

    found = oc.history("korea", as_of="2025-06-30")
    lines = [f"`openchannel calibrate korea --history`, release {oc.__version__}."]
    for section in found.page().sections:
        lines += ["", f"### {section.title}"]
        for block in section.blocks:
            if isinstance(block, Figure):
                lines += _markdown_table(block.numbers, block.caption)
            elif isinstance(block, Table):
                lines += _markdown_table(block, block.caption)
            elif isinstance(block, Paragraph):
                lines += ["", _told(block.text).replace(". ", ".\n")]
            elif isinstance(block, Bullets):
                lines += ["", *(f"- {_told(item)}" for item in block.items)]
    return "\n".join(lines)


def _markdown_table(table: Any, caption: str) -> list[str]:
    rows = [[_told(c) for c in row.cells] for row in table.rows]
    head = [_told(c.title) for c in table.columns]
    body = ["| " + " | ".join(r) + " |" for r in (head, ["---"] * len(head), *rows)]
    note = ["", _told(table.note)] if table.note else []
    return ["", f"**{caption}**", "", *body, *note]


def _told(text: Any) -> str:
    return "".join(span.text for span in text)


BLOCKS: dict[str, Callable[[int], str]] = {
    "history": history,
    "moments": moments,
    "reference": reference,
}


def main(arguments: Sequence[str]) -> None:
    """Measure and write."""
    sizes = [int(a) for a in arguments if a.isdigit()]
    futures = sizes[0] if sizes else 12_000
    wanted = {a for a in arguments if not a.isdigit()} or set(BLOCKS)
    texts = {page: page.read_text("utf-8") for page in PAGES}
    places = {m[2] for text in texts.values() for m in _BLOCK.finditer(text)}
    if unknown := wanted - (places & set(BLOCKS)):
        sys.exit(f"no place or no measurement by the name {', '.join(sorted(unknown))}")
    measured = {name: BLOCKS[name](futures) for name in sorted(wanted)}

    def put(found: re.Match[str]) -> str:
        name = found[2]
        return f"{found[1]}\n{measured[name]}\n\n{found[3]}" if name in measured else found[0]

    for page, text in texts.items():
        if (new := _BLOCK.sub(put, text)) != text:
            write_atomic(page, lambda path, new=new: path.write_text(new, "utf-8", newline="\n"))
            print(page.relative_to(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
