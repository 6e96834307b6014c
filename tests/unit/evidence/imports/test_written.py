"""Formats of which there is no sample: files written here by the codebooks, plain and packed."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from openchannel.errors import UserError
from openchannel.evidence.imports.coding import Coded, builtin_coding, load_coding
from openchannel.evidence.imports.fieldmap import builtin_maps, read_map
from openchannel.evidence.imports.importing import import_file
from openchannel.evidence.imports.meaning import Choice
from openchannel.evidence.keeping.database import Database

from .conftest import DYAD, Bring, rows

MAPS = builtin_maps()


def gdelt(format_: str, n_layout: int = 0, **cells: str) -> str:
    """One line of a GDELT export; columns that are not named stay empty."""
    columns = MAPS[format_].layouts[n_layout].columns
    usual = {"GLOBALEVENTID": "1", "SQLDATE": "20180612", "Actor1CountryCode": "USA",
             "Actor2CountryCode": "PRK", "EventCode": "036", "NumMentions": "10",
             "NumSources": "2"}  # fmt: skip
    return "\t".join((usual | cells).get(c, "") for c in columns) + "\n"


@pytest.mark.parametrize(
    ("format_", "n_layout", "width"), [("gdelt-1", 0, 58), ("gdelt-1", 1, 57), ("gdelt-2", 0, 61)]
)
@pytest.mark.parametrize("packing", ["plain", "gz", "zip"])
def test_gdelt(
    bring: Bring, database: Database, tmp_path: Path,
    format_: str, n_layout: int, width: int, packing: str,
) -> None:  # fmt: skip
    """Events of the dyad are kept, the rest counted, short lines rejected; packed or not."""
    text = (
        "4\t20180612\tUSA\tPRK\n"
        + gdelt(format_, n_layout)
        + gdelt(format_, n_layout, GLOBALEVENTID="2", Actor2CountryCode="CHN")
        + gdelt(format_, n_layout, GLOBALEVENTID="3", Actor1CountryCode="PRK",
                Actor2CountryCode="USA", EventCode="190", SQLDATE="20100323")
        + gdelt(format_, n_layout, GLOBALEVENTID="5", SQLDATE="20180632")
        + gdelt(format_, n_layout, GLOBALEVENTID="6", EventCode="X")
    )  # fmt: skip
    assert width == text.split("\n")[1].count("\t") + 1
    path = tmp_path / f"events.{packing}"
    if packing == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("20180612.export.CSV", text)
    else:
        path.write_bytes(gzip.compress(text.encode()) if packing == "gz" else text.encode())
    found = bring(path, format_, DYAD)
    assert (6, 2, 1, 3) == (found.read, found.added, found.outside, found.rejected)
    assert {"the line has 4 cells, not " + str(width): 1, "... has no such day; the month has 30": 1,
            "... is no code of CAMEO": 1} == dict(found.reasons)  # fmt: skip
    assert [("190", "force", 3, "PRK", "USA"), ("036", "offer", None, "USA", "PRK")] == rows(
        database, "raw_code, kind, severity, actor1, actor2"
    )


def test_rejects_have_line_reason_and_text(bring: Bring, tmp_path: Path) -> None:
    """A person can find the row again and see what was wrong with it."""
    path = tmp_path / "events.tsv"
    path.write_text(gdelt("gdelt-2") + "nothing\n", encoding="utf-8")
    found = bring(path, "gdelt-2", DYAD)
    assert 'line,reason,text\n2,"the line has 1 cells, not 61",nothing\n' == Path(
        found.rejects_file
    ).read_text("utf-8")


ICEWS = """\
Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\t\
Intensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\
\tDistrict\tProvince\tCountry\tLatitude\tLongitude
1\t2010-03-26\tKPA\tMilitary\tNorth Korea\tUse conventional military force\t190\t-10\tNavy\tMilitary\
\tSouth Korea\t9\t1\tYonhap\tSeoul\t\t\tSouth Korea\t37.5\t127
2\t2010-03-27\tKCNA\tMedia\tNorth Korea\tThreaten\t130\t-4\tPentagon\tMilitary\tUnited States\t9\t1\
\tKCNA\tNULL\t\t\tNorth Korea\t39\t125.7
"""

POLECAT = (
    "Event ID\tEvent Date\tEvent Type\tEvent Mode\tContexts\tActor Name\tActor Country\t"
    "Recipient Name\tRecipient Country\tPlacename\tLatitude\tLongitude\tSource\n"
    "20230412-1\t2023-04-12\tMOBILIZE\tweapons\tmilitary\tKPA\tPRK\tNone\tUSA;JPN\tPyongyang\t39\t125"
    "\tYonhap\n"
    "20230412-2\t2023-04-12\tCONSULT\tvisit\tdiplomatic\tEnvoy\tUSA\tWang Yi\tCHN\tBeijing\t39\t116"
    "\tXinhua\n"
)

ACLED = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,location,"
    "latitude,longitude,source,notes,fatalities\n"
    "PRK1,15 November 2022,1,Battles,Armed clash,Military Forces of North Korea (2011-),"
    'Military Forces of the United States (2021-),Panmunjom,37.9,126.7,Yonhap,"Shots, ""warning""",2\n'
    "PRK2,2022-11,3,Battles,Armed clash,Military Forces of North Korea (2011-),"
    "Military Forces of South Korea (2022-),Goseong,38.4,128.4,Yonhap,Shots,0\n"
)

