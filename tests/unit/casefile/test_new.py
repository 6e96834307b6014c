"""`openchannel new`: a case that works before it is edited."""

from __future__ import annotations

from pathlib import Path

import pytest

from openchannel.casefile import load_case, new_case, templates
from openchannel.errors import CaseError


def problems_of(target: Path, template: str = "minimal") -> list[str]:
    with pytest.raises(CaseError) as caught:
        new_case(target, template)
    return [problem.wrong for problem in caught.value.problems]


@pytest.mark.parametrize("template", templates())
def test_new_case_loads(tmp_path: Path, template: str) -> None:
    """It has the name of its folder, and what it changes is there."""
    folder = new_case(tmp_path / "my-case", template)
    case = load_case(folder)
    assert case.id == "my-case"
    assert case.focal == "Q1"
    assert case.parameters["gamma_D"].file.startswith("my-case/")
    assert ["my-case"] == [p.name for p in tmp_path.iterdir()]


def test_empty_folder_is_filled(tmp_path: Path) -> None:
    """A folder that was made beforehand is used."""
    (tmp_path / "mine").mkdir()
    assert load_case(new_case(tmp_path / "mine")).id == "mine"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder with anything in it stays as it is."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/a").write_text("a", encoding="utf-8")
    assert problems_of(tmp_path / "mine") == ["something stands here already"]
    assert ["a"] == [p.name for p in (tmp_path / "mine").iterdir()]


def test_objections_come_together(tmp_path: Path) -> None:
    """A bad template, a bad name and a missing folder in one report."""
    assert [
        "there is no template `big`",
        "`my case` cannot be the id of a case",
        f"the folder `{tmp_path / 'no'}` does not exist",
    ] == problems_of(tmp_path / "no" / "my case", "big")


def test_name_of_a_built_in_case(tmp_path: Path) -> None:
    """A second `korea` would be shadowed by the first."""
    assert problems_of(tmp_path / "korea") == ["`korea` is the name of a built-in case"]


def test_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up half way leaves no half a case."""

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert "No space left on device" in problems_of(tmp_path / "mine")[0]
    assert list(tmp_path.iterdir()) == []
