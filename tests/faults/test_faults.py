"""Every mistake is found, in its place, in words that help; nothing else is said."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_table import FAULTS, Fault

from openchannel.casefile import check_case, load_case
from openchannel.errors import CaseError

TINY = Path(__file__).parent / "tiny"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A good case in a folder of its own, to be spoilt."""
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def spoil(folder: Path, fault: Fault) -> None:
    for name, old, new in fault.edits:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    for name, content in fault.adds.items():
        if content is None:
            (folder / name).unlink()
        else:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)


def test_the_case_to_be_spoilt_is_good() -> None:
    """Without a mistake nothing is said."""
    case, problems = check_case(TINY)
    assert problems == []
    assert case is not None


def test_names_of_faults_are_unique() -> None:
    """A failing fault is found by its name."""
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names) >= 45


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(tiny: Path, fault: Fault) -> None:
    """One mistake gives one problem: where, what is wrong, what is allowed, how to mend it."""
    spoil(tiny, fault)
    case, problems = check_case(tiny)
    assert case is None
    assert [f"{tiny}/{fault.where}"] == [problem.where for problem in problems], problems
    for word in fault.words:
        assert word in str(problems[0])
    assert problems[0].wrong and problems[0].allowed and problems[0].mend


def test_all_mistakes_at_once(tiny: Path) -> None:
    """Mistakes of different files and kinds come in one report, in the order of files and lines."""
    chosen = [
        fault
        for fault in FAULTS
        if fault.name
        in {
            "slot taken",
            "week beyond the horizon",
            "value outside its range",
            "repeated element",
            "unknown metric",
            "short name too long",
            "bib without title",
            "empty file",
        }
    ]
    for fault in chosen:
        spoil(tiny, fault)
    with pytest.raises(CaseError) as caught:
        load_case(tiny)
    expected = sorted(
        (f"{tiny}/{fault.where}" for fault in chosen),
        key=lambda where: (where.split(":")[0], int(where.split(":")[1])),
    )
    assert expected == [problem.where for problem in caught.value.problems]


def test_a_faulty_file_makes_no_reference_to_it_faulty(tiny: Path) -> None:
    """What cannot be read still counts as known."""
    for name in ("parameters/tension/gamma.yaml", "policies/N1.yaml"):
        (tiny / name).write_text("nonsense: true\n", encoding="utf-8")
    _, problems = check_case(tiny)
    assert {problem.file for problem in problems} == {
        f"{tiny}/parameters/tension/gamma.yaml",
        f"{tiny}/policies/N1.yaml",
    }


def test_unknown_case() -> None:
    """A name that is neither built in nor a folder: the built-in ones, nearest first."""
    with pytest.raises(CaseError) as caught:
        load_case("koreaa")
    (problem,) = caught.value.problems
    assert problem.wrong == "there is no case `koreaa`"
    assert "built-in case (korea," in problem.allowed
    assert problem.mend.startswith("write `korea`")


@pytest.mark.parametrize("name", ["", "\0", "no/such/folder", "x" * 5000])
def test_odd_names(name: str) -> None:
    """No name, however odd, does more than give one problem."""
    case, problems = check_case(name)
    assert case is None
    assert len(problems) == 1


def test_file_in_place_of_the_folder(tiny: Path) -> None:
    """The path of case.yaml itself is met with the right advice."""
    _, (problem,) = check_case(tiny / "case.yaml")
    assert problem.wrong == "this is a file"


def test_folder_in_place_of_a_file(tiny: Path) -> None:
    """A folder called like a file is said to be one."""
    (tiny / "worlds/V1.yaml").unlink()
    (tiny / "worlds/V1.yaml").mkdir()
    _, (problem,) = check_case(tiny)
    assert (problem.file, problem.wrong) == (f"{tiny}/worlds/V1.yaml", "this is a folder")


def test_file_in_place_of_a_folder(tiny: Path) -> None:
    """A file called like a folder is said to be one."""
    shutil.rmtree(tiny / "overlays")
    (tiny / "overlays").write_text("", encoding="utf-8")
    _, (problem,) = check_case(tiny)
    assert (problem.file, problem.wrong) == (
        f"{tiny}/overlays",
        "this is a file where a folder is expected",
    )


def test_link_in_a_circle(tiny: Path) -> None:
    """A link that leads back to itself ends in a problem, not in a loop."""
    (tiny / "worlds/V1.yaml").unlink()
    (tiny / "worlds/V1.yaml").symlink_to("V1.yaml")
    _, (problem,) = check_case(tiny)
    assert problem.wrong == "the link leads back to itself"


def test_pipe_in_place_of_a_file(tiny: Path) -> None:
    """A pipe is not opened: nobody may ever write into it."""
    (tiny / "sources.bib").unlink()
    os.mkfifo(tiny / "sources.bib")
    _, (problem,) = check_case(tiny)
    assert problem.wrong == "this is no ordinary file"


def test_file_without_permission(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be read is said to be one; the rest is checked all the same."""
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "V1.yaml":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    _, (problem,) = check_case(tiny)
    assert (problem.file, problem.wrong) == (
        f"{tiny}/worlds/V1.yaml",
        "the file may not be read by you",
    )


def test_folder_without_permission(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may not be listed is a problem of its own."""
    listing = Path.iterdir

    def refuse(path: Path) -> Iterator[Path]:
        if path.name == "overlays":
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    _, (problem,) = check_case(tiny)
    assert (problem.file, problem.wrong) == (
        f"{tiny}/overlays",
        "the folder may not be read by you",
    )


def test_aliases_cannot_fill_the_memory(tiny: Path) -> None:
    """A few lines that stand for a billion values are refused."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    (tiny / "worlds/V1.yaml").write_text("\n".join(lines), encoding="utf-8")
    _, (problem,) = check_case(tiny)
    assert "once aliases are followed" in problem.wrong
