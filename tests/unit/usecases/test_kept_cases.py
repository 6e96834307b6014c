"""A kept case is what reading would give, and is used only while every file is as it was."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from openchannel.casefile import new_case
from openchannel.domain import Case
from openchannel.errors import CaseError
from openchannel.usecases import cases, kept_cases
from openchannel.usecases.cases import load


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Case]:
    """Cases that were read from their files and not taken from the shelf, which begins empty."""
    monkeypatch.setenv("OPENCHANNEL_CACHE", str(tmp_path / "cache"))
    done: list[Case] = []
    read: Callable[[str | Path], Case] = cases._read

    def noted(case: str | Path) -> Case:
        done.append(read(case))
        return done[-1]

    monkeypatch.setattr(cases, "_read", noted)
    return done


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A case of one's own that extends the built-in one."""
    return Path(new_case(str(tmp_path / "mine")))


def test_a_case_is_read_once(reads: list[Case]) -> None:
    """The second time it comes from the shelf, and is equal in every part."""
    first, second = load("korea"), load("korea")
    assert (1, first) == (len(reads), second)
    assert second is not first


def test_a_built_in_case_is_read_once_for_all_folders(
    reads: list[Case], mine: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its name means the same everywhere; a folder's name does not."""
    (tmp_path / "elsewhere").mkdir()
    for folder in (tmp_path, tmp_path / "elsewhere"):
        monkeypatch.chdir(folder)
        load("korea")
    assert 1 == len(reads)
    monkeypatch.chdir(tmp_path)
    load("mine")
    monkeypatch.chdir(tmp_path / "elsewhere")
    with pytest.raises(CaseError):
        load("mine")


def test_another_checkout_keeps_its_own(
    reads: list[Case], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The evidence of a built-in case lies beside the program that asks for it."""
    load("korea")
    monkeypatch.setattr(kept_cases, "_code", lambda: "the same")
    load("korea")
    monkeypatch.setattr(kept_cases, "_ROOT", tmp_path)
    load("korea")
    assert 3 == len(reads)


def test_any_change_of_its_files_is_seen(reads: list[Case], mine: Path) -> None:
    """Another text, a new file, a file gone: each time the case is read anew."""
    load(mine)
    overview = mine / "case.yaml"
    stamp = overview.stat()
    overview.write_text(overview.read_text("utf-8").replace("title:", "title: My "), "utf-8")
    os.utime(overview, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # an old time hides nothing
    assert reads[0].title != load(mine).title
    added = mine / "policies" / "notes.txt"
    added.parent.mkdir(exist_ok=True)
    added.write_text("of no meaning", "utf-8")
    load(mine)
    added.unlink()
    load(mine)
    assert 4 == len(reads)


def test_a_change_of_the_extended_case_is_seen(reads: list[Case], mine: Path) -> None:
    """A case that extends another is read anew when that one changes."""
    child = mine.with_name("child")
    child.mkdir()
    text = (mine / "case.yaml").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("id:", "extends:"))]
    (child / "case.yaml").write_text("\n".join(["id: child", "extends: ../mine", *lines]), "utf-8")
    load(child)
    load(child)
    (mine / "case.yaml").write_text(text + "\n# a word more\n", "utf-8")
    load(child)
    assert 2 == len(reads)


def test_a_faulty_case_is_never_kept(reads: list[Case], mine: Path) -> None:
    """Its problems are found anew each time, and mending it is seen at once."""
    overview = mine / "case.yaml"
    text = overview.read_text("utf-8")
    overview.write_text(text + "\nno_such_field: 1\n", "utf-8")
    for _ in range(2):
        with pytest.raises(CaseError, match="no_such_field"):
            load(mine)
    overview.write_text(text, "utf-8")
    assert "mine" == load(mine).id


def test_a_damaged_shelf_costs_only_time(
    reads: list[Case], mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cut file is read past, and a shelf that cannot be made is done without."""
    whole = load(mine)
    (kept,) = (tmp_path / "cache" / "cases").glob("*.case")
    kept.write_bytes(kept.read_bytes()[:-10])
    assert whole == load(mine)
    (tmp_path / "plain").write_text("a file, not a folder", "utf-8")
    monkeypatch.setenv("OPENCHANNEL_CACHE", str(tmp_path / "plain"))
    assert whole == load(mine)
    assert 3 == len(reads)


def test_the_shelf_is_bounded_and_can_be_emptied(
    reads: list[Case], mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the most that are kept the oldest goes; clearing says how many there were."""
    monkeypatch.setattr(kept_cases, "_MOST", 2)
    for name in ("mine", "./mine", "../" + tmp_path.name + "/mine"):
        monkeypatch.chdir(tmp_path)
        load(Path(name) if name == "mine" else name)
    assert 3 == len(reads)
    assert 2 == kept_cases.clear_kept_cases()
    assert 0 == kept_cases.clear_kept_cases()
