"""Is this machine fit for openchannel: versions, cores, memory, room, and the compiled simulator.

Also owns the two things a person may want to do about it: compile the simulator now, and clear
what was compiled.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

import openchannel
from openchannel.usecases.gpu import card_for, why_no_gpu

__all__ = [
    "COMPILING",
    "Examination",
    "Probe",
    "clear_compiled",
    "compile_simulator",
    "doctor",
    "simulator_is_compiled",
]

Status = Literal["ok", "warning", "failed"]

COMPILING = "compiling the simulator, once, about a minute"

_LIBRARIES = (
    ("numpy", "2.2"),
    ("numba", "0.63"),
    ("scipy", "1.15"),
    ("pandas", "2.3"),
    ("pyarrow", "20"),
    ("duckdb", "1.4"),
    ("pydantic", "2.11"),
    ("altair", "6.0"),
    ("vl-convert-python", "1.8"),
    ("typst", "0.13"),
    ("python-docx", "1.2"),
    ("typer", "0.16"),
    ("rich", "14"),
)
_GIB = 1024**3
_LEAST_MEMORY = 1 * _GIB  # what an assessment at its defaults may take
_LEAST_ROOM = _GIB // 2  # a run, its brief and the compiled simulator, with a margin


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing looked at: what was found, whether it will do, and what to do if not."""

    id: str
    title: str
    found: str
    status: Status = "ok"
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything that was looked at."""

    probes: tuple[Probe, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing failed; warnings do not count."""
        return all(p.status != "failed" for p in self.probes)

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        return {"ok": self.ok, "probes": [asdict(p) for p in self.probes]}


def doctor(folder: Path | None = None) -> Examination:
    """Look at the machine; `folder` is where results would be written, default the present one."""
    place = folder or Path.cwd()
    return Examination(
        (
            Probe("openchannel", "openchannel", openchannel.__version__),
            Probe("python", platform.python_implementation(), platform.python_version()),
            Probe("system", "System", f"{platform.system()} on {platform.machine()}"),
            _cores(),
            _memory(),
            _room("disk", "Room for results", place),
            *(_library(name, least) for name, least in _LIBRARIES),
            _cache(),
            _compiled(),
            _gpu(),
        )
    )


def simulator_is_compiled() -> bool:
    """Whether an assessment can start without compiling the simulator first."""
    from openchannel.kernel.cache import cache_folder

    try:
        return any(cache_folder().rglob("*run_replicates*.nbc"))
    except OSError:
        return False


def compile_simulator(say: Callable[[str], None] = lambda _: None) -> float:
    """Compile the simulator and keep the result; the seconds it took.

    `say` is told once, before the work, if there is work to do.
    """
    from openchannel.kernel.cache import compiling
    from openchannel.model import (
        Beliefs,
        central_beliefs,
        pack_design,
        simulate_path,
        simulate_replicates,
    )
    from openchannel.usecases.cases import load

    if not simulator_is_compiled():
        say(COMPILING)
    started = time.monotonic()
    case = load("korea")
    central = central_beliefs(case)
    world = Beliefs(central.par[None], central.ch[None])
    design = pack_design(case, (case.baseline,))
    # What is traced week by week shares nearly all of it: compiled alone it would take as long, so
    # nobody else may begin with it in between.
    with compiling():
        simulate_replicates(design, world, 1, 0, 1)
        simulate_path(design, central, 1, 0, case.baseline, until=1)
    return time.monotonic() - started


def clear_compiled() -> int:
    """Remove all that is kept for this user; how many compiled simulators there were."""
    from openchannel.kernel.cache import clear_cache
    from openchannel.report.script import clear_script
    from openchannel.usecases.kept_cases import clear_kept_cases

    clear_kept_cases()
    clear_script()
    return clear_cache()


# --- what is looked at ------------------------------------------------------------------------


def _cores() -> Probe:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Probe("cores", "Processor cores", str(usable or 1))


def _memory() -> Probe:
    try:
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return Probe("memory", "Memory", "not known on this system")
    found = f"{size / _GIB:.1f} GiB"
    if size >= _LEAST_MEMORY:
        return Probe("memory", "Memory", found)
    return Probe("memory", "Memory", found, "warning", "ask for fewer futures, or close programs")


def _room(name: str, title: str, folder: Path) -> Probe:
    try:
        free = shutil.disk_usage(_standing(folder)).free
    except OSError as error:
        mend = "choose another folder with -o"
        return Probe(name, title, f"{folder}: {error.strerror}", "failed", mend)
    found = f"{free / _GIB:.1f} GiB free at {folder}"
    if free >= _LEAST_ROOM:
        return Probe(name, title, found)
    return Probe(name, title, found, "warning", "free some space, or write elsewhere with -o")


def _library(name: str, least: str) -> Probe:
    mend = f"install openchannel again; it needs {name} {least} or later"
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Probe(name, name, "not installed", "failed", mend)
    if _numbers(found) < _numbers(least):
        return Probe(name, name, found, "failed", mend)
    return Probe(name, name, found)


def _cache() -> Probe:
    title = "Folder of the compiled simulator"
    try:
        from openchannel.kernel.cache import cache_folder

        folder = cache_folder()
        with tempfile.TemporaryFile(dir=_standing(folder)):
            pass
    except (ImportError, OSError) as error:
        mend = "set OPENCHANNEL_CACHE to a folder that can be written; without it each run compiles"
        return Probe("cache", title, f"cannot be written ({error})", "warning", mend)
    return Probe("cache", title, str(folder.parent))


def _compiled() -> Probe:
    title = "Simulator"
    try:
        ready = simulator_is_compiled()
    except ImportError as error:
        return Probe("simulator", title, str(error), "failed", "install openchannel again")
    if ready:
        return Probe("simulator", title, "compiled")
    mend = "nothing to do: the first run compiles it, or `openchannel doctor --compile` now"
    return Probe("simulator", title, "not compiled yet", "ok", mend)


def _gpu() -> Probe:
    """A GPU is a choice: without one everything works, so its absence is no fault."""
    why, name = why_no_gpu(), card_for(wanted=True)
    if name:
        return Probe("gpu", "GPU", f"{name}, for `assess --gpu`")
    return Probe("gpu", "GPU", "none that can be used", "ok", f"not needed; {why}")


def _standing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    while not folder.exists() and folder.parent != folder:
        folder = folder.parent
    return folder


def _numbers(version: str) -> tuple[int, ...]:
    """Leading numbers of a version.

    Examples
    --------
    >>> _numbers("1.8.0rc1") >= _numbers("1.8"), _numbers("0.9") >= _numbers("0.13")
    (True, False)
    """
    parts: Iterable[str] = version.split(".")
    found = []
    for part in parts:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        found.append(int(digits))
    return tuple(found)
