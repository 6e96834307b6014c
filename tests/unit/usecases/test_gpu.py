"""Asked for a GPU: what happens where there is none, and what must never be mixed."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest

from openchannel import assess
from openchannel.errors import UserError
from openchannel.kernel.gpu import launch
from openchannel.model import run_gpu
from openchannel.usecases.runs import assessment
from openchannel.usecases import gpu as use
from openchannel.usecases.cases import load
from openchannel.usecases.settings import Settings

SMALL: dict[str, Any] = {"futures": 16, "policies": ["P7"], "beliefs": "W1", "threads": 1}


@pytest.fixture
def _without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "why_no_gpu", lambda: "no CUDA device was found")


@pytest.mark.usefixtures("_without")
def test_threads_take_over(tmp_path: Path) -> None:
    """Where no GPU can be used the run is that of threads, to the byte, and names no card."""
    asked, plain = tmp_path / "asked", tmp_path / "plain"
    assess("korea", **SMALL, gpu=True, folder=asked)
    assess("korea", **SMALL, folder=plain)
    for name in ("summary.json", "draws.parquet", "manifest.json"):
        assert (plain / name).read_bytes() == (asked / name).read_bytes(), name


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that is missing is named, and how to get it."""
    monkeypatch.setattr(launch, "find_spec", lambda name: None)
    assert "pip install 'openchannel[gpu]'" in use.why_no_gpu()
    assert "" == use.card_for(wanted=True)


def test_a_library_that_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a reason to use threads, told in a line, and no traceback."""
    whole = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "numba" and "cuda" in (rest[2] or ()):
            raise ImportError("no module of that name\nand more")
        return whole(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    told = use.why_no_gpu()
    assert "(ImportError: no module of that name)" in told
    assert "\n" not in told


def test_parts_of_a_gpu_are_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that was begun on a card is not gone on with on threads, nor on another card."""

    def fingerprint(card: str) -> str:
        monkeypatch.setattr(assessment, "card_for", lambda wanted: card)
        job = assessment._Job(load("korea"), Settings(gpu=bool(card)), None)
        return job._plan(("P0", "P7"), ("W1",), 64).fingerprint

    assert 3 == len({fingerprint(card) for card in ("", "NVIDIA H100", "NVIDIA A100")})


def test_a_card_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is told in the words of its library, with what to do, and no traceback."""

    def fail(*_: Any) -> None:
        raise MemoryError("CUDA_ERROR_OUT_OF_MEMORY")

    monkeypatch.setattr(assessment, "card_for", lambda wanted: "NVIDIA H100")
    monkeypatch.setattr(run_gpu, "simulate_draws", fail)
    with pytest.raises(UserError, match="MemoryError: CUDA_ERROR_OUT_OF_MEMORY") as told:
        assess("korea", **SMALL, gpu=True)
    assert "leave --gpu out" in told.value.problems[0].mend


def test_not_on_a_gpu_and_a_cluster() -> None:
    """One or the other, told before any work."""
    with pytest.raises(UserError, match="on a GPU or on a cluster"):
        assess("korea", **SMALL, gpu=True, cluster="local")
