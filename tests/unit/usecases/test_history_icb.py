"""ICB's list in the user's store: read where it is, told where it is not, never shipped."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from openchannel.errors import UserError
from openchannel.evidence.imports.scales import Level, load_scales
from openchannel.evidence.keeping.database import Database
from openchannel.report.model import Bullets, Paragraph, Table
from openchannel.usecases.cases import load
from openchannel.usecases.history.study import HistoryFindings
from openchannel.usecases.history.icb import icb_values
from openchannel.usecases.evidence.imports import import_lists, scales_table
from openchannel.usecases.evidence.record import open_record

from .reference_pages import unnamed

RAW = Path(__file__).resolve().parents[3].parent / "shared" / "evidence" / "raw" / "icb14"
CRISES, ACTORS = "icb1v14.csv", "icb2v14.csv"

HEAD = "crisno,crisname,yrtrig,motrig,datrig,yrterm,moterm,daterm,break,viol,sevviosy,cenviosy,gravcr,crismg,outesr,iwcmb,protrac,pcid"
ROWS = (
    "224,PUEBLO,1968,1,21,1968,12,23,9,2,1,1,4,4,2,1,2,15",
    "408,NUCLEAR I,1993,3,66,1994,10,21,5,1,1,1,4,1,1,1,2,34",
    "461,CHEONAN,2010,3,26,2010,7,26,9,2,2,2,1,4,1,1,2,15",
)
SIDES = "crisno,cracno,cracid,trigent\n224,1,2,731\n408,2,2,731\n461,3,732,731\n"
# Every value of these rows was made up here but for numbers, names and days.


def written(folder: Path, rows: tuple[str, ...] = ROWS, head: str = HEAD) -> Path:
    """A list in the layout of ICB, with the table of its actors."""
    (folder / ACTORS).write_text(SIDES, "utf-8")
    path = folder / CRISES
    path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return path


def values(store: Path, scales: Path | None = None) -> dict[str, Any]:
    with open_record("korea") as record:
        return icb_values(record, store, scales)


def told(icb: dict[str, Any]) -> str:
    """All words and cells of the section on crises."""
    data = json.loads((Path(__file__).parent / "history.json").read_text("utf-8"))
    found = HistoryFindings(load("korea"), data, dt.date(2026, 1, 31), icb)
    words = []
    for block in found.page().section("section-crises").blocks:
        if isinstance(block, Paragraph):
            words.append("".join(s.text for s in block.text))
        if isinstance(block, Bullets):
            words += ["".join(s.text for s in item) for item in block.items]
        if isinstance(block, Table):
            assert {len(r.cells) for r in block.rows} == {len(block.columns)}
            words += [s.text for r in block.rows for cell in r.cells for s in cell]
            words += [s.text for s in block.note]
    return " ".join(words)


def test_without_a_list_the_page_says_so_and_how_to_get_one(tmp_path: Path) -> None:
    """No store; a store without the list: the rungs alone, and the command that brings it."""
    store = tmp_path / "own.duckdb"
    assert values(store) == {"state": "no store"}
    with Database(store, writing=True):
        pass
    assert values(store) == {"state": "no list"}
    for icb in ({"state": "no store"}, values(store), {"state": "unread"}):
        words = told(icb)
        assert "comes only which crises there were" in words
        assert "openchannel evidence import icb icb1v14.csv --actors all" in words


def test_a_list_in_the_store_stands_beside_the_rungs(tmp_path: Path) -> None:
    """Which is used, how they relate, what is not there, and what three crises cannot say."""
    store = tmp_path / "own.duckdb"
    import_lists("icb", [written(tmp_path)], store=store, actors="all")
    icb = values(store)
    assert (icb["state"], icb["listed"], len(icb["pairs"])) == ("read", 3, 3)
    words = told(icb)
    assert "what the moments and the parameters of the simulator are held to" in words
    assert "minor clashes fits rung 4" in words
    assert "agree on 3 of 3 crises" in words
    assert "Not there: K04, K05" in words
    assert "how likely war is: none in 3 crises" in words
    assert "no decade has more than one of these crises" in words
    assert "tension fell" in words
    assert "None" not in words


def test_a_list_imported_before_scales_were_kept_gains_them_on_import(tmp_path: Path) -> None:
    """The old store opens; the page says to import again; the same file adds revisions."""
    store, path = tmp_path / "own.duckdb", written(tmp_path)
    import_lists("icb", [path], store=store, actors="all")
    with Database(store, writing=True) as database:
        database.do("ALTER TABLE events DROP COLUMN scales")
        database.do("UPDATE store_version SET version = 1")
        database.do("UPDATE events SET content = 'as it was'")
    assert values(store) == {"state": "no scales"}
    assert "was imported before scales were kept" in told(values(store))
    (again,) = import_lists("icb", [path], store=store, actors="all").files
    assert (again.added, again.changed, again.known) == (0, 3, 0)
    assert values(store)["state"] == "read"
    (third,) = import_lists("icb", [path], store=store, actors="all").files
    assert (third.changed, third.known) == (0, 3)


def test_a_level_that_is_none_is_rejected_with_its_column(tmp_path: Path) -> None:
    """The row with a word for a level is in the rejects; blanks and a missing column are not."""
    rows = (ROWS[0].replace(",9,2,1,", ",9,much,1,"), ROWS[1].replace(",5,1,1,", ",5,,1,"))
    path = written(tmp_path, rows)
    (found,) = import_lists("icb", [path], store=tmp_path / "a.duckdb", actors="all").files
    assert (found.added, found.rejected) == (1, 1)
    assert dict(found.reasons) == {"viol ... is not a whole number of 0 or more": 1}
    short = tuple(r.rsplit(",", 1)[0] for r in ROWS)
    path = written(tmp_path, short, HEAD.rsplit(",", 1)[0])
    (found,) = import_lists("icb", [path], store=tmp_path / "b.duckdb", actors="all").files
    assert (found.added, found.rejected) == (3, 0)


def test_ones_own_table_of_scales_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    """Another range of rungs changes what agrees; a wrong row is told with all that is wrong."""
    store = tmp_path / "own.duckdb"
    import_lists("icb", [written(tmp_path)], store=store, actors="all")
    mine = tmp_path / "scales.csv"
    mine.write_text(scales_table().replace("clashes,4,4", "clashes,5,6"), "utf-8")
    assert values(store, mine)["agreement"]["agree"] == 1
    text = scales_table().replace("clashes,4,4", "clashes,6,4").replace("war,6,6", "war,9,x")
    mine.write_text(text.replace("viol,1,", "viol,one,"), "utf-8")
    with pytest.raises(UserError) as caught:
        values(store, mine)
    assert [p.line for p in caught.value.problems] == [2, 3, 5]
    assert "'one' is no level" in str(caught.value)
    assert "formats --scales" in caught.value.problems[0].mend
    with pytest.raises(UserError, match="cannot be read"):
        values(store, tmp_path / "none.csv")


def test_rows_of_ones_own_table_may_be_short_but_never_stand_twice(tmp_path: Path) -> None:
    """Cells left out are empty; a level given twice is refused, however it is written."""
    mine = tmp_path / "scales.csv"
    lines = scales_table().splitlines()
    mine.write_text("\n".join([lines[0], "viol,1,quiet", *lines[2:]]), "utf-8")
    assert load_scales(mine)["viol"][1] == Level("quiet", None)
    mine.write_text("\n".join([*lines, "", " viol,02,other clashes,5,5,"]), "utf-8")
    with pytest.raises(UserError) as caught:
        load_scales(mine)
    (problem,) = caught.value.problems
    assert (problem.line, problem.wrong) == (len(lines) + 2, "level 02 of viol stands twice")


def test_a_table_must_keep_the_levels_of_violence(tmp_path: Path) -> None:
    """Violence and war are told by ICB's levels, so a table may rename them and no more."""
    mine = tmp_path / "scales.csv"
    for text in (
        "".join(line for line in scales_table().splitlines(True) if "viol,4" not in line),
        scales_table() + "viol,5,nuclear war,6,6,\n",
        "scale,level,name,rung_low,rung_high,why\ngravcr,1,small,,,\n",
    ):
        mine.write_text(text, "utf-8")
        with pytest.raises(UserError, match="viol needs the levels that the list has: 1, 2, 3, 4"):
            load_scales(mine)


