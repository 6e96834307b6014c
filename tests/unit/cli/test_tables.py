"""Tables on wide and on narrow screens."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from openchannel.cli.tables import Column, plain_table

COLUMNS = (Column("Date"), Column("Subject"), Column("Channel"), Column("Id", whole=True))
ROWS = (("1988-12", "Counselor meetings in Beijing", "", "C001"),)


def shown(width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    stream = io.StringIO()
    Console(file=stream, width=width).print(plain_table(COLUMNS, ROWS, "Contacts"))
    return stream.getvalue()


def test_a_screen_without_room_gets_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words stay whole, empty cells are left out, and nothing is wider than the screen."""
    text = shown(32, monkeypatch)
    assert "Date: 1988-12\n" in text
    assert "Channel" not in text
    assert "Beijing" in text
    assert "Id: C001\n" in text
    assert max(map(len, text.splitlines())) <= 32


def test_a_usual_screen_gets_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line a row where it fits."""
    assert any(
        {"1988-12", "C001"} <= set(line.split()) for line in shown(80, monkeypatch).splitlines()
    )
