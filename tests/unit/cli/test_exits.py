"""Every way a command ends has its exit code, its words, and no traceback."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from openchannel.errors import Interrupted
from openchannel import casefile
from openchannel.usecases import checking
from openchannel.usecases.evidence import record

from .conftest import problems

Run = Callable[..., Result]


def told(result: Result) -> str:
    assert "Traceback" not in result.output
    return " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("frobnicate",), "No such command 'frobnicate'"),
        (("asses", "korea"), "Did you mean 'assess'?"),
        (("--bogus",), "No such option: --bogus"),
        (("assess",), "Missing argument 'CASE'"),
        (("assess", "korea", "--polcy", "P7"), "--policy"),
        (("assess", "korea", "--futures", "many"), "Invalid value for '--futures'"),
        (("evidence", "lst"), "Did you mean 'list'?"),
        (("evidence", "export", "x", "--format", "xlsx"), "xlsx"),
        (("check", "nope"), "there is no case `nope`"),
        (("assess", "nope"), "there is no case `nope`"),
        (("ties", "nope"), "there is no case `nope`"),
        (("watch", "nope"), "there is no case `nope`"),
        (("watch", "korea"), "is not the folder of a finished run"),
        (("watch", "korea", "none"), "there is no such folder"),
        (("watch", "korea", "none", "--weeks", "0"), "0 is out of bounds"),
        (("watch", "korea", "none", "--as-of", "May"), "'May' is not a date"),
        (("watch", "korea", "none", "--format", "gif"), "'gif' is not a format"),
        (("ties", "korea", "-o", "ties.gif"), "'.gif' is not a format of the chart"),
        (("calibrate", "nope"), "there is no case `nope`"),
        (("evidence", "list", "--case", "nope"), "there is no case `nope`"),
        (("evidence", "list", "contcts"), "write 'contacts'"),
        (("evidence", "list", "contacts", "--channel", "NYK"), "write 'NYC'"),
        (("evidence", "list", "contacts", "--since", "May"), "a day (1996-05-28)"),
        (("evidence", "list", "contacts", "--limit", "-1"), "-1 is below 0"),
        (("evidence", "timeline", "--kind", "contacts"), "write contact"),
        (("evidence", "timeline", "--limit", "-1"), "-1 is below 0"),
        (("evidence", "show", "C9999"), "no id 'C9999'"),
        (("calibrate", "korea", "--futures", "1"), "1 is out of bounds"),
        (("forecast", "nope"), "there is no case `nope`"),
        (("forecast", "korea", "--as-of", "soon"), "'soon' is not a date"),
        (("forecast", "korea", "--as-of", "1996-01-01", "--no-log"), "too short to test forecasts"),
        (("forecast", "korea", "--as-of", "0001-01-01", "--no-log"), "too short to test forecasts"),
        (("forecast", "korea", "--as-of", "9999-12-31", "--no-log"), "too short to test forecasts"),
        (("forecast", "korea", "--format", "pdf,png"), "'png' is not a format of the brief"),
        (("forecast", "score", "nope"), "there is no case `nope`"),
        (("forecast", "score", "korea", "--gap", "-1"), "-1 is out of bounds"),
        (("forecast", "score", "korea", "--gap", "soon"), "Invalid value for '--gap'"),
        (("new", "korea"), "the name of a built-in case"),
        (("new", "no/such/place"), "does not exist"),
        (("assess", "korea", "--format", "pdf,png"), "'png' is not a format of the brief"),
        (("assess", "korea", "--format", ","), "no format is given"),
        (("assess", "korea", "--policy", "P99"), "'P99' is not known in this case"),
        (("assess", "korea", "--beliefs", "W9"), "'W9' is not known in this case"),
        (("assess", "korea", "--overlay", "x"), "write three_conditions"),
        (("assess", "korea", "--futures", "1"), "1 is out of bounds"),
        (("assess", "korea", "--seed", "-1"), "-1 is out of bounds"),
        (("hedge", "nope"), "there is no case `nope`"),
        (("hedge", "korea", "--futures", "1"), "1 is out of bounds"),
        (("hedge", "korea", "--format", "png"), "'png' is not a format"),
        (("assess", "korea", "--threads", "two"), "Invalid value for '--threads'"),
    ],
)
def test_what_the_user_got_wrong_is_told_and_exits_with_2(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    """The same problem stands on standard error and, with --json, on standard output."""
    plain = run(*arguments)
    assert (2, "") == (plain.exit_code, plain.stdout)
    assert words in told(plain)
    assert all(part in plain.stderr for part in ("  wrong:", "  allowed:", "  mend:"))
    assert [] == list(tmp_path.iterdir())

    as_json = run(*arguments, "--json")
    assert 2 == as_json.exit_code
    assert words in " ".join(str(v) for p in problems(as_json) for v in p.values())


def test_json_before_the_command_is_told_where_it_belongs(run: Run) -> None:
    """It would silently do nothing there."""
    result = run("--json", "check", "korea")
    assert 2 == result.exit_code
    assert "write --json after the command" in told(result)


def test_all_wrong_settings_are_told_at_once(run: Run) -> None:
    """Nobody mends one option to meet the next complaint."""
    result = run("assess", "korea", "--policy", "P99", "--beliefs", "W9", "--seed", "-1", "--json")
    assert ["--policy", "--beliefs", "--seed"] == [p["field"] for p in problems(result)]


def empty(folder: Path) -> None:
    folder.mkdir()


def binary(folder: Path) -> None:
    folder.mkdir()
    (folder / "case.yaml").write_bytes(bytes(range(256)) * 8)


def truncated(folder: Path) -> None:
    folder.mkdir()
    (folder / "case.yaml").write_text("id: broken\ntitle: [half a li", encoding="utf-8")


def bad_record(folder: Path) -> None:
    folder.mkdir()
    (folder / "case.yaml").write_text("id: broken\nextends: korea\n", encoding="utf-8")
    (folder / "evidence").mkdir()
    (folder / "evidence" / "contacts.csv").write_bytes(b"\xff\xfe\x00")


@pytest.mark.parametrize("spoil", [empty, binary, truncated, bad_record])
def test_a_faulty_case_fails_its_check_with_1_and_an_assessment_with_2(
    run: Run, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """A check that says no is an answer; a case that cannot be run is the user's to mend."""
    spoil(tmp_path / "broken")
    checked = run("check", "broken")
    assert 1 == checked.exit_code
    assert "broken" in checked.stdout
    assert "  mend:" in checked.stdout

    as_json = run("check", "broken", "--json")
    assert 1 == as_json.exit_code
    assert problems(as_json)

    assert (1, "") == ((quiet := run("check", "broken", "--quiet")).exit_code, quiet.output)
    if spoil is not bad_record:
        assessed = run("assess", "broken", "-o", "out")
        assert (2, "") == (assessed.exit_code, assessed.stdout)
        assert not (tmp_path / "out").exists()


