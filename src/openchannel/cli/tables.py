"""Tables that can be read on a screen of eighty columns, and as lists on a narrower one."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

__all__ = ["Column", "bar", "plain_table"]

Justify = Literal["left", "right"]
_NARROWEST = 9  # signs to a column below which words fall apart


class Column(NamedTuple):
    """A column: its head, the side its cells lean to, and how it may shrink.

    `whole` cells are never broken; `share` is the weight of a column that takes what room is left.
    """

    head: str
    justify: Justify = "left"
    whole: bool = False
    share: int | None = None


def plain_table(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], title: str = ""
) -> RenderableType:
    """A table with a rule under its head; cells are shown as they are, brackets and all.

    Where the screen has no room for it, each row becomes a short list.
    """
    if shutil.get_terminal_size().columns < _NARROWEST * len(columns):
        return _lists(columns, rows, title)
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE_HEAD,
        title=Text(title, style="bold") if title else None,
        title_justify="left",
        pad_edge=False,
        padding=(0, 1),
    )
    for column in columns:
        table.add_column(
            Text(column.head),
            justify=column.justify,
            no_wrap=column.whole,
            ratio=column.share,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _lists(columns: Sequence[Column], rows: Iterable[Sequence[str]], title: str) -> Text:
    """Each row as lines of a head and a cell, empty cells left out."""
    from rich.text import Text

    text = Text(f"{title}\n\n" if title else "", style="")
    for row in rows:
        for i, (column, cell) in enumerate(zip(columns, row, strict=True)):
            if cell:
                text.append(f"{column.head}: " if column.head else "")
                text.append(f"{cell}\n", style="bold" if i == 0 else "")
        text.append("\n")
    return text


def bar(value: float, most: float, width: int) -> str:
    """A bar of `value` where `most` fills `width` signs; anything above nothing leaves a trace.

    Examples
    --------
    >>> bar(3, 12, 8), bar(0.1, 12, 8), bar(0, 12, 8)
    ('██', '▏', '')
    """
    if value <= 0 or most <= 0:
        return ""
    eighths = max(1, round(8 * width * min(value, most) / most))
    whole, rest = divmod(eighths, 8)
    return "█" * whole + ("" if rest == 0 else "▏▎▍▌▋▊▉"[rest - 1])
