"""A coverage-guided fuzzer over the importers; needs `pip install atheris`, which no test needs.

    python -m benches.fuzz_imports [-max_total_time=600] [CORPUS_FOLDER]

It begins from one readable file of each layout, and keeps what it finds in a folder that is named.
The first byte of an input chooses format and layout, the rest is the file. It fails on anything but
counts that add up or problems in words. The property tests ask the same of chosen inputs; this
looks for inputs by which lines of the importers they reach. Rows are counted and not stored, which
makes it twenty times faster.
"""

from __future__ import annotations

import csv
import io
import shutil
import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

with atheris.instrument_imports(include=["openchannel.evidence.imports"]):
    from openchannel.evidence.imports import importing
    from openchannel.evidence.imports.coding import builtin_coding
    from openchannel.evidence.imports.meaning import Choice

from openchannel.errors import UserError
from openchannel.evidence.keeping.imported import Merged
from property.test_imports import MAPS, good_row, head_of, layouts

FORMATS = layouts()
CHOICE = Choice(("USA", "PRK"), options={"day-zero": "2018-01-01"})
FOLDER = Path(tempfile.mkdtemp())


class Counted:
    """Stands in for the store: counts the rows that arrive."""

    def __init__(self, _database: object) -> None:
        self.n = 0

    def add(self, events: list[object]) -> None:
        self.n += len(events)

    def merge(self, _about: object) -> Merged:
        return Merged(1, self.n, 0, 0)


def corpus(folder: Path) -> None:
    """One small readable file of each layout, to begin from."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, n_layout) in enumerate(FORMATS):
        layout = MAPS[name].layouts[n_layout]
        writing = layout.writing or MAPS[name].writing
        columns = head_of(layout)
        rows = [columns, good_row(layout, columns)]
        stream = io.StringIO()
        if writing.form == "lines":
            stream.writelines(writing.separator.join(r) + "\n" for r in rows)
        else:
            csv.writer(stream, delimiter=writing.separator).writerows(rows)
        (folder / f"{name}-{n_layout}").write_bytes(bytes([number]) + stream.getvalue().encode())


def one_input(data: bytes) -> None:
    """Import one input; raises where a row is lost or something unforeseen happens."""
    if len(data) < 2:
        return
    path = FOLDER / "list"
    path.write_bytes(data[1:])
    field_map = MAPS[FORMATS[data[0] % len(FORMATS)][0]]
    try:
        found = importing.import_file(
            path, field_map, builtin_coding(), CHOICE, None, FOLDER / "rejects"
        )
    except UserError as error:
        assert error.problems
        return
    assert found.is_balanced, found


def main() -> None:
    """Run until the time given is over."""
    given = sys.argv[1:]
    if all(a.startswith("-") for a in given):
        given.append(str(FOLDER / "corpus"))
    for folder in (a for a in given if not a.startswith("-")):
        corpus(Path(folder))
    for name in ("entity2id.txt", "relation2id.txt"):
        (FOLDER / name).write_text("North Korea\t1\nThreaten\t2\n")
    table = "dispnum,incidnum,ccode,sidea,insidea\n1,1,731,1,1\n1,1,2,0,0\n"
    for name in ("MIDB 5.0.csv", "MIDIP 5.0.csv"):
        (FOLDER / name).write_text(table)
    (FOLDER / "icb2v14.csv").write_text("crisno,cracid,trigent\n1,2,731\n")
    importing.Arrivals = Counted
    atheris.Setup([sys.argv[0], *given], one_input)
    try:
        atheris.Fuzz()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    main()
