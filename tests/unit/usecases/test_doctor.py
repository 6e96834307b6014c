"""The doctor finds what is missing, and says what to do."""

from __future__ import annotations

import errno
from importlib import metadata
from pathlib import Path

import pytest

from openchannel.kernel import cache
from openchannel.usecases import doctor as use
from openchannel.usecases.doctor import Examination, Probe, doctor


def probe(found: Examination, name: str) -> Probe:
    return next(p for p in found.probes if p.id == name)


def test_this_machine_is_fit() -> None:
    """Whoever runs the tests has all that openchannel needs; ids are told once each."""
    found = doctor()
    assert found.ok
    assert len(found.probes) == len({p.id for p in found.probes})


def test_a_missing_or_old_library_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the version that is needed."""

    def version(name: str) -> str:
        if name == "typst":
            raise metadata.PackageNotFoundError(name)
        return "0.1" if name == "numba" else "9999"

    monkeypatch.setattr(use.metadata, "version", version)
    found = doctor()
    assert not found.ok
    assert "not installed" == probe(found, "typst").found
    assert "numba 0.63 or later" in probe(found, "numba").mend
    assert "ok" == probe(found, "rich").status


def test_a_cache_that_cannot_be_written_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """openchannel works without one, only slower at its start."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(use.tempfile, "TemporaryFile", refuse)
    found = doctor()
    assert found.ok
    assert "warning" == probe(found, "cache").status
    assert "OPENCHANNEL_CACHE" in probe(found, "cache").mend


def test_little_room_and_memory_are_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are told with what to do, and a size that is not known is no fault."""
    monkeypatch.setattr(use, "_LEAST_ROOM", 2**70)
    monkeypatch.setattr(use, "_LEAST_MEMORY", 2**70)
    found = doctor()
    assert ("warning", "warning") == (probe(found, "disk").status, probe(found, "memory").status)
    monkeypatch.delattr(use.os, "sysconf")
    assert "ok" == probe(doctor(), "memory").status


def test_compiled_simulators_are_seen_and_cleared(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The files tell; an empty folder is not taken for a compiled simulator."""
    monkeypatch.setenv("OPENCHANNEL_CACHE", str(tmp_path))
    assert not use.simulator_is_compiled()
    folder = cache.cache_folder() / "kernel_x"
    folder.mkdir(parents=True)
    assert not use.simulator_is_compiled()
    assert "not compiled yet" == probe(doctor(), "simulator").found
    (folder / "batch.run_replicates-1.py311.1.nbc").touch()
    assert use.simulator_is_compiled()
    assert 1 == use.clear_compiled()
    assert not use.simulator_is_compiled()


def test_compiling_says_so_only_when_there_is_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute of silence would look like a fault."""
    said: list[str] = []
    ran: list[object] = []
    for simulate in ("simulate_replicates", "simulate_path"):
        monkeypatch.setattr(f"openchannel.model.{simulate}", lambda *a, **_: ran.append(a))
    monkeypatch.setattr(use, "simulator_is_compiled", lambda: False)
    assert use.compile_simulator(said.append) >= 0
    assert [use.COMPILING] == said
    monkeypatch.setattr(use, "simulator_is_compiled", lambda: True)
    use.compile_simulator(said.append)
    assert (1, 4) == (len(said), len(ran))


def test_a_gpu_is_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that can be used is named; without one the machine is fit, and told how to have one."""
    monkeypatch.setattr(use, "why_no_gpu", lambda: "the extra `gpu` is not installed")
    monkeypatch.setattr(use, "card_for", lambda wanted: "")
    without = probe(doctor(), "gpu")
    assert ("ok", "none that can be used") == (without.status, without.found)
    assert "the extra `gpu`" in without.mend
    monkeypatch.setattr(use, "card_for", lambda wanted: "NVIDIA H100")
    assert "NVIDIA H100" in probe(doctor(), "gpu").found
