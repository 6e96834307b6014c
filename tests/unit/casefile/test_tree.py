"""Reading YAML 1.2 strictly: what scalars mean, and that no text makes the reader fall over."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openchannel.casefile.tree import Mapping, Scalar, plain, read_yaml


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("yes", "yes"),
        ("no", "no"),
        ("off", "off"),
        ("NO", "NO"),
        ("1:30", "1:30"),
        ("2027-01-04", "2027-01-04"),
        ("010", 10),
        ("0o10", 8),
        ("0x10", 16),
        ("1_000", "1_000"),
        ("-3", -3),
        ("+3", 3),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-1.5E-2", -0.015),
        ("1.", 1.0),
        ("1e", "1e"),
        ('"1"', "1"),
        ("'true'", "true"),
        ("~", None),
        ("null", None),
        ("none", "none"),
    ],
)
def test_scalars(written: str, meant: object) -> None:
    """Only `true` and `false` are truth values; dates, times and `yes` stay text."""
    root, mistakes = read_yaml(f"key: {written}\n")
    assert mistakes == ()
    assert root is not None
    read = plain(root)["key"]
    assert (meant, type(meant)) == (read, type(read))


def test_keys_are_text() -> None:
    """A number or `null` as a key is the word that is written."""
    root, _ = read_yaml("{3: a, null: b, true: c}")
    assert root is not None
    assert {"3": "a", "null": "b", "true": "c"} == plain(root)


def test_places_count_from_one() -> None:
    """Keys and values know their line and column."""
    root, _ = read_yaml("a:\n  - b: 1\n    c: [x, y]\n")
    assert isinstance(root, Mapping)
    key, value = root.entries["a"]
    assert (1, 1) == (key.line, key.column)
    assert (2, 3) == (value.line, value.column)


def test_aliases() -> None:
    """An anchor may be used after it is complete."""
    root, mistakes = read_yaml("a: &x [1, 2]\nb: *x\n")
    assert mistakes == ()
    assert root is not None
    assert {"a": [1, 2], "b": [1, 2]} == plain(root)


def test_alias_within_itself() -> None:
    """A value cannot hold itself."""
    root, (mistake,) = read_yaml("a: &x [*x]\n")
    assert root is None
    assert "not complete" in mistake.wrong


def test_all_repeated_keys_are_said() -> None:
    """Every repetition is a mistake of its own, and the first value stays."""
    root, mistakes = read_yaml("a: 1\na: 2\nb: {c: 1, c: 2}\n")
    assert [(2, 1), (3, 11)] == [(m.line, m.column) for m in mistakes]
    assert root is not None
    assert {"a": 1, "b": {"c": 1}} == plain(root)


def test_scalar_alone() -> None:
    """A file of one word is read; that it is no mapping is for the form to say."""
    root, mistakes = read_yaml("word")
    assert mistakes == ()
    assert isinstance(root, Scalar)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab01:-?,[]{}&*!|>'\"%@`# \n\t.~<="), max_size=40))
def test_no_text_makes_the_reader_fall_over(text: str) -> None:
    """Whatever stands in a file: a tree, or mistakes with a place."""
    root, mistakes = read_yaml(text)
    assert root is not None or mistakes
    assert all(m.line >= 1 and m.column >= 1 and m.wrong and m.mend for m in mistakes)
