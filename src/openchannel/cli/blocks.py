"""A page as text on the screen: its paragraphs, and its tables within eighty columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openchannel.cli.tables import Column, plain_table
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from openchannel.report.model import Block, Brief, Table, Text

__all__ = ["show_page"]


def show_page(voice: Voice, page: Brief) -> None:
    """Every part of a page; a chart is shown by the table of its numbers."""
    from rich.text import Text as Styled

    voice.show(Styled(page.title, style="bold"))
    for section in page.sections:
        voice.show("")
        voice.show(Styled(section.title, style="bold"))
        for block in section.blocks:
            _show(voice, block)


def _show(voice: Voice, block: Block) -> None:
    from openchannel.report.model import Bullets, Figure, Paragraph, Table

    match block:
        case Paragraph(text):
            voice.show("")
            voice.show(_words(text))
        case Bullets(items):
            for item in items:
                voice.show(f"- {_words(item)}")
        case Figure():
            _show_table(voice, block.numbers, block.caption)
        case Table():
            _show_table(voice, block, block.caption)


def _show_table(voice: Voice, table: Table, title: str) -> None:
    columns = [Column(_words(c.title), c.align) for c in table.columns]
    rows = [[_words(cell) for cell in row.cells] for row in table.rows]
    voice.show("")
    voice.show(plain_table(columns, rows, title))
    if table.note:
        voice.show(_words(table.note))


def _words(text: Text) -> str:
    return "".join(span.text for span in text)
