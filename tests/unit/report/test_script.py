"""The script of charts is kept between runs, and used only where it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from openchannel.report import script


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache of its own, in a process that has asked for nothing yet."""
    monkeypatch.setenv("OPENCHANNEL_CACHE", str(tmp_path / "cache"))
    script.script_bundle.cache_clear()
    yield tmp_path / "cache"
    script.script_bundle.cache_clear()


def again() -> str:
    """As a new process would ask for it."""
    script.script_bundle.cache_clear()
    return script.script_bundle()


def test_what_is_kept_is_used(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second process puts nothing together; other releases are forgotten."""
    place.mkdir()
    (place / "charts-of-an-older-release.js").write_text("old", "utf-8")
    made = script.script_bundle()
    assert "vega" in made
    (kept,) = place.glob("charts-*.js")
    monkeypatch.setattr(script, "_put_together", lambda: "made anew")
    assert again() == made
    script.clear_script()
    assert not kept.exists()
    assert again() == "made anew"


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b"", lambda b: b + b" "])
def test_a_damaged_one_is_made_anew(place: Path, damage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut short, empty or added to."""
    monkeypatch.setattr(script, "_put_together", lambda: "drawn")
    assert again() == "drawn"
    (kept,) = place.glob("charts-*.js")
    kept.write_bytes(damage(kept.read_bytes()))
    assert again() == "drawn"
    assert kept.read_bytes().endswith(b"drawn")


def test_without_a_folder_it_works_too(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be kept it is put together each time."""
    place.write_text("a file in the way", "utf-8")
    monkeypatch.setattr(script, "_put_together", lambda: "drawn")
    assert again() == "drawn"
    assert place.is_file()
