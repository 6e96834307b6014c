"""Cases as they were last read, so that hundreds of files are parsed only when one has changed.

A kept case is used only if the names and the contents of all files that make it, in its folder and
in those of the cases it extends, are what they were, and the code that reads cases is too. It
changes no result: it is what reading would give. Faulty cases are not kept, so problems are always
found anew.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from openchannel.domain import Case
from openchannel.kernel.cache import cache_root

__all__ = ["clear_kept_cases", "kept_case"]

#: Two checkouts of the same files keep a case each: its evidence lies beside it.
_ROOT = Path(__file__).parents[1]
#: Cases kept; the one unused for longest goes first.
_MOST = 16
_FOLDERS = ("parameters", "worlds", "policies", "overlays")
_READ = (".yaml", ".yml", ".bib")
_READERS = ("casefile", "domain", "kernel/keys.py", "model/pack.py")


def kept_case(
    name: str | Path, folders: Callable[[], list[Path]], read: Callable[[], Case]
) -> Case:
    """The case of this name as it was kept, or else as it is read now, which is then kept.

    Parameters
    ----------
    name : as the user wrote it, which the case repeats
    folders : tells the folders that make the case, the case's own first; may be empty
    read : reads and checks the case, and raises where it is faulty
    """
    seen_from = "everywhere" if _is_builtin(name) else Path.cwd()
    asked = f"{type(name).__name__} {name} {seen_from} {_ROOT}"
    place = _shelf() / f"{_sha(asked)[:24]}.case"
    found = _taken_down(place)
    if found is not None:
        return found
    case = read()
    with suppress(OSError):
        _keep(place, folders(), case)
    return case


def clear_kept_cases() -> int:
    """Forget every kept case; how many there were."""
    kept = list(_shelf().glob("*.case"))
    for path in kept:
        path.unlink(missing_ok=True)
    return len(kept)


def _is_builtin(name: str | Path) -> bool:
    """Whether the name means the same case from every folder; told without loading the readers."""
    if not isinstance(name, str) or Path(name).name != name:
        return False
    return (_ROOT / "cases" / name / "case.yaml").is_file()


def _shelf() -> Path:
    return cache_root() / "cases"


def _taken_down(place: Path) -> Case | None:
    """What lies there, if it is whole and of the files as they are now."""
    from openchannel.ensemble.store import read_sealed

    body = read_sealed(place)
    if body is None:
        return None
    with suppress(OSError, pickle.UnpicklingError, AttributeError, ImportError, TypeError):
        folders, state, kept = pickle.loads(body)  # noqa: S301 - our own file, by its digest
        if state == _state(folders):
            place.touch()  # used just now
            case: Case = pickle.loads(kept)  # noqa: S301 - as above
            return case
    return None


def _keep(place: Path, folders: list[Path], case: Case) -> None:
    from openchannel.ensemble.store import write_sealed

    body = pickle.dumps((folders, _state(folders), pickle.dumps(case)))
    write_sealed(place, body)
    others = sorted(place.parent.glob("*.case"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in others[_MOST:]:
        old.unlink(missing_ok=True)


def _state(folders: list[Path]) -> str:
    """Digest of the files that make a case, and of the code that reads them."""
    digest = hashlib.sha256(_code().encode())
    for folder in folders:
        for path in _files(folder):
            name = path.relative_to(folder).as_posix()
            body = path.read_bytes() if path.suffix in _READ and path.is_file() else b""
            digest.update(f"{folder}/{name} {len(body)} ".encode() + body)
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """What stands in a folder, and all that lies in the parts that are read; evidence is not."""
    for path in sorted(folder.iterdir()):
        yield path
        if path.name in _FOLDERS and path.is_dir():
            yield from sorted(path.rglob("*"))


@cache
def _code() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in _READERS:
        place = _ROOT / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _sha(what: str) -> str:
    return hashlib.sha256(what.encode()).hexdigest()
