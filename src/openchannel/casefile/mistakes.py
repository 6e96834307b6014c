"""What can be wrong with a text before it has any meaning, and the sentences that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError

__all__ = [
    "Mistake",
    "empty",
    "not_finite",
    "odd_key",
    "repeated",
    "second_document",
    "syntax_mistake",
    "tab_mistakes",
    "tagged",
    "too_deep",
    "too_many",
    "unknown_alias",
]

_INDENT_BY_TAB = re.compile(r"^ *\t[ \t]*(?=[^\s#])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A problem that does not know its file yet; `line` and `column` count from 1."""

    line: int
    column: int
    wrong: str
    allowed: str
    mend: str


def tab_mistakes(text: str) -> Iterator[Mistake]:
    """One mistake for each line that is indented by a tab."""
    for found in _INDENT_BY_TAB.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.group().index("\t") + 1
        yield Mistake(
            line,
            column,
            "a tab stands in the indentation",
            "spaces",
            "replace each tab at the start of the line by spaces",
        )


def syntax_mistake(error: Exception) -> Mistake:
    """The parser's complaint in our words, with the place where it gave up."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    said = str(getattr(error, "problem", None) or error).strip()
    for pattern, wrong, mend in _SYNTAX:
        if re.search(pattern, said):
            opened = getattr(error, "context_mark", None)
            first = opened.line + 1 if opened is not None else line
            return Mistake(line, column, wrong.format(opened=first), "YAML 1.2", mend)
    kind = "" if isinstance(error, MarkedYAMLError) else f"{type(error).__name__}: "
    return Mistake(
        line,
        column,
        f"this is not YAML ({kind}{said})",
        "YAML 1.2",
        "look at this line and the one before it: indentation, quotes, brackets, colons",
    )


_SYNTAX = (
    (
        r"stream end|end of stream|document separator",
        "the file ends too early: what begins on line {opened} is not closed",
        "close the bracket, brace or quote; if the file was cut off, restore it",
    ),
    (
        r"mapping values are not allowed",
        "a colon followed by a space stands where no key can be",
        "put the text in quotes if the colon belongs to it; else check the indentation",
    ),
    (
        r"could not find expected ':'",
        "a key without its colon; it begins on line {opened}",
        "write `key: value`, with a space after the colon",
    ),
    (
        r"expected <block end>|did not find expected|expected the node content",
        "the indentation or the brackets do not fit what begins on line {opened}",
        "give all keys of a mapping the same indentation, and close each bracket",
    ),
    (
        r"expected ',' or",
        "a comma or a closing bracket is missing in what begins on line {opened}",
        "separate items by commas and close the bracket",
    ),
    (
        r"found character .* that cannot start any token",
        "a text cannot begin with this character unless it is quoted",
        "put the text in quotes",
    ),
    (
        r"undefined tag handle|tag",
        "a tag (`!name`) stands here",
        "remove the tag; quotes make a text",
    ),
)


def empty() -> Mistake:
    """The file holds nothing."""
    return Mistake(
        1, 1, "the file is empty", "the fields of this kind of file", "fill or delete it"
    )


def repeated(key: str, first_line: int, line: int, column: int) -> Mistake:
    """A mapping has the same key twice."""
    return Mistake(
        line,
        column,
        f"the key `{key}` is repeated; it stands on line {first_line} already",
        "each key once",
        "delete one of the two",
    )


def not_finite(text: str, line: int, column: int) -> Mistake:
    """An infinite number, or none at all, where a number must be."""
    return Mistake(
        line, column, f"`{text}` is not a finite number", "a finite number", "write the number"
    )


def tagged(tag: str, line: int, column: int) -> Mistake:
    """A value carries a tag of YAML."""
    return Mistake(
        line,
        column,
        f"the tag `{tag}` is not read",
        "plain values without tags",
        "remove the tag; quotes make a text",
    )


def unknown_alias(name: str, line: int, column: int) -> Mistake:
    """An alias without a complete anchor before it."""
    return Mistake(
        line,
        column,
        f"`*{name}` refers to an anchor that is not complete before it",
        "an anchor `&name` earlier in the same file",
        "write the value out",
    )


def odd_key(line: int, column: int) -> Mistake:
    """A key that is itself a list, a mapping or empty."""
    return Mistake(line, column, "a key is not a word or number", "plain keys", "write a word")


def too_deep(limit: int, line: int, column: int) -> Mistake:
    """Values within values beyond `limit` levels."""
    return Mistake(
        line,
        column,
        f"values are nested deeper than {limit} levels",
        f"at most {limit} levels",
        "remove brackets that are not needed",
    )


def too_many(limit: int, line: int, column: int) -> Mistake:
    """More values than `limit` once aliases are followed."""
    return Mistake(
        line,
        column,
        f"more than {limit} values once aliases are followed",
        f"at most {limit} values in a file",
        "split the file, or write fewer aliases",
    )


def second_document(line: int, column: int) -> Mistake:
    """A second document begins in the same file."""
    return Mistake(
        line,
        column,
        "a second document begins here (`---`)",
        "one document a file",
        "remove the line, or move what follows to a file of its own",
    )
