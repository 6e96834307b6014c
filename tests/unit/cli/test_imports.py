"""`openchannel evidence import`, `formats` and `stored`, as a person meets them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import Result

from openchannel.cli import reading
from openchannel.cli.voice import Voice
from openchannel.usecases.evidence import imports

from .conftest import problems

Run = Callable[..., Result]

NEGOTIATIONS = (
    "Month,Year,Leadership,Event Type,Parties Involved,Description\n"
    'Jun,2018,"Trump, Kim",Summit,"US, DPRK","A meeting"\n'
    'Jun,2018,"Trump, Kim",Talks,"IAEA, DPRK","Another meeting"\n'
    'Jnu,2018,"Trump, Kim",Talks,"US, DPRK","A misprint"\n'
)


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENCHANNEL_STORE", str(tmp_path / "store.duckdb"))
    (tmp_path / "list.csv").write_text(NEGOTIATIONS, encoding="utf-8")


def test_an_import_says_what_became_of_each_row(run: Run, tmp_path: Path) -> None:
    """One new, one outside, one rejected with its reason; the second time one known."""
    first = run("evidence", "import", "csis-negotiations", "list.csv")
    assert 0 == first.exit_code
    assert "1 x ... is no month" in first.stdout
    assert all(len(line) <= 80 for line in first.stdout.splitlines() if str(tmp_path) not in line)
    second = json.loads(run("evidence", "import", "csis-negotiations", "list.csv", "--json").stdout)
    (file,) = second["files"]
    assert (3, 0, 1, 1, 1) == tuple(
        file[k] for k in ("read", "added", "known", "outside", "rejected")
    )
    rejects = Path(file["rejects_file"]).read_text("utf-8")
    assert "4,'Jnu' is no month," in rejects


def test_what_is_stored_is_listed(run: Run) -> None:
    """Lists and imports, for people and for programs."""
    run("evidence", "import", "csis-negotiations", "list.csv", "--quiet")
    shown = run("evidence", "stored")
    assert 0 == shown.exit_code
    assert "csis-negotiations" in shown.stdout
    found = json.loads(run("evidence", "stored", "--json").stdout)
    assert found == imports.contents().as_dict()
    assert [(1, "2018-06-01", "2018-06-30")] == [
        (s["n"], s["first"], s["last"]) for s in found["lists"]
    ]


def test_without_a_store_there_is_nothing_to_list(run: Run) -> None:
    """The message says how a store comes about."""
    found = run("evidence", "stored", "--json")
    assert 2 == found.exit_code
    assert "there is no store yet" == problems(found)[0]["wrong"]


def test_every_wrong_argument_is_told_at_once_and_nothing_is_read(run: Run, tmp_path: Path) -> None:
    """Unknown states, dates that are none, settings of other formats, files that are no lists."""
    bad = run("evidence", "import", "csis-negotiations", "list.csv", "--actors", "USA,North Korea",
              "--since", "2018-13", "--option", "day-zero=2018-01-01", "--json")  # fmt: skip
    assert 2 == bad.exit_code
    assert ["--actors", "--since", "--option"] == [p["field"] for p in problems(bad)]
    assert "write PRK" == problems(bad)[0]["mend"]
    files = run("evidence", "import", "csis-negotiations", "list.csv", "none.csv", "--json")
    assert (2, 1) == (files.exit_code, len(problems(files)))
    assert not (tmp_path / "store.duckdb").exists()


def test_an_unknown_format_names_the_nearest(run: Run) -> None:
    """All formats are listed, and a mapping file is offered."""
    found = run("evidence", "import", "gdelt3", "list.csv", "--json")
    assert 2 == found.exit_code
    assert "write gdelt-" in problems(found)[0]["mend"]


def test_steps_without_a_day_zero_are_refused(run: Run, tmp_path: Path) -> None:
    """A list that counts time in steps says which setting it needs."""
    (tmp_path / "entity2id.txt").write_text("North Korea\t0\nUnited States\t1\n")
    (tmp_path / "relation2id.txt").write_text("Threaten\t0\n")
    (tmp_path / "train.txt").write_text("0\t0\t1\t24\n")
    found = run("evidence", "import", "icews-quads", "train.txt", "--json")
    assert (2, "--option") == (found.exit_code, problems(found)[0]["field"])
    good = run("evidence", "import", "icews-quads", "train.txt", "--option", "day-zero=2018-01-01")
    assert 0 == good.exit_code


def test_a_file_of_nothing_but_rejects_is_a_no(run: Run, tmp_path: Path) -> None:
    """Exit code 1, so that a script notices."""
    head = NEGOTIATIONS.splitlines()[0]
    (tmp_path / "bad.csv").write_text(f'{head}\nJnu,2018,x,y,"US, DPRK",z\n', encoding="utf-8")
    assert 1 == run("evidence", "import", "csis-negotiations", "bad.csv").exit_code


def test_formats_are_listed_and_their_codes_printed(run: Run) -> None:
    """Thirteen formats; the table of codes can be saved and used again."""
    assert 13 == len(json.loads(run("evidence", "formats", "--json").stdout)["formats"])
    codes = run("evidence", "formats", "--codes")
    assert "cameo,190,Use conventional military force" in codes.stdout
    Path("codes.csv").write_text(codes.stdout, encoding="utf-8")
    assert (
        0
        == run(
            "evidence", "import", "csis-negotiations", "list.csv", "--codes", "codes.csv"
        ).exit_code
    )


def test_two_tables_at_once_are_refused(run: Run) -> None:
    """None is dropped in silence, and two in one text could be read by nothing."""
    both = run("evidence", "formats", "--codes", "--scales", "--json")
    assert (2, ["--scales"]) == (both.exit_code, [p["field"] for p in problems(both)])


def test_a_second_writer_is_told_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    """While another program holds the store, an import says so with exit code 2."""
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from openchannel.evidence.keeping.database import Database\n"
        f"with Database(Path({str(tmp_path / 'store.duckdb')!r}), writing=True):\n"
        "    print('open', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert "open" == other.stdout.readline().strip()
        found = run("evidence", "import", "csis-negotiations", "list.csv", "--json")
        other.communicate("")
    assert 2 == found.exit_code
    assert "another program has the store open" in problems(found)[0]["wrong"]
    assert 0 == run("evidence", "import", "csis-negotiations", "list.csv").exit_code


def test_progress_is_a_line_now_and_then_in_a_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, and how much of it is read; silence where it is wanted."""
    monkeypatch.setattr(reading, "_SECONDS_BETWEEN_LINES", 0.0)
    with reading.reading_of(Voice()) as tell:
        assert tell is not None
        tell(Path("a/list.csv"), 3 << 20, 8 << 20)
    assert "list.csv: 3 of 8 MiB read\n" == capsys.readouterr().err
    with reading.reading_of(Voice(quiet=True)) as tell:
        assert tell is None


def test_progress_is_a_bar_on_a_terminal() -> None:
    """One bar a file, with its share in per cent."""
    stream = io.StringIO()
    voice = Voice()
    voice.__dict__["aside"] = Console(file=stream, force_terminal=True, width=80)
    with reading.reading_of(voice) as tell:
        assert tell is not None
        tell(Path("list.csv"), 1, 4)
        tell(Path("list.csv"), 3, 4)
    assert "list.csv" in stream.getvalue()
    assert "75 %" in stream.getvalue()
