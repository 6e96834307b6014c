"""Whatever a file holds, every row of it ends in one place, and nothing crashes.

Files are arbitrary bytes, and real rows with arbitrary damage. The fast readers are held against
plain ones that read a line at a time.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from openchannel.errors import UserError
from openchannel.evidence.imports.coding import builtin_coding
from openchannel.evidence.imports.fieldmap import FieldMap, Layout, builtin_maps
from openchannel.evidence.imports.importing import Imported, import_file
from openchannel.evidence.imports.lines import read_lines
from openchannel.evidence.imports.meaning import Choice
from openchannel.evidence.imports.objects import read_objects
from openchannel.evidence.imports.quoted import read_quoted
from openchannel.evidence.keeping.database import Database

MAPS = builtin_maps()
DYAD = Choice(("USA", "PRK"), options={"day-zero": "2018-01-01"})
EVERY = Choice((), options={"day-zero": "2018-01-01"})
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
MANY = settings(max_examples=200, deadline=None)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
cells = st.one_of(
    texts,
    st.sampled_from(["USA", "PRK", "North Korea", "731", "2", "-9", "", "1", "20180612", "036",
                     "2018-06-12", "2018-13", "12-Jun-18", "Jun", "2018", "Threaten", "contact",
                     "North Korea;United States", "9" * 30, "1e999", "nan", "-0.0", '"', '""']),
    st.integers(-10, 10**10).map(str),
)  # fmt: skip
blocks_of = st.integers(1, 40)


def in_blocks(content: bytes, size: int) -> Iterator[bytes]:
    """The bytes of a file, so many at a time."""
    return (content[i : i + size] for i in range(0, len(content), size))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One store for all examples; what is in it already does not matter."""
    with Database(tmp_path_factory.mktemp("store") / "evidence.duckdb", writing=True) as opened:
        yield opened


