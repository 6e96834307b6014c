# ruff: noqa: INP001, T201 (a script beside the pages)
"""The parts of docs/ that come from the case and the code: `python -m docs.generate` writes them.

A page keeps its own words; what stands between `<!-- generated: NAME -->` and `<!-- end -->` is
replaced. `--check` writes nothing and exits with 1 where a page is stale.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from docs.blocks.commands import commands
from docs.blocks.import_formats import event_kinds, import_formats
from docs.blocks.metrics import further_metrics, metrics, verdict_rule
from docs.blocks.parameters import grades, parameters
from docs.blocks.policies import cadences, channels, levers, overlays, policies
from docs.blocks.sources import sources
from docs.blocks.worlds import ledger, worlds

import openchannel as oc
from openchannel.domain import Case

DOCS = Path(__file__).resolve().parent
_BLOCK = re.compile(r"(<!-- generated: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)

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
