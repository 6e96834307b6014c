"""The brief as a value: sections of paragraphs, tables, figures and ledger rows.

Owns the shapes that every renderer must show; holds no numbers of its own and knows no format.
A `Span` with a `trail` is a claim: the trail is the anchor of the row in the appendix, or of the
section, from which the number can be followed to its parameters and sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

__all__ = [
    "Bibliography",
    "Block",
    "Brief",
    "Bullets",
    "Column",
    "Entry",
    "Figure",
    "Ledger",
    "LedgerRow",
    "Paragraph",
    "Row",
    "Section",
    "Span",
    "Table",
    "Text",
    "as_data",
    "say",
    "words",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words; a claim if it has a trail, a link out of the brief if it has an address."""

    text: str
    trail: str = ""
    address: str = ""
    strong: bool = False


Text = tuple[Span, ...]


def words(text: str, trail: str = "", *, strong: bool = False) -> Text:
    """A text of one span."""
    return (Span(text, trail, strong=strong),)


def say(template: str, *parts: str | Span | Text) -> Text:
    """Words with claims set in at each `{}`.

    Examples
    --------
    >>> [s.text for s in say("cost {} a year", Span("$3", "outcome-cost"))]
    ['cost ', '$3', ' a year']
    """
    pieces = template.split("{}")
    if len(pieces) != len(parts) + 1:
        raise ValueError(f"{len(parts)} parts for {len(pieces) - 1} places in {template!r}")
    spans: list[Span] = [Span(pieces[0])]
    for part, after in zip(parts, pieces[1:], strict=True):
        if isinstance(part, tuple):
            spans.extend(part)
        else:
            spans.append(part if isinstance(part, Span) else Span(part))
        spans.append(Span(after))
    return tuple(s for s in spans if s.text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `style` says how much weight it carries."""

    text: Text
    style: Literal["plain", "answer", "note", "warning"] = "plain"
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    items: tuple[Text, ...]
    kind: str = "bullets"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `share` is its part of the width.

    A title without words would be no heading to a reader who hears the table: it is refused.
    """

    title: Text
    share: float = 1.0
    align: Literal["left", "right"] = "left"

    def __post_init__(self) -> None:
        if not any(span.text.strip() for span in self.title):
            raise ValueError("a column needs a title")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; `anchor` is where trails lead, `strong` marks the policy asked about."""

    cells: tuple[Text, ...]
    anchor: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption and a note under it."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Text = ()
    compact: bool = False
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: a Vega-Lite specification in the colours of the theme, words for those who do not
    see it, and its numbers as a table.

    prints_numbers : the table says the chart in words, so paper has both
    """

    id: str
    caption: str
    alt: str
    spec: Mapping[str, Any]
    numbers: Table
    prints_numbers: bool = False
    kind: str = "figure"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A benefit or a risk as its holders put it, with what it rests on."""

    id: str
    anchor: str
    claim: str
    argument: str
    mechanism: str
    size: str
    grade: str
    measured: Text
    switch: str
    sources: Text


@dataclass(frozen=True, slots=True)
class Ledger:
    """One side of the ledger, benefits or risks."""

    title: str
    rows: tuple[LedgerRow, ...]
    kind: str = "ledger"


@dataclass(frozen=True, slots=True)
class Entry:
    """One work of the bibliography."""

    anchor: str
    key: str
    text: str
    address: str
    read: str


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The works that the trail ends in."""

    entries: tuple[Entry, ...]
    kind: str = "bibliography"


Block = Paragraph | Bullets | Table | Figure | Ledger | Bibliography


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the body, or a lettered part of the appendix.

    own_page : on paper it begins a page, and what follows begins the next
    """

    anchor: str
    number: str
    title: str
    blocks: tuple[Block, ...]
    is_appendix: bool = False
    own_page: bool = False


@dataclass(frozen=True, slots=True)
class Brief:
    """What a reader gets, in whatever form.

    marks : short mark of each anchor, printed small beside a claim where there are no links
    """

    title: str
    question: str
    lines: tuple[str, ...]
    warning: str
    sections: tuple[Section, ...]
    marks: Mapping[str, str] = field(default_factory=dict)

    def section(self, anchor: str) -> Section:
        """The section of this anchor."""
        return next(s for s in self.sections if s.anchor == anchor)

    def blocks(self) -> Iterator[Block]:
        """Every block in the order of reading."""
        for section in self.sections:
            yield from section.blocks

    @property
    def has_appendix(self) -> bool:
        """Whether any part is of the appendix; pages of one subject have none."""
        return any(s.is_appendix for s in self.sections)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The charts in the order of reading."""
        return tuple(b for b in self.blocks() if isinstance(b, Figure))


def as_data(value: Any) -> Any:
    """The brief, or a part of it, as what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_data(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): as_data(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [as_data(v) for v in value]
    return value