UCDP = (
    "id,year,type_of_violence,dyad_name,side_a,gwnoa,side_b,gwnob,where_coordinates,latitude,"
    "longitude,date_start,date_end,date_prec,best,source_article\n"
    "7,1976,1,North Korea - United States,Government of North Korea,731,Government of United States,"
    "2,Panmunjom,37.9,126.7,1976-08-18 00:00:00.000,1976-08-18 00:00:00.000,1,2,page\n"
)


@pytest.mark.parametrize(
    ("format_", "text", "kept"),
    [
        ("icews", ICEWS, [("PRK", "USA", "threat", 1, None)]),
        ("polecat", POLECAT, [("PRK", "USA;JPN", "show_of_force", 1, None)]),
        ("acled", ACLED, [("PRK", "USA", "ground_clash", 4, 2)]),
        ("acled", ACLED.replace(",", ";").replace("Shots; ", "Shots, "),
         [("PRK", "USA", "ground_clash", 4, 2)]),
        ("ucdp-ged", UCDP, [("PRK", "USA", "force", 4, 2)]),
    ],
    ids=["icews", "polecat", "acled", "acled-semicolons", "ucdp-ged"],
)  # fmt: skip
def test_rows_of_the_dyad_by_the_codebooks(
    bring: Bring, database: Database, tmp_path: Path, format_: str, text: str, kept: list[object]
) -> None:
    """Actors, kind, severity and deaths of each list in our words."""
    path = tmp_path / "list"
    path.write_text(text, encoding="utf-8")
    found = bring(path, format_, DYAD)
    assert (0, text.count("\n") - 1, True) == (found.rejected, found.read, found.is_balanced)
    assert kept == rows(database, "actor1, actor2, kind, severity, deaths")


def test_numbered_quadruples_take_their_names_from_the_files_beside(
    bring: Bring, database: Database, tmp_path: Path
) -> None:
    """Numbers of entities and relations are decoded, steps counted from day zero."""
    (tmp_path / "entity2id.txt").write_text("North Korea\t0\nDonald Trump\t1\nChina\t2\n")
    (tmp_path / "relation2id.txt").write_text("Threaten\t0\nConsult\t1\n")
    (tmp_path / "train.txt").write_text(
        "0\t0\t1\t24\t0\n1\t1\t0\t48\t0\n0\t0\t2\t48\t0\n0\t9\t1\t1\t0\n"
    )
    options = {"day-zero": "2018-01-01", "step": "24"}
    found = bring(tmp_path / "train.txt", "icews-quads", Choice(DYAD.actors, options=options))
    assert (4, 2, 1, 1) == (found.read, found.added, found.outside, found.rejected)
    assert [("2018-01-02", "threat", "PRK"), ("2018-01-03", "contact", "USA")] == rows(
        database, "date::VARCHAR, kind, actor1"
    )


MAPPING = """
format: embassy-log
title: Notes of an embassy
writing: {form: quoted, separator: semicolon}
layouts:
  - key: [Number]
    unique: true
    fields:
      date: {column: Day, form: iso}
      actor1: {column: From, codes: any}
      actor2: {column: To, codes: any}
      kind: {column: What, words: {meeting: contact, warning: threat}}
      severity: {column: Weight, optional: true}
      text: What
"""


