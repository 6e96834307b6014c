# ruff: noqa: INP001, PLC0415, T201 (a script beside the pages)
"""Write what the program measures against its targets: `python -m docs.measure [FUTURES]`.

Takes minutes, so it is no part of `make docs`. What stands between `<!-- measured: NAME -->` and
`<!-- end -->` in the page is replaced, with the release and the sizes that gave it.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import openchannel as oc

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "measured-against-the-targets.md"
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

    sys.argv = ["reference_tables", str(futures)]
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        reference_tables.main()
    command = f"`python benches/reference_tables.py {futures}`, release {oc.__version__}."
    return f"{command}\n\n{told.getvalue().strip()}".replace("\n## ", "\n### ")


BLOCKS: dict[str, Callable[[int], str]] = {"moments": moments, "reference": reference}


def main(arguments: Sequence[str]) -> None:
    """Measure and write."""
    futures = int(arguments[0]) if arguments else 12_000
    text = PAGE.read_text("utf-8")
    text = _BLOCK.sub(lambda m: f"{m[1]}\n{BLOCKS[m[2]](futures)}\n\n{m[3]}", text)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
