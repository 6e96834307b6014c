"""What each renderer must satisfy: safe, whole, accessible, and the same for the same brief."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser

import docx
import pytest

from golden.example import EVIL, example_findings
from openchannel.report import Brief, compose_brief
from openchannel.report.drawing import PAPER_FONT, png, svg
from openchannel.report.page import render_html
from openchannel.report.paper import render_pdf
from openchannel.report.theme import DARK
from openchannel.report.word import render_docx


@pytest.fixture(scope="module")
def brief() -> Brief:
    """The small example."""
    return compose_brief(example_findings())


@pytest.fixture(scope="module")
def page(brief: Brief) -> str:
    """The example as a page."""
    return render_html(brief)


class _Page(HTMLParser):
    """Collects what a browser would load, and where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.roles: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a":
            self.links.append(found.get("href") or "")
        else:
            self.loads += [
                v or "" for k, v in attrs if k in ("src", "href", "srcset", "xlink:href")
            ]
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if found.get("role") == "img":
            self.roles.append(found)


def _parsed(page: str) -> _Page:
    parser = _Page()
    parser.feed(page)
    return parser


def test_a_page_loads_nothing(page: str) -> None:
    """Scripts, styles and pictures are inside; only links for readers lead out."""
    assert _parsed(page).loads == []
    assert "@import" not in page.split("<script")[0]
    assert "url(" not in page.split("<body>")[0]


def test_links_inside_a_page_lead_to_one_place(page: str) -> None:
    """Every inner link has its target, and no target stands twice."""
    parsed = _parsed(page)
    assert {x[1:] for x in parsed.links if x.startswith("#")} <= set(parsed.ids)
    assert len(parsed.ids) == len(set(parsed.ids))


def test_markup_in_a_case_is_printed_and_not_obeyed(page: str) -> None:
    """Text of a case is escaped in the body and in the data of the charts."""
    body = page.split('<script type="application/json"')[0]
    assert EVIL not in page
    assert "&lt;b&gt;*x*&lt;/b&gt; &amp; #evil" in body


def test_scripts_cannot_be_closed_from_within(page: str) -> None:
    """As many closing tags as opening ones, whatever the scripts hold."""
    assert len(re.findall(r"<script\b", page)) == len(re.findall(r"</script>", page)) == 4


def test_chart_data_of_a_page_is_whole(page: str, brief: Brief) -> None:
    """The specifications read back as they were given, one a figure."""
    found = re.search(r'id="chart-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    assert list(json.loads(found[1])) == [f.id for f in brief.figures]


def test_every_chart_of_a_page_has_words(page: str, brief: Brief) -> None:
    """A screen reader is told what the chart shows."""
    labels = [r["aria-label"] for r in _parsed(page).roles]
    assert labels == [f.alt for f in brief.figures]


def test_every_colour_of_a_chart_has_a_dark_form(brief: Brief) -> None:
    """No colour is left that would vanish on a dark page."""
    for figure in brief.figures:
        text = json.dumps(figure.spec)
        assert set(re.findall(r"#[0-9a-f]{6}", text)) <= set(DARK)


def test_pictures_are_the_same_whatever_was_drawn_before(brief: Brief) -> None:
    """Identifiers inside a picture do not count on from the last one."""
    first, second = brief.figures[:2]
    once = svg(first.spec, PAPER_FONT)
    svg(second.spec, PAPER_FONT)
    assert svg(first.spec, PAPER_FONT) == once
    assert png(first.spec).startswith(b"\x89PNG")


def test_a_pdf_meets_its_standards_and_repeats_itself(brief: Brief) -> None:
    """Typst refuses a file that is not accessible; what passes is the same to the byte."""
    made = render_pdf(brief)
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid" in made
    assert render_pdf(brief) == made


def test_a_chart_without_words_is_refused(brief: Brief) -> None:
    """The gate is real: an empty alternative text does not pass."""
    import dataclasses

    import typst

    def emptied(block):
        return dataclasses.replace(block, alt="") if block.kind == "figure" else block

    sections = tuple(
        dataclasses.replace(s, blocks=tuple(emptied(b) for b in s.blocks)) for s in brief.sections
    )
    with pytest.raises(typst.TypstError):
        render_pdf(dataclasses.replace(brief, sections=sections))


def test_a_document_opens_with_headings_tables_and_words(brief: Brief) -> None:
    """Real styles, repeated heads of tables, alternative texts, and the same bytes again."""
    made = render_docx(brief)
    document = docx.Document(io.BytesIO(made))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    body = [s for s in brief.sections if not s.is_appendix]
    assert headings == [
        *(f"{s.number}. {s.title}" for s in body),
        "Appendix: the trail of every number",
    ]
    described = [s._inline.docPr.get("descr") for s in document.inline_shapes]
    assert described == [f.alt for f in brief.figures]
    assert all("w:tblHeader" in t.rows[0]._tr.xml for t in document.tables)
    assert any(EVIL in p.text for p in document.paragraphs)
    assert render_docx(brief) == made
