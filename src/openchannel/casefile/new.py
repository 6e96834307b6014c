"""A small working case to edit: `openchannel new NAME`."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from string import Template

from openchannel.casefile.layers import builtin_cases
from openchannel.casefile.words import listed, one_of
from openchannel.errors import CaseError, Problem

__all__ = ["new_case", "templates"]

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_ID = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


def templates() -> tuple[str, ...]:
    """Names of the templates that `new_case` knows."""
    return tuple(sorted(p.name for p in _TEMPLATES.iterdir() if (p / "case.yaml").is_file()))


def new_case(target: str | Path, template: str = "minimal") -> Path:
    """Writes a case that loads as it stands into a new folder, and gives the folder.

    The folder appears whole or not at all.

    Raises
    ------
    CaseError
        Where the folder holds something already, cannot be made, or has a name that cannot be an
        id; where there is no such template. All of them at once.
    """
    target = Path(target).expanduser()
    problems = _objections(target, template)
    if problems:
        raise CaseError(problems)
    try:
        _write(target, _TEMPLATES / template)
    except OSError as error:
        raise CaseError(
            Problem(
                str(target),
                "",
                f"the folder cannot be written ({error.strerror})",
                "a place where you may write",
                "choose another place, or change its permissions",
            )
        ) from error
    return target


def _objections(target: Path, template: str) -> list[Problem]:
    """Everything that speaks against writing the case."""
    problems = [*_about_name(target), *_about_place(target)]
    if template not in templates():
        wrong = f"there is no template `{template}`"
        allowed = one_of(template, templates())
        problems.insert(0, Problem(str(target), "template", wrong, allowed, "choose one of them"))
    return problems


def _about_name(target: Path) -> Iterator[Problem]:
    name = target.resolve().name
    if not _ID.fullmatch(name):
        yield Problem(
            str(target),
            "id",
            f"`{name}` cannot be the id of a case",
            "letters, digits and single hyphens",
            "give the folder such a name, for example `my-case`",
        )
    elif name in builtin_cases():
        yield Problem(
            str(target),
            "id",
            f"`{name}` is the name of a built-in case",
            f"a name other than {listed(builtin_cases())}",
            f"write for example `{name}-2`",
        )


def _about_place(target: Path) -> Iterator[Problem]:
    if target.is_symlink() or (target.exists() and not _is_empty_folder(target)):
        yield Problem(
            str(target),
            "",
            "something stands here already",
            "a path where nothing is, or an empty folder",
            "choose another name, or move away what is there",
        )
    elif not target.parent.is_dir():
        yield Problem(
            str(target),
            "",
            f"the folder `{target.parent}` does not exist",
            "a path inside a folder that exists",
            "make that folder first, or correct the path",
        )


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _write(target: Path, template: Path) -> None:
    """Fills a temporary folder beside the target, then gives it the target's name."""
    beside = Path(tempfile.mkdtemp(prefix=".openchannel-new-", dir=target.parent))
    try:
        made = beside / "case"
        for source in sorted(template.rglob("*")):
            if source.is_file() and "__pycache__" not in source.parts:
                copy = made / source.relative_to(template)
                copy.parent.mkdir(parents=True, exist_ok=True)
                text = Template(source.read_text(encoding="utf-8"))
                copy.write_text(
                    text.substitute(id=target.resolve().name), encoding="utf-8", newline="\n"
                )
        if target.is_dir():
            target.rmdir()  # empty, as was checked; a rename onto a folder fails on some systems
        made.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