def bring(
    content: bytes, field_map: FieldMap, choice: Choice, database: Database
) -> Imported | None:
    """Import a file of this content; nothing where it was refused in words."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        path.write_bytes(content)
        for name in ("entity2id.txt", "relation2id.txt"):
            (path.parent / name).write_text("North Korea\t731\nThreaten\t1\n")
        for name in ("MIDB 5.0.csv", "MIDIP 5.0.csv"):
            (path.parent / name).write_text(
                "dispnum,incidnum,ccode,sidea,insidea\n1,1,731,1,1\n1,1,2,0,0\n"
            )
        (path.parent / "icb2v14.csv").write_text("crisno,cracid,trigent\n1,2,731\n")
        try:
            found = import_file(
                path, field_map, builtin_coding(), choice, database, path.with_name("r.csv")
            )
        except UserError as error:
            assert error.problems
            return None
        if found.rejected:
            with Path(found.rejects_file).open(encoding="utf-8", newline="") as stream:
                kept = list(csv.reader(stream))
            assert found.rejected == len(kept) - 1
            assert all(len(row) == 3 and row[0].isdigit() and row[1] for row in kept[1:])
        else:
            assert found.rejects_file == ""
        assert found.rejected == sum(n for _, n in found.reasons)
        return found


@FEW
@given(content=st.binary(max_size=300), name=st.sampled_from(sorted(MAPS)))
@example(content=b"[{}", name="csis-provocations")
@example(content=b'{"a": [1, {"b": 2}]}', name="csis-provocations")
def test_any_bytes_are_read_or_refused_in_words(
    content: bytes, name: str, database: Database
) -> None:
    """Arbitrary bytes as a file of any format: balanced counts, or problems that say what is wrong."""
    found = bring(content, MAPS[name], DYAD, database)
    assert found is None or found.is_balanced


def test_a_reject_with_a_lone_carriage_return_is_one_row(database: Database) -> None:
    """What was refused is found again as one row of the file of rejects."""
    layout = MAPS["gdelt-1"].layouts[0]
    row = "\t".join({"SQLDATE": "not\ra day"}.get(c, "") for c in layout.columns)
    found = bring(row.encode() + b"\n", MAPS["gdelt-1"], EVERY, database)
    assert found is not None
    assert 1 == found.rejected


def layouts() -> list[tuple[str, int]]:
    return [(name, i) for name, m in MAPS.items() for i in range(len(m.layouts))]


def head_of(layout: Layout) -> list[str]:
    added = {"other side", "side a", "side b"}
    return list(layout.columns) or [c for c in layout.needed if c not in added]


DATES = {"iso": "2018-06-12", "yyyymmdd": "20180612", "d-mon-yy": "12-Jun-18", "steps": "162",
         "month-year": "Jun 2018", "y-m-d": "2018 6 12"}  # fmt: skip
ACTORS = {"iso3": "USA PRK", "cow": "2 731", "any": "USA PRK", "inside": "USA PRK"}


def good_row(layout: Layout, columns: list[str]) -> list[str]:
    """A row that the layout can read, as far as its columns are its own."""
    cells = dict.fromkeys(columns, "1")
    for name, rule in layout.fields.items():
        values = {"date": DATES, "last": DATES}.get(name, {}).get(rule.form, "").split()
        if name in ("actor1", "actor2"):
            values = [ACTORS.get(rule.codes, "USA PRK").split()[int(name[-1]) - 1]]
        if name == "kind" and not rule.labels:
            values = ["Threaten"] if rule.table == "cameo-names" else ["SANCTION", "convict"]
            values = ["036"] if rule.table == "cameo" else values
        cells |= dict(zip(rule.columns, values, strict=False))
    return [cells[c] for c in columns]


@settings(FEW, max_examples=120)
@given(
    which=st.sampled_from(layouts()),
    table=st.lists(st.lists(st.tuples(st.integers(0, 63), cells), max_size=3), max_size=5),
    damage=st.binary(max_size=30),
    where=st.floats(0, 1),
    choice=st.sampled_from([DYAD, EVERY]),
)
def test_rows_with_any_cells_and_any_damage_are_accounted_for(
    which: tuple[str, int], table: list[list[tuple[int, str]]], damage: bytes, where: float, choice: Choice,
    database: Database,
) -> None:  # fmt: skip
    """Rows of the right width with cells of any kind, some bytes put in anywhere; twice is once."""
    field_map = MAPS[which[0]]
    layout = field_map.layouts[which[1]]
    writing = layout.writing or field_map.writing
    columns = head_of(layout)
    rows = []
    for changes in table:
        row = good_row(layout, columns)
        for place, cell in changes:
            row[place % len(row)] = cell
        rows.append(row)
    stream = io.StringIO()
    if writing.form == "lines":
        for row in [columns, *rows]:
            stream.write(writing.separator.join("".join(c.split()) for c in row) + "\n")
    else:
        csv.writer(stream, delimiter=writing.separator, lineterminator="\n").writerows(
            [columns, *rows]
        )
    content = stream.getvalue().encode("utf-8")
    start = len(content) - content.find(b"\n") - 1
    at = len(content) - round(where * start)
    content = content[:at] + damage + content[at:]
    first = bring(content, field_map, choice, database)
    assert first is None or first.is_balanced
    if first is not None:
        second = bring(content, field_map, choice, database)
        assert second is not None
        assert (0, 0) == (second.added, second.changed)
        assert (first.read, first.rejected, first.outside) == (
            second.read,
            second.rejected,
            second.outside,
        )


@MANY
@given(
    content=st.text("\t\nab\r\0 UP", max_size=60).map(str.encode),
    size=blocks_of,
    width=st.integers(1, 4),
)
def test_lines_are_those_of_a_plain_reader(content: bytes, size: int, width: int) -> None:
    """Cells, line numbers and refusals, however the file falls into blocks."""
    found = list(read_lines(in_blocks(content, size), "\t", "utf-8", width, 1))
    expected, refused, n_blank = [], [], 0
    lines = content.decode().split("\n")
    for number, line in enumerate(lines[:-1] if lines[-1] == "" else lines, start=1):
        split = line.split("\t")
        if len(split) != width and not line.strip():
            n_blank += 1
        elif len(split) != width or "\0" in line:
            refused.append(number)
        else:
            expected.append((number, [*split[:-1], split[-1].removesuffix("\r")]))
    assert expected == [(p.line, list(p.cells)) for b in found for p in b.pieces]
    assert refused == sorted(r.line for b in found for r in b.refused)
    assert n_blank == sum(b.n_blank for b in found)


@MANY
@given(
    rows=st.lists(
        st.lists(st.sampled_from(["USA", "PRK", "KOR", "USAGOV", "x", ""]), min_size=3, max_size=3)
    ),
    size=blocks_of,
    actors=st.sampled_from([("USA", "PRK"), ("USA", "PRK", "KOR")]),
)
def test_sifting_leaves_out_only_lines_without_two_actors(
    rows: list[list[str]], size: int, actors: tuple[str, ...]
) -> None:
    """A line that names two wanted actors is never sifted out, and none is counted twice."""
    content = "".join("\t".join(row) + "\n" for row in rows).encode()
    needles = [[a.encode()] for a in actors]
    found = list(read_lines(in_blocks(content, size), "\t", "utf-8", 3, 1, needles))
    passed = {p.line for b in found for p in b.pieces}
    wanted = {i for i, row in enumerate(rows, 1) if sum(a in "\t".join(row) for a in actors) > 1}
    assert wanted == passed
    assert len(rows) == sum(b.n_rows for b in found)


@MANY
@given(
    table=st.lists(st.lists(st.text('ab",\n\r x', max_size=6), min_size=2, max_size=2), max_size=6),
    size=blocks_of,
)
def test_quoted_rows_come_back_as_written(table: list[list[str]], size: int) -> None:
    """What the standard library writes is read again, quotes, commas, line breaks and all."""
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(table)
    found = list(read_quoted(in_blocks(stream.getvalue().encode(), size), ",", "utf-8", 2, 1))
    assert [] == [r for b in found for r in b.refused]
    assert table == [list(p.cells) for b in found for p in b.pieces]


@MANY
@given(
    content=st.text('ab",\n', max_size=60).map(str.encode), size=blocks_of, width=st.integers(0, 3)
)
def test_no_line_of_a_damaged_table_is_lost(content: bytes, size: int, width: int) -> None:
    """Pieces, refusals and blank lines together are the lines of the file, whatever the quotes."""
    found = list(read_quoted(in_blocks(content, size), ",", "utf-8", width, 1))
    lines = content.count(b"\n") + (not content.endswith(b"\n") and content != b"")
    assert lines == sum(b.n_lines for b in found)


@settings(MANY, max_examples=60)
@given(
    rows=st.lists(
        st.dictionaries(
            texts, st.one_of(texts, st.integers(), st.none(), st.booleans()), min_size=1
        )
    ),
    size=blocks_of,
    wrap=st.sampled_from(["array", "lines", "object"]),
)
def test_objects_come_back_as_written(rows: list[dict[str, object]], size: int, wrap: str) -> None:
    """An array, one object each line, or an object that holds the array."""
    text = {
        "array": json.dumps(rows),
        "lines": "\n".join(map(json.dumps, rows)),
        "object": json.dumps({"events": rows}),
    }[wrap]
    found = list(read_objects(in_blocks(text.encode(), size)))
    as_text = [
        {k: v if isinstance(v, str) else "" if v is None else json.dumps(v) for k, v in row.items()}
        for row in rows
    ]
    if any("\0" in part for row in as_text for pair in row.items() for part in pair):
        return
    assert as_text == [row for _, part in found for _, row in part]
    assert [] == [r for batch, _ in found for r in batch.refused]


@MANY
@given(content=st.text('{}[]",:a1\n', max_size=50).map(str.encode), size=blocks_of)
def test_any_text_is_read_as_objects_or_refused(content: bytes, size: int) -> None:
    """Damaged JSON ends, and what is refused has a reason."""
    found = list(read_objects(in_blocks(content, size)))
    assert all(r.reason and r.line >= 1 for batch, _ in found for r in batch.refused)


@settings(FEW, max_examples=10)
@given(days=st.lists(st.dates(dt.date(2013, 4, 1), dt.date(2020, 12, 31)), min_size=1, max_size=30),
       cut=st.floats(0, 1))  # fmt: skip
def test_a_file_that_grew_adds_only_what_is_new(days: list[dt.date], cut: float) -> None:
    """First a part, then the whole, then the part again: each row once."""
    layout = MAPS["gdelt-1"].layouts[0]
    usual = {"Actor1CountryCode": "USA", "Actor2CountryCode": "PRK", "EventCode": "036"}
    lines = []
    for i, day in enumerate(days):
        named = usual | {"GLOBALEVENTID": str(i), "SQLDATE": f"{day:%Y%m%d}"}
        lines.append("\t".join(named.get(c, "") for c in layout.columns) + "\n")
    n = max(1, round(cut * len(lines)))
    part, whole = ("".join(x).encode() for x in (lines[:n], lines))
    with (
        TemporaryDirectory() as folder,
        Database(Path(folder) / "evidence.duckdb", writing=True) as database,
    ):
        found = [bring(c, MAPS["gdelt-1"], DYAD, database) for c in (part, whole, part)]
    counted = [(f.added, f.known) for f in found if f is not None]
    assert [(n, 0), (len(lines) - n, n), (0, n)] == counted
