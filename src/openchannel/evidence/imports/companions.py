"""Files that lie beside a list and complete its rows: participants of disputes, names of numbers.

Correlates of War names the states of a dispute in another file than the dispute, ICB those of a
crisis, and knowledge-graph files number their actors. These companions are small and are read whole
before the list.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openchannel.errors import Problem, UserError
from openchannel.evidence.imports.fieldmap import Layout
from openchannel.evidence.imports.rows import Writing

__all__ = ["ADDED", "NUMBERED", "Beside", "beside"]

NUMBERED = "entities"
"""Companion of lists whose actors and events are numbers."""

ADDED: dict[str, tuple[str, ...]] = {
    "midip": ("other side",),
    "midb": ("other side",),
    "midi": ("side a", "side b"),
    "mida": ("side a", "side b"),
    "icb": ("side a", "side b"),
    NUMBERED: (),
}
"""Columns that each kind of companion adds to the rows of a list."""

_MOST_BYTES = 200 << 20

Cells = Sequence[str]
Sides = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Beside:
    """Completes a row: `names` are the columns it adds at the end."""

    names: tuple[str, ...]
    complete: Callable[[Cells], Cells]

    @property
    def n_columns(self) -> int:
        """How many columns it adds."""
        return len(self.names)


def beside(layout: Layout, path: Path, columns: Sequence[str], writing: Writing) -> Beside | None:
    """What completes the rows of a layout, or nothing where they are complete.

    Raises
    ------
    UserError
        If the file that should lie beside the list is not there or has other columns.
    """
    kind = layout.companion
    if not kind:
        return None
    if kind == NUMBERED:
        return _numbers(path, columns)
    own = writing.form != "json"
    if kind == "midip":
        sides = _sides(path, "incidnum", ("ccode",), "insidea") if own else {}
        return _other_side(sides, columns, "incidnum", "insidea")
    if kind == "midb":
        sides = _sides(path, "dispnum", ("ccode",), "sidea") if own else {}
        return _other_side(sides, columns, "dispnum", "sidea")
    if kind == "icb":
        table = _neighbour(path, r"icb2.*\.csv\Z", "the table of crisis actors (icb2v14.csv)")
        return _both_sides(_crisis_sides(table), columns, "crisno")
    key, mark, name = ("incidnum", "insidea", "MIDIP") if kind == "midi" else (
        "dispnum", "sidea", "MIDB")  # fmt: skip
    table = _neighbour(path, rf"{name}\b.*\.csv\Z", f"the table of participants ({name})")
    return _both_sides(_sides(table, key, ("ccode",), mark), columns, key)


# --- sides of a dispute or crisis --------------------------------------------------------------


def _sides(path: Path, key: str, states: Sequence[str], mark: str) -> Sides:
    """States of each side by dispute or incident; `mark` says which side a row is on."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in _rows(path, (key, mark, *states)):
        members = found.setdefault(row[key], {}).setdefault(row[mark], [])
        members.extend(row[s] for s in states if row[s])
    return found


def _crisis_sides(path: Path) -> Sides:
    found: dict[str, dict[str, list[str]]] = {}
    for row in _rows(path, ("crisno", "cracid", "trigent")):
        sides = found.setdefault(row["crisno"], {"1": [], "0": []})
        sides["1"].append(row["trigent"])
        sides["0"].append(row["cracid"])
    return found


def _other_side(sides: Sides, columns: Sequence[str], key: str, mark: str) -> Beside:
    at_key, at_mark = columns.index(key), columns.index(mark)

    def complete(cells: Cells) -> Cells:
        here = sides.get(cells[at_key].strip(), {})
        others = (s for m, states in here.items() if m != cells[at_mark].strip() for s in states)
        return [*cells, _joined(others)]

    return Beside(("other side",), complete)


def _both_sides(sides: Sides, columns: Sequence[str], key: str) -> Beside:
    at_key = columns.index(key)

    def complete(cells: Cells) -> Cells:
        here = sides.get(cells[at_key].strip(), {})
        rest = (s for m, states in here.items() if m != "1" for s in states)
        return [*cells, _joined(here.get("1", ())), _joined(rest)]

    return Beside(("side a", "side b"), complete)


def _joined(states: Iterable[str]) -> str:
    return ";".join(dict.fromkeys(states))


# --- names of numbers --------------------------------------------------------------------------


def _numbers(path: Path, columns: Sequence[str]) -> Beside:
    folder = path.parent
    entities = _numbered(folder / "entity2id.txt")
    relations = _numbered(folder / "relation2id.txt")
    decode = {"source": entities, "target": entities, "event": relations}
    tables = [decode.get(name) for name in columns]

    def complete(cells: Cells) -> Cells:
        return [
            cell if table is None else table.get(cell.strip(), f"number {cell.strip()}")
            for cell, table in zip(cells, tables, strict=True)
        ]

    return Beside((), complete)


def _numbered(path: Path) -> dict[str, str]:
    """Names by number from lines `name TAB number`; a line without a tab (a count) is passed."""
    found: dict[str, str] = {}
    for line in _text(path, f"{path.name}, which names the numbers").splitlines():
        name, tab, number = line.rpartition("\t")
        if tab:
            found[number.strip()] = name.partition("\t")[0].strip()
    return found


# --- files -------------------------------------------------------------------------------------


def _neighbour(path: Path, pattern: str, what: str) -> Path:
    for found in sorted(path.parent.iterdir()):
        if re.search(pattern, found.name, re.IGNORECASE) and found.is_file():
            return found
    raise UserError(_absent(path, what))


def _rows(path: Path, needed: Sequence[str]) -> list[dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO(_text(path, path.name), newline="")))
    missing = [n for n in needed if not rows or n not in rows[0]]
    if missing:
        raise UserError(_absent(path, f"a table with the columns {', '.join(needed)}"))
    return [{n: (row[n] or "").strip() for n in needed} for row in rows]


def _text(path: Path, what: str) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UserError(_absent(path, f"{what}, of at most {_MOST_BYTES >> 20} MiB"))
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(_absent(path, what)) from error


def _absent(path: Path, what: str) -> Problem:
    return Problem(
        str(path),
        "companion",
        f"{what} is not beside it, or cannot be read",
        "the files of the list as they are handed out, in one folder",
        "put the file beside the list under its own name",
    )