def test_every_field_of_the_list_is_on_its_page(tmp_path: Path) -> None:
    """What `history.json` holds under `icb` is documented; scales are no fields."""
    store = tmp_path / "own.duckdb"
    import_lists("icb", [written(tmp_path)], store=store, actors="all")
    icb = values(store)
    assert unnamed("history-file.md", {"icb": icb}, icb["pairs"][0]["levels"]) == []


@pytest.mark.parametrize(("actors", "n", "absent"), [("all", 14, 0), ("USA,PRK", 10, 4)])
def test_the_list_itself_read_from_where_it_lies(
    tmp_path: Path, actors: str, n: int, absent: int
) -> None:
    """Fourteen crises of the record; the two scales part over the landing of 1996 alone.

    With the two states alone, crises in which the South was the other side are not in the store.
    """
    if not (RAW / CRISES).is_file():
        pytest.skip(f"the sample {CRISES} does not lie in ../shared/evidence/raw/icb14")
    store = tmp_path / "own.duckdb"
    import_lists("icb", [RAW / CRISES], store=store, actors=actors)
    icb = values(store)
    assert (len(icb["pairs"]), len(icb["absent"])) == (n, absent)
    assert icb["apart"] == ()
    misfits = [p["id"] for p in icb["pairs"] if p["agrees"] is False]
    assert misfits == (["K11"] if actors == "all" else [])
    assert [r["reached"] for r in icb["ladder"]][1:] == [0, 0]
    assert bool(icb["pooled"]) is (actors == "all")
    if actors == "all":
        # Of 291 crises 144 stand alone (the conflict of one is blank), the rest are of 26 conflicts.
        assert icb["world"] == (291, 170, (215, 108, 20))
        # Elsewhere clashes grow serious more often than in any crisis here.
        assert icb["pooled"][1]["mean"] > 2 * icb["ladder"][1]["mean"]
