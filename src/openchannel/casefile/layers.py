"""Where a case's files are: built-in cases, folders, and the chain of cases it extends.

Owns the layout of the folder and the rule that a child's file replaces the parent's file of the
same path. Leaves what is in the files to their readers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from openchannel.casefile.document import CaseFile, Document, read_document
from openchannel.casefile.known import refer
from openchannel.casefile.parameters import MODULES
from openchannel.casefile.tree import Mapping, Scalar
from openchannel.casefile.words import listed, nearest, one_of
from openchannel.domain import Case
from openchannel.errors import Problem

__all__ = ["CASES", "Layer", "builtin_cases", "case_source", "files_of", "find_layers"]

#: Folder of the built-in cases, inside the package.
CASES = Path(__file__).resolve().parent.parent / "cases"

OVERVIEW = "case.yaml"
MOST_LAYERS = 8
_FOLDERS = ("worlds", "policies", "overlays")
_FILES = (OVERVIEW, "propositions.yaml", "sources.bib")
_ASKED = ("values.yaml", "questions.yaml", "signs.yaml", "games.yaml")
_PARTS = (*_FILES, *_ASKED, "parameters", *_FOLDERS, "evidence")
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Layer:
    """One case folder; `shown` is the folder as the user knows it, `overview` its `case.yaml`."""

    folder: Path
    shown: str
    overview: Document

    @property
    def name(self) -> str:
        """The folder's own name, which is the id of the case."""
        return self.folder.resolve().name

    def file(self, name: str) -> CaseFile:
        """A file of this folder by its name, whether it exists or not."""
        return CaseFile(self.folder / name, f"{self.shown}/{name}", name, self.name)


def builtin_cases() -> tuple[str, ...]:
    """Names of the cases that come with the package, in the order of the alphabet."""
    if not CASES.is_dir():
        return ()
    return tuple(sorted(p.name for p in CASES.iterdir() if (p / OVERVIEW).is_file()))


def case_source(case: Case) -> str:
    """What finds a case again: the name of a built-in one, the folder of any other.

    A copy of a built-in case that kept its id is found by its folder.
    """
    is_builtin = case.id in builtin_cases() and Path(case.folder).resolve() == CASES / case.id
    return case.id if is_builtin else case.folder


def find_layers(name_or_folder: str | Path, problems: list[Problem]) -> tuple[Layer, ...]:
    """The case and those it extends, child first; empty where the case itself is not found."""
    folder = _folder(name_or_folder)
    if folder is None:
        problems.append(_unknown_case(str(name_or_folder)))
        return ()
    layers: list[Layer] = []
    shown = str(folder)
    while True:
        layer = _layer(folder, shown, problems)
        if layer is None:
            return tuple(layers)
        layers.append(layer)
        parent = _parent(layer)
        if parent is None:
            return tuple(layers)
        found = _folder(parent.text, layer.folder)
        if found is None or _is_taken(found, layers):
            problems.append(_bad_parent(layer, parent.text, found))
            return tuple(layers)
        folder, shown = found, str(_tidy(found))


def files_of(layers: Iterable[Layer], problems: list[Problem]) -> dict[str, CaseFile]:
    """The files that take part, by path inside the case folder; the child's before the parent's."""
    files: dict[str, CaseFile] = {}
    for layer in layers:
        for file in _files(layer, problems):
            files.setdefault(file.name, file)
    return {name: files[name] for name in sorted(files)}


def _folder(name_or_folder: str | Path, base: Path | None = None) -> Path | None:
    """The folder meant: a built-in name, or a path (relative to `base`)."""
    if isinstance(name_or_folder, str) and name_or_folder in builtin_cases():
        return CASES / name_or_folder
    if not str(name_or_folder):
        return None
    try:
        path = Path(name_or_folder).expanduser()
        path = path if base is None else base / path
        return path if path.is_dir() else None
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, a home that does not exist
        return None


def _unknown_case(name: str) -> Problem:
    if _is_file(name):
        wrong, mend = "this is a file", "name the folder that holds it"
        return Problem(name, "", wrong, "a built-in case or a case folder", mend)
    known = nearest(name, builtin_cases())
    return Problem(
        name,
        "",
        f"there is no case `{name}`",
        f"a built-in case ({listed(known)}) or the path of a case folder",
        f"write `{known[0]}`, or correct the path" if known else "correct the path",
    )