def test_a_list_of_ones_own_by_a_mapping_file(
    bring: Bring, database: Database, tmp_path: Path
) -> None:
    """Columns of any list become ours by a file of a dozen lines; a changed row is a revision."""
    field_map = read_map(MAPPING, "log.yaml")
    path = tmp_path / "log.csv"
    head = "Number;Day;From;To;What;Weight\n"
    path.write_text(head + "1;2018-06;US;North Korea;meeting;\n2;2018-07-01;PRK;USA;warning;2\n")
    assert 2 == bring(path, field_map, DYAD).added
    path.write_text(head + "1;2018-06-12;US;North Korea;meeting;\n2;2018-07-01;PRK;USA;rumour;\n")
    found = bring(path, field_map, DYAD)
    assert (0, 1, 0, 1) == (found.added, found.changed, found.known, found.rejected)
    assert [("2018-06-12", 2, "contact", None), ("2018-07-01", 1, "threat", 2)] == rows(
        database, "date::VARCHAR, revision, kind, severity"
    )


def test_every_fault_of_a_mapping_is_told_at_once() -> None:
    """Unknown names with the nearest known one, missing fields, and forms that do not exist."""
    text = MAPPING.replace("actor1:", "actor_1:").replace("form: iso", "form: ios")
    text = text.replace("kind:", "knd:").replace("separator: semicolon", "separator: dash")
    with pytest.raises(UserError) as caught:
        read_map(text, "log.yaml")
    told = [(p.field, p.mend) for p in caught.value.problems]
    assert "writing.separator" in [field for field, _ in told]
    assert ("layouts.1.fields.actor_1", "write actor1") in told
    assert ("layouts.1.fields.date.form", "write iso") in told
    assert ("layouts.1.fields", "say which column gives the kind") in told


def test_a_code_table_of_ones_own(bring: Bring, database: Database, tmp_path: Path) -> None:
    """An edited copy of codes.csv decides what a code means."""
    table = tmp_path / "codes.csv"
    table.write_text("scheme,code,name,also,kind,severity,why\ncameo,03,Offer,,appeal,,mine\n")
    path = tmp_path / "events.tsv"
    path.write_text(gdelt("gdelt-2"), encoding="utf-8")
    bring(path, "gdelt-2", DYAD, coding=load_coding(table))
    assert [("appeal",)] == rows(database, "kind")


def test_a_short_row_of_a_code_table_has_empty_cells(tmp_path: Path) -> None:
    """A row that ends before the severity is read like one with empty cells; blanks go."""
    table = tmp_path / "codes.csv"
    table.write_text("scheme,code,name,also,kind,severity,why\n\ncameo, 03,Offer,,appeal\n")
    assert load_coding(table).code("cameo", "03") == Coded("appeal", None)


def test_faults_of_a_code_table_are_told_with_their_lines(tmp_path: Path) -> None:
    """A kind that does not exist, a severity that is none, and a code that stands twice."""
    table = tmp_path / "codes.csv"
    table.write_text(
        "scheme,code,name,also,kind,severity,why\ncameo,03,,,offr,,\ncameo,04,,,offer,9,\n"
        "\nplover,04,,,offer,,\ncameo, 04,,,appeal,,\n"
    )
    with pytest.raises(UserError) as caught:
        load_coding(table)
    assert [
        (2, "'offr' is no kind"),
        (3, "'9' is no severity"),
        (6, "cameo 04 stands twice"),
    ] == [(p.line, p.wrong) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"PAR1\x00", "it is a Parquet file"),
        ("GLOBALEVENTID\tx\n".encode("utf-16"), "it is UTF-16 text"),
        (b"\x1f\x8b\x08\x00broken", "the packed file is damaged"),
        (b"PK\x03\x04broken", "the packed file is damaged"),
        (b"a,b\n1,2\n", "it has none of the layouts of this format"),
        (gzip.compress(b""), "there is nothing in it once it is unpacked"),
        (gzip.compress(b"GLOBALEVENTID\t1\n" * 9)[:-9], "the packed file is damaged"),
        (b"PK\x05\x06" + bytes(18), "the zip holds no file"),
        (lzma.compress(b"a"), "it is packed as xz"),
        *((bz2.compress(b"a", n), "it is packed as bzip2") for n in (9, 1)),
    ],
    ids=["empty", "parquet", "utf-16", "gzip", "zip", "layout", "nothing packed", "cut off",
         "zip of nothing", "xz", "bzip2", "bzip2 of the least level"],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_in_words(
    bring: Bring, tmp_path: Path, content: bytes, said: str
) -> None:
    """Nothing is stored, and the message says what the file is."""
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        bring(path, "gdelt-2", DYAD)
    assert said in caught.value.problems[0].wrong


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("place", ["first", "within"])
def test_each_file_in_a_zip_may_have_the_same_head(
    bring: Bring, database: Database, tmp_path: Path, mark: bytes, place: str
) -> None:
    """The later head is no row; another head is one, and is rejected; lines count through all.

    An empty file has no head, wherever it stands.
    """
    head, *lines = UCDP.splitlines(keepends=True)
    second = head + lines[0].replace("7,1976", "8,1976") + "9,wrong\n"
    other = "id,year\n1,2\n"
    with zipfile.ZipFile(tmp_path / "parts.zip", "w") as archive:
        if place == "first":
            archive.writestr("nothing.csv", b"")
        archive.writestr("one.csv", mark + UCDP.encode())
        archive.writestr("two.csv", mark + second.rstrip("\n").encode())
        archive.writestr("empty.csv", b"")
        archive.writestr("three.csv", other)
        archive.writestr("read-me.pdf", b"no list")
    found = bring(tmp_path / "parts.zip", "ucdp-ged")
    assert (found.read, found.added, found.rejected) == (5, 2, 3)
    assert found.is_balanced
    assert [("7",), ("8",)] == rows(database, "key", "key")
    rejected = Path(found.rejects_file).read_text("utf-8").splitlines()[1:]
    assert ["5", "6", "7"] == [line.partition(",")[0] for line in rejected]