def test_a_record_that_cannot_be_true_fails_its_verification_with_1(
    run: Run, tmp_path: Path
) -> None:
    """An impossible row is an error; the record is shown all the same."""
    folder = tmp_path / "mine"
    assert run("new", folder).exit_code == 0
    shutil.copytree(record.record_folder("korea"), folder / "evidence")
    contacts = folder / "evidence" / "contacts.csv"
    text = contacts.read_text(encoding="utf-8")
    contacts.write_text(text.replace(",2018-05-09,2018-05-10,", ",2018-05-09,2018-05-08,", 1))

    result = run("evidence", "verify", "--case", folder)
    assert 1 == result.exit_code
    assert "holds rows that cannot be true" in result.stdout
    assert 0 == run("evidence", "verify").exit_code


def test_a_file_where_the_output_belongs_is_told_before_any_work(run: Run, tmp_path: Path) -> None:
    """Neither the file nor a folder below it is touched."""
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    for place in ("taken", "taken/deeper"):
        result = run("assess", "korea", "-o", place)
        assert 2 == result.exit_code
        assert "a file stands where a folder is needed" in told(result)
    assert "mine" == (tmp_path / "taken").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_is_told_before_any_work(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int
) -> None:
    """Rights are asked for by writing, as superusers pass every other test of them."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, "refused")

    monkeypatch.setattr(checking.tempfile, "TemporaryFile", refuse)
    result = run("assess", "korea", "-o", tmp_path / "out")
    assert 2 == result.exit_code
    assert "the folder cannot be written (refused)" in told(result)
    assert not (tmp_path / "out").exists()


def failing(error: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_our_own_fault_is_one_problem_and_a_log(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A crash says whose fault it is and where it was written down."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(checking, "check", failing(RuntimeError("the bottom fell out")))
    result = run("check", "korea")
    assert (3, "") == (result.exit_code, result.stdout)
    assert "it is not your fault: RuntimeError: the bottom fell out" in told(result)
    path = re.search(r"report it with the file (\S+\.log)", result.stderr)
    assert path is not None
    log = Path(path[1]).read_text(encoding="utf-8")
    assert "openchannel check korea" in log
    assert "Traceback" in log


def test_a_crash_without_room_for_its_log_is_still_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last net has no hole."""
    monkeypatch.setattr(checking, "check", failing(RuntimeError("fell")))
    monkeypatch.setattr("tempfile.mkstemp", failing(OSError(errno.ENOSPC, "full")))
    result = run("check", "korea")
    assert 3 == result.exit_code
    assert "set OPENCHANNEL_DEBUG=1" in told(result)


def test_a_traceback_is_shown_to_who_asks_for_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """OPENCHANNEL_DEBUG is for those who mend openchannel."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(checking, "check", failing(RuntimeError("fell")))
    monkeypatch.setenv("OPENCHANNEL_DEBUG", "1")
    result = run("check", "korea")
    assert 3 == result.exit_code
    assert "Traceback" in result.stderr


def test_a_full_disk_is_the_users_to_mend(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the system refuses to write, the words are the same."""
    monkeypatch.setattr(casefile, "new_case", failing(OSError(errno.ENOSPC, "No space", "mine")))
    result = run("new", "mine")
    assert 2 == result.exit_code
    assert "the disk is full" in told(result)


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), Interrupted("stopped after 2 of 4", "out")])
def test_an_interrupt_says_how_to_go_on(
    run: Run, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    """The same command again, quoted so that it can be pasted."""
    monkeypatch.setattr(checking, "check", failing(stop))
    result = run("check", "my case")
    assert 130 == result.exit_code
    assert "stopped" in result.stderr
    assert "openchannel check 'my case'" in result.stderr


def test_a_reader_who_has_gone_is_let_go(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed pipe, as after `| head`, is no failure and needs no words."""
    monkeypatch.setattr(checking, "check", failing(BrokenPipeError()))
    result = run("check", "korea")
    assert (0, "") == (result.exit_code, result.output)