def _tidy(folder: Path) -> Path:
    """The path without `..`, unless a link on the way gives `..` another meaning."""
    short = Path(os.path.normpath(folder))
    return short if short.resolve() == folder.resolve() else folder


def _is_file(name: str) -> bool:
    try:
        return Path(name).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, a home that does not exist
        return False


def _layer(folder: Path, shown: str, problems: list[Problem]) -> Layer | None:
    file = CaseFile(folder / OVERVIEW, f"{shown}/{OVERVIEW}", OVERVIEW, folder.resolve().name)
    if not file.path.exists() and not file.path.is_symlink():
        problems.append(
            Problem(
                file.shown,
                "",
                "the folder has no case.yaml, so it is no case",
                "a case folder",
                "name the folder that holds case.yaml; `openchannel new NAME` makes one",
            )
        )
        return None
    document = read_document(file, problems)
    return None if document is None else Layer(folder, shown, document)


def _parent(layer: Layer) -> Scalar | None:
    """What `extends` says, if it is there and a text; the form complains about anything else."""
    root = layer.overview.root
    if isinstance(root, Mapping) and "extends" in root.entries:
        node = root.entries["extends"][1]
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return node
    return None


def _is_taken(folder: Path, layers: list[Layer]) -> bool:
    taken = {layer.folder.resolve() for layer in layers}
    return folder.resolve() in taken or len(layers) >= MOST_LAYERS


def _bad_parent(layer: Layer, text: str, found: Path | None) -> Problem:
    if found is None:
        mend = "correct the name, or write a path relative to this folder, such as `../name`"
        return refer(layer.overview, ("extends",), text, builtin_cases(), "case", mend)
    return layer.overview.problem(
        ("extends",),
        f"extending `{text}` goes in a circle, or through more than {MOST_LAYERS} cases",
        "a case that does not extend this one in turn",
        "delete `extends`, or name another case",
    )


def _files(layer: Layer, problems: list[Problem]) -> Iterable[CaseFile]:
    """Every file of one folder that takes part; strays that look meant are problems."""
    for path in _entries(layer, "", problems):
        if path.name in _FILES:
            yield layer.file(path.name)
        elif path.name in (*_FOLDERS, "parameters"):
            yield from _inside(layer, path, problems)
        elif path.name not in _PARTS and _looks_meant(path):
            problems.append(_stray(layer, path.name, _PARTS))


def _inside(layer: Layer, folder: Path, problems: list[Problem]) -> Iterable[CaseFile]:
    for path in _entries(layer, folder.name, problems):
        name = f"{folder.name}/{path.name}"
        if folder.name != "parameters":
            yield from _yaml(layer, path, name, problems)
        elif path.name in MODULES:
            for inner in _entries(layer, name, problems):
                yield from _yaml(layer, inner, f"{name}/{inner.name}", problems)
        elif path.is_dir() or path.suffix in _YAML:
            problems.append(_stray(layer, name, [f"parameters/{m}" for m in MODULES]))


def _yaml(layer: Layer, path: Path, name: str, problems: list[Problem]) -> Iterable[CaseFile]:
    if path.suffix == ".yaml":
        yield layer.file(name)
    elif path.suffix == ".yml":
        problems.append(_stray(layer, name, [name.removesuffix(".yml") + ".yaml"]))


def _entries(layer: Layer, name: str, problems: list[Problem]) -> list[Path]:
    """What a folder holds, hidden files left out; why it cannot be listed is a problem."""
    folder = layer.folder / name
    try:
        return sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    except NotADirectoryError:
        wrong, mend = "this is a file where a folder is expected", "make it a folder"
    except PermissionError:
        wrong, mend = "the folder may not be read by you", "change its permissions"
    except OSError as error:
        wrong, mend = (
            f"the folder cannot be read ({error.strerror})",
            "check the disk and the path",
        )
    problems.append(Problem(f"{layer.shown}/{name}", "", wrong, "a readable folder", mend))
    return []


def _looks_meant(path: Path) -> bool:
    """Notes beside a case are welcome; a YAML file or a folder named almost right is a slip."""
    if path.suffix in (*_YAML, ".bib"):
        return True
    close = nearest(path.name, _PARTS)[0]
    return path.is_dir() and path.name.lower()[:4] == close[:4]


def _stray(layer: Layer, name: str, known: Iterable[str]) -> Problem:
    names = nearest(name, known)
    return Problem(
        f"{layer.shown}/{name}",
        "",
        "this would not be read",
        one_of(name, names),
        f"rename it to `{names[0]}`, or move it out of the case folder",
    )
