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
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openchannel as oc
from openchannel.ensemble.store import write_atomic

ROOT = Path(__file__).resolve().parent.parent
PAGES = tuple(
    ROOT / "docs" / "explanation" / name
    for name in (
        "forecasts-and-their-scores.md",
        "measured-against-the-targets.md",
        "what-history-says.md",
        "what-signs-can-say.md",
    )
)
_NOWHERE = ROOT / "docs" / "no-store"
"""Lists, forecasts and contacts of one's own are no part of the pages."""
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
    from openchannel.usecases.history.calibrate import moments as table

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
    found = oc.history("korea", as_of="2025-06-30", store=_NOWHERE)
    told = [f"`openchannel calibrate korea --history`, release {oc.__version__}."]
    return "\n".join([*told, *_sections(found.page().sections)])


def forecast(_futures: int) -> str:
    """How forecasts fared with fresh evidence, and in short with evidence a year and a half old."""
    lines = []
    for gap in (0, 73):
        found = oc.forecast_score("korea", gap=gap, store=_NOWHERE)
        command = "openchannel forecast score korea" + (f" --gap {gap}" if gap else "")
        lines += ["", f"`{command}`, release {oc.__version__}, record to {found.evidence_end}."]
        page = found.page(is_short=bool(gap))
        shown = [s for s in page.sections if s.anchor != "section-log"]
        lines += _sections(shown, leave_out="figure-skill")  # the table after it says more
    return "\n".join(lines[1:])


_COUNTED = ("provocations", "lethal_incidents", "crises", "wars", "contacts")
_YEARS = 8_192


def signs(_futures: int) -> str:
    """What signs rest on: laws of counts, how counts go together, a look back, what would tell."""
    release = f"release {oc.__version__}"
    lines = [
        f"Counts of {_YEARS:,} first years under the status quo at central beliefs, {release}.",
        *_laws_of_counts(),
    ]
    with tempfile.TemporaryDirectory() as folder:
        run = oc.assess("korea", policies=["P7"], folder=folder)
        ends = run.manifest["record"]["end"]
        began = time.process_time()
        found = oc.watch("korea", run, since="2022-01-01", as_of=ends, store=_NOWHERE)
        seconds = time.process_time() - began
    command = f"`openchannel watch korea RUN --since 2022-01-01 --as-of {ends}`, {release}"
    size = f"a run of P7 with {run.summary['n_draws']:,} draws"
    lines += ["", f"{command}, {size}; {seconds:.0f} seconds of processor time."]
    blocks = {b.id: b for s in found.page().sections for b in s.blocks if hasattr(b, "id")}
    table, ahead = blocks["table-signs"], blocks["figure-ahead"]
    lines += _markdown_table(table, table.caption)
    lines += _markdown_table(ahead.numbers, "Expected move of the gain, of those that are told")
    silent = [f["id"] for f in found.data["foreseen"] if f["in_record"] and not f["told"]]
    lines += ["", f"Signs of the record that are not told: {', '.join(silent) or 'none'}."]
    return "\n".join(lines)


def _laws_of_counts() -> list[str]:
    """How far the law that signs use lies from counted years, and which counts go together."""
    import numpy as np

    from openchannel.analysis.outlook import COUNTS, window_of
    from openchannel.analysis.signs import log_count
    from openchannel.model import Beliefs, central_beliefs, pack_design, simulate_replicates

    case = oc.load("korea")
    year = replace(case, calendar=window_of(case.calendar, case.calendar.start, 52))
    central = central_beliefs(case)
    beliefs = Beliefs(central.par[None], central.ch[None])
    out = simulate_replicates(pack_design(year, (case.status_quo,)), beliefs, 1, 0, _YEARS)[:, 0, 0]
    counts = np.stack([out[:, list(COUNTS[what])].sum(axis=1) for what in _COUNTED])
    together = np.corrcoef(counts)
    names = [what.replace("_", " ") for what in _COUNTED]
    lines = ["", f"| count | mean | variance over mean | distance | {' | '.join(names)} |"]
    lines.append("|" + "---|" * (4 + len(names)))
    for name, seen, row in zip(names, counts, together, strict=True):
        n, mean, variance = np.arange(seen.max() + 1.0), seen.mean(), seen.var(ddof=1)
        law = np.cumsum([np.exp(log_count(int(k), mean, variance)) for k in n])
        share = np.cumsum(np.bincount(seen.astype(int))) / _YEARS
        shown = [f"{mean:.3g}", f"{variance / mean:.2f}", f"{np.abs(law - share).max():.3f}"]
        lines.append(f"| {name} | {' | '.join([*shown, *(f'{r:.2f}' for r in row)])} |")
    error = 1.0 / np.sqrt(_YEARS)
    lines += ["", "Distance: the largest between the law's and the counted distribution function."]
    return [*lines, f"Last columns: correlations, with an error of {error:.2f}."]


def _sections(sections: Iterable[Any], leave_out: str = "") -> list[str]:
    """Parts of a page as Markdown, charts as the tables of their numbers."""
    from openchannel.report.model import Bullets, Figure, Paragraph, Table

    lines = []
    for section in sections:
        lines += ["", f"### {section.title}"]
        for block in section.blocks:
            if isinstance(block, Figure) and block.id != leave_out:
                lines += _markdown_table(block.numbers, block.caption)
            elif isinstance(block, Table):
                lines += _markdown_table(block, block.caption)
            elif isinstance(block, Paragraph):
                lines += ["", _told(block.text).replace(". ", ".\n")]
            elif isinstance(block, Bullets):
                lines += ["", *(f"- {_told(item)}" for item in block.items)]
    return lines


def _markdown_table(table: Any, caption: str) -> list[str]:
    rows = [[_told(c) for c in row.cells] for row in table.rows]
    head = [_told(c.title) for c in table.columns]
    body = ["| " + " | ".join(r) + " |" for r in (head, ["---"] * len(head), *rows)]
    note = ["", _told(table.note)] if table.note else []
    return ["", f"**{caption}**", "", *body, *note]


def _told(text: Any) -> str:
    return "".join(f"**{span.text}**" if span.strong else span.text for span in text)


BLOCKS: dict[str, Callable[[int], str]] = {
    "forecast": forecast,
    "history": history,
    "moments": moments,
    "reference": reference,
    "signs": signs,
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
