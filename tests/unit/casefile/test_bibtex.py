"""The reader of the bibliography."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from openchannel.casefile.bibtex import read_bibliography
from openchannel.domain import Source


def test_entry() -> None:
    """Fields in braces, in quotes and bare; protecting braces go, escapes are undone."""
    book = read_bibliography(
        "% a remark with @ and {\n"
        "@Article{Key:20a,\n"
        "  Title = {On {DPRK}\n    channels \\& \\{lines\\}},\n"
        '  author = "Ash, {A}nna", year = 2020,\n'
        "  journal = {J},\n"
        "  read = {general knowledge}\n}\n"
    )
    assert book.mistakes == []
    assert {
        "Key:20a": Source(
            key="Key:20a",
            title="On DPRK channels & {lines}",
            author="Ash, Anna",
            year="2020",
            publisher="J",
            read="general knowledge",
        )
    } == book.sources


def test_a_faulty_entry_does_not_hide_the_next() -> None:
    """Both mistakes are found, the good entry is read, and all keys count as known."""
    book = read_bibliography(
        "@misc{A, title = {a}\n  year = 1}\n@misc{B, title = {b}}\n@misc{C, title = {c\n"
    )
    assert [(2, 3), (4, 18)] == [(m.line, m.column) for m in book.mistakes]
    assert ["B"] == list(book.sources)
    assert {"A", "B", "C"} == book.keys


def test_empty() -> None:
    """No entries are no mistake."""
    assert read_bibliography("% nothing yet\n\n").mistakes == []


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from('@mk{}",=% \n\\1'), max_size=40))
def test_no_text_makes_the_reader_fall_over(text: str) -> None:
    """Whatever stands in the file, reading ends, with a place for each mistake."""
    book = read_bibliography(text)
    assert all(m.line >= 1 and m.column >= 1 for m in book.mistakes)
