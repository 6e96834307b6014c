"""What a command found, handed over: a page as text within eighty columns, and its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.cli.tables import Column, plain_table
from openchannel.cli.voice import Voice

if TYPE_CHECKING:
    from openchannel.report.model import Block, Brief, Table, Text

__all__ = ["checked_formats", "hand_over"]


def checked_formats(form: str, output: Path | None) -> tuple[str, ...]:
    """Formats of a page; what cannot be written is refused before the work begins."""
    from openchannel.usecases.checking import check_formats, check_output

    formats = check_formats(form)
    if output is not None:
        check_output(output)
    return formats


def hand_over(
    voice: Voice,
    data: Any,
    page: Callable[[], Brief],
    output: Path | None,
    write: Callable[[Path], Iterable[Path]],
    after: str = "",
) -> None:
    """Give what was found as JSON or as a page on the screen, and name the files written.

    The page is made only where it is shown. `after` is said below it, as where a short form leaves
    something out.
    """
    voice.give(data)
    if voice.shows:
        _show_page(voice, page())
    if after:
        voice.show(f"\n{after}")
    if output is not None:
        for path in write(output):
            voice.show_lines(str(path))


def _show_page(voice: Voice, page: Brief) -> None:
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
