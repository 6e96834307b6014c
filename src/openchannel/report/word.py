"""The brief as a Word document: real headings and tables, charts as pictures with their words."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

from openchannel.report.drawing import WORD_FONT, png
from openchannel.report.model import (
    Bibliography,
    Block,
    Brief,
    Bullets,
    Figure,
    Ledger,
    LedgerRow,
    Paragraph,
    Section,
    Span,
    Table,
    Text,
    words,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph as WordParagraph

__all__ = ["render_docx"]

_WIDTH_INCHES = 7.0
_FONT = "Arial"  # on every machine, or one of the same widths in its place
_NO_DATE = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
_STYLES = {"answer": "Intense Quote", "note": "Caption", "warning": "Quote", "plain": "Normal"}


def render_docx(brief: Brief) -> bytes:
    """The document as bytes; the same for the same brief."""
    import docx  # noqa: PLC0415  # a brief alone needs it

    document = docx.Document()
    _set_up(document, brief)
    writer = _Writer(document, brief)
    document.add_heading(brief.title, 0)
    document.add_paragraph(" · ".join(brief.lines), style="Caption")
    document.add_paragraph(brief.warning, style="Quote")
    for section in brief.sections:
        if section.is_appendix and section.number == "A":
            document.add_page_break()  # type: ignore[no-untyped-call]
            document.add_heading("Appendix: the trail of every number", 1)
            document.add_paragraph(
                "The small marks in the text lead here: D and X to outcomes, p to parameters, § to "
                "parts of this brief, S to sources."
            )
        writer.section(section)
    return _stable(document)


def _set_up(document: Document, brief: Brief) -> None:
    """Page, fonts, and properties; dates are the customary stand-in for none."""
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Inches, Pt, RGBColor  # noqa: PLC0415

    properties = document.core_properties
    properties.title, properties.author = brief.title, "openchannel"
    properties.subject, properties.language = brief.question, "en-US"
    properties.comments = brief.warning
    properties.created = properties.modified = _NO_DATE
    page = document.sections[0]
    page.page_width, page.page_height = Inches(8.5), Inches(11)
    page.left_margin = page.right_margin = Inches(0.75)
    page.top_margin = page.bottom_margin = Inches(0.8)
    page.footer.paragraphs[0].text = brief.warning
    sizes = {"Normal": 10, "Caption": 8.5, "Quote": 10, "Intense Quote": 11.5, "List Bullet": 10}
    for name, size in sizes.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.italic, style.font.bold = False, False
        style.font.color.rgb = RGBColor(0x1C, 0x24, 0x30)
        style.paragraph_format.space_after = Pt(6)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        heading: Any = document.styles[name]
        heading.font.color.rgb = RGBColor(0x1C, 0x24, 0x30)
        heading.font.name = _FONT
        fonts = heading.element.rPr.rFonts
        for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{key}"), None)


class _Writer:
    """Writes blocks into one document."""

    def __init__(self, document: Document, brief: Brief) -> None:
        self.document = document
        self.marks = brief.marks
        self.page_is_full = False

    def section(self, section: Section) -> None:
        level = 2 if section.is_appendix else 1
        heading = self.document.add_heading(f"{section.number}. {section.title}", level)
        if section.own_page or self.page_is_full:
            heading.paragraph_format.page_break_before = True
        self.page_is_full = section.own_page
        for block in section.blocks:
            self.block(block, is_small=section.is_appendix)

    def block(self, block: Block, *, is_small: bool) -> None:
        match block:
            case Paragraph():
                self.text(self.document.add_paragraph(style=_STYLES[block.style]), block.text)
            case Bullets():
                for item in block.items:
                    self.text(self.document.add_paragraph(style="List Bullet"), item)
            case Table():
                self.table(block, 7.5 if is_small else 8)
            case Figure():
                self.figure(block)
            case Ledger():
                self.document.add_heading(block.title, 2)
                for row in block.rows:
                    self.claim(row)
            case Bibliography():
                for entry in block.entries:
                    address = f" {entry.address}" if entry.address else ""
                    read = f" Read: {entry.read}." if entry.read else ""
                    self.document.add_paragraph(
                        f"{entry.key}  {entry.text}{address}{read}", style="Caption"
                    )

    def text(self, paragraph: WordParagraph, text: Text, size: float | None = None) -> None:
        """Spans as runs; a claim carries the mark of its trail, once in a row of the same."""
        from docx.shared import Pt  # noqa: PLC0415

        last = ""
        for span in text:
            run = paragraph.add_run(span.text)
            run.bold = True if span.strong else None
            if size:
                run.font.size = Pt(size)
            mark = self.marks.get(span.trail, "") if span.trail else ""
            if mark and mark != last and size is None:
                paragraph.add_run(mark).font.superscript = True
            last = mark or last

    def table(self, block: Table, size: float) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
        from docx.shared import Inches, Pt  # noqa: PLC0415

        caption = self.document.add_paragraph(style="Caption")
        caption.add_run(block.caption).bold = True
        caption.paragraph_format.keep_with_next = True
        made = self.document.add_table(rows=1, cols=len(block.columns))
        made.autofit = False
        _rule(made)
        total = sum(c.share for c in block.columns)
        widths = [Inches(_WIDTH_INCHES * c.share / total) for c in block.columns]
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        lines = [(tuple(c.title for c in block.columns), True)]
        lines += [(row.cells, row.strong) for row in block.rows]
        for number, (cells, is_strong) in enumerate(lines):
            row = made.rows[0] if number == 0 else made.add_row()
            for column, cell, content, width in zip(
                block.columns, row.cells, cells, widths, strict=True
            ):
                cell.width = width
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(1)
                if column.align == "right":
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                bold = tuple(Span(s.text, s.trail, s.address, strong=True) for s in content)
                self.text(paragraph, bold if is_strong else content, size)
            _keep_whole(row)
        _repeat(made.rows[0])
        note = self.document.add_paragraph(style="Caption")
        self.text(note, block.note)

    def figure(self, block: Figure) -> None:
        from docx.shared import Inches  # noqa: PLC0415

        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(
            io.BytesIO(png(block.spec, WORD_FONT)), width=Inches(_WIDTH_INCHES * 0.94)
        )
        about = shape._inline.docPr  # noqa: SLF001  # python-docx has no public way to set it
        about.set("descr", block.alt)
        about.set("title", block.caption)
        self.document.add_paragraph(block.caption, style="Caption")
        if block.prints_numbers:
            self.table(block.numbers, 8)

    def claim(self, row: LedgerRow) -> None:
        head = self.document.add_paragraph()
        head.paragraph_format.keep_with_next = True
        head.add_run(f"{row.id} {row.claim}").bold = True
        self.document.add_paragraph(row.argument).paragraph_format.keep_with_next = True
        tail: Text = (*words("Rests on: "), *row.sources, Span(f". Its size: {row.size}."))
        if row.measured:
            tail += (Span(" In this run: "), *row.measured, Span("."))
        self.text(self.document.add_paragraph(style="Caption"), tail, 8.5)


def _rule(table: Any) -> None:
    """Thin lines between rows and none between columns."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    borders = OxmlElement("w:tblBorders")
    for side, size, colour in (("top", "8", "57606C"), ("bottom", "8", "57606C"),
                               ("insideH", "4", "D0D4DA")):  # fmt: skip
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), "45")
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    table._tbl.tblPr.extend([borders, margins])  # noqa: SLF001


def _repeat(row: Any) -> None:
    """Mark a row as the heading that word processors repeat and readers announce."""
    from docx.oxml import OxmlElement  # noqa: PLC0415

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001


def _keep_whole(row: Any) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001


def _stable(document: Document) -> bytes:
    """Saved, with the times of the parts taken out, so that the same brief gives the same bytes."""
    first, second = io.BytesIO(), io.BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, _NO_DATE.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return second.getvalue()