#: An import in a process of its own, and how far it raises that process's peak of memory. The
#: kernel's own count for one program; that of `resource` begins at the peak of who started it.
_GROWTH = """
import json
from pathlib import Path
from openchannel.evidence.imports.coding import builtin_coding
from openchannel.evidence.imports.fieldmap import builtin_maps
from openchannel.evidence.imports.importing import import_file
from openchannel.evidence.imports.meaning import Choice
from openchannel.evidence.keeping.database import Database

def peak():
    text = Path("/proc/self/status").read_text()
    return int(text.partition("VmHWM:")[2].split()[0])

folder, coding, choice = Path({folder!r}), builtin_coding(), Choice(("USA", "PRK"))
with Database(folder / "own.duckdb", writing=True) as database:
    before = peak()
    found = import_file(
        Path({path!r}), builtin_maps()["gdelt-2"], coding, choice, database, folder / "own.csv"
    )
    grown = peak() - before
print(json.dumps([[found.read, found.added, found.rejected, list(found.reasons)], grown]))
"""


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="only Linux tells the peak")
@pytest.mark.parametrize("packing", ["gz", "zip"])
def test_a_file_that_expands_hugely_is_read_in_pieces(tmp_path: Path, packing: str) -> None:
    """160 MiB of one line from less than one: one rejected row, and memory of a few pieces of it."""
    size = 160 << 20
    path = tmp_path / f"bomb.{packing}"
    start = gdelt("gdelt-2").encode()
    if packing == "gz":
        with gzip.open(path, "wb", compresslevel=1) as stream:
            stream.write(start)
            for _ in range(size >> 20):
                stream.write(bytes(1 << 20))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            with archive.open("events.csv", "w") as member:
                member.write(start)
                for _ in range(size >> 20):
                    member.write(bytes(1 << 20))
    script = _GROWTH.format(path=str(path), folder=str(tmp_path))
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    found, grown = json.loads(told.stdout)
    assert found == [2, 1, 1, [["the line is longer than 4 MiB", 1]]]
    assert grown < 100 << 10  # KiB


def test_an_import_that_is_stopped_leaves_nothing(database: Database, tmp_path: Path) -> None:
    """Neither rows nor a note of the import nor a file of rejects; the next import begins anew."""
    path = tmp_path / "events.tsv"
    path.write_text(
        "short\n" + "".join(gdelt("gdelt-2", GLOBALEVENTID=str(i)) for i in range(20_000))
    )
    rejects = tmp_path / "rejects.csv"
    arguments = (path, MAPS["gdelt-2"], builtin_coding(), DYAD, database, rejects)

    def stop(behind: int) -> None:
        if behind > 1 << 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(*arguments, stop)
    assert [] == rows(database)
    assert 0 == database.one("SELECT count(*) FROM imports")
    assert [path.name, "store.duckdb"] == sorted(
        p.name for p in tmp_path.iterdir() if not p.name.startswith("store.duckdb.")
    )
    found = import_file(*arguments)
    assert (20_001, 20_000, 1) == (found.read, found.added, found.rejected)


def test_a_file_that_changes_while_it_is_read_is_refused(
    database: Database, tmp_path: Path
) -> None:
    """What was hashed would not be what was read; nothing is stored."""
    path = tmp_path / "events.tsv"
    path.write_text(gdelt("gdelt-2"))

    def change(_behind: int) -> None:
        path.write_text(gdelt("gdelt-2") * 2)

    with pytest.raises(UserError, match="it changed while it was read"):
        import_file(path, MAPS["gdelt-2"], builtin_coding(), DYAD, database, tmp_path / "r", change)
    assert [] == rows(database)
