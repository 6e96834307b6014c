"""The bibliography: a small, strict reader of BibTeX.

Reads `@type{key, field = {...}, ...}`, one entry after another; between entries only blank lines
and lines that begin with `%`. No string macros and no TeX commands: write UTF-8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from openchannel.casefile.mistakes import Mistake
from openchannel.domain import Source

__all__ = ["Bibliography", "read_bibliography"]

#: How far a work was read for the case.
READ = ("data", "excerpt", "general knowledge")

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:.+/-]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NUMBER = re.compile(r"\d+")
_FIELD_OR_ENTRY = re.compile(r"\n(@|[ \t]*[A-Za-z]+[ \t]*=[ \t]*[{\"])")
_ENTRY_START = re.compile(r"^@", re.MULTILINE)
_BRACE_OR_ESCAPE = re.compile(r"\\([&%_$#{}])|[{}]")


@dataclass(slots=True)
class Bibliography:
    """Sources by key; `keys` holds those of faulty entries too."""

    sources: dict[str, Source] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    mistakes: list[Mistake] = field(default_factory=list)


@dataclass(slots=True)
class _Stop(Exception):
    """Reading of an entry cannot go on at `at`."""

    at: int
    wrong: str
    allowed: str
    mend: str


def read_bibliography(text: str) -> Bibliography:
    """Every entry of the text and every mistake in it; a faulty entry does not hide the next."""
    book = Bibliography()
    lines: dict[str, int] = {}
    at = 0
    while True:
        at = _skip_between(text, at)
        if at >= len(text):
            return book
        reader = _Entry(text, at)
        try:
            reader.read()
        except _Stop as stop:
            book.mistakes.append(_mistake(text, stop.at, stop.wrong, stop.allowed, stop.mend))
            if reader.key:
                book.keys.add(reader.key)
            following = _ENTRY_START.search(text, max(stop.at, at + 1))
            at = following.start() if following else len(text)
            continue
        at = reader.at
        _enter(book, lines, reader)


def _enter(book: Bibliography, lines: dict[str, int], entry: _Entry) -> None:
    """Adds a well-formed entry to the book after a look at its key and fields."""
    line = entry.text.count("\n", 0, entry.key_at) + 1
    book.keys.add(entry.key)
    if entry.key in lines:
        book.mistakes.append(
            _mistake(
                entry.text,
                entry.key_at,
                f"the key `{entry.key}` is repeated; it stands on line {lines[entry.key]} already",
                "each key once",
                "delete one of the entries, or give it a key of its own",
            )
        )
        return
    lines[entry.key] = line
    book.mistakes.extend(_complaints(entry))
    book.sources[entry.key] = _source(entry.key, entry.fields)


def _complaints(entry: _Entry) -> list[Mistake]:
    found = []
    at, fields = entry.key_at, entry.fields
    if not fields.get("title"):
        found.append(
            (at, f"the entry `{entry.key}` has no title", "a field `title`", "add a title")
        )
    read = fields.get("read", "")
    if read and read not in READ:
        wrong = f"`read` is `{read}`"
        found.append((entry.places["read"], wrong, "one of " + ", ".join(READ), "correct the word"))
    url = fields.get("url", "")
    if url and not url.startswith(("https://", "http://")):
        allowed = "an address that begins with https:// or http://"
        found.append((entry.places["url"], f"`{url}` is no web address", allowed, "write it whole"))
    return [_mistake(entry.text, *each) for each in found]


def _source(key: str, fields: dict[str, str]) -> Source:
    def first(*names: str) -> str:
        return next((fields[name] for name in names if fields.get(name)), "")

    return Source(
        key=key,
        title=first("title"),
        author=first("author", "editor", "organization"),
        year=first("year", "date"),
        publisher=first(
            "publisher",
            "journal",
            "booktitle",
            "institution",
            "school",
            "organization",
            "howpublished",
        ),
        url=first("url"),
        read=first("read"),
        note=first("note"),
    )


class _Entry:
    """One entry; `at` is the place in the text that is read next."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at
        self.key = ""
        self.key_at = at
        self.fields: dict[str, str] = {}
        self.places: dict[str, int] = {}

    def read(self) -> None:
        if not self._take("@"):
            raise _Stop(
                self.at,
                "text stands between the entries",
                "entries and lines with `%`",
                "begin the line with `%`, or delete it",
            )
        kind = self._match(_NAME, "the type of the entry is missing", "`@book`, `@misc` ...")
        if kind.lower() in ("string", "preamble", "comment"):
            raise _Stop(self.at, f"`@{kind}` is not read", "entries only", "write values in full")
        self._need("{", "the brace after the type is missing")
        self._space()
        self.key_at = self.at
        self.key = self._match(
            _KEY,
            "the key of the entry is missing or has odd characters",
            "letters, digits and _ : . + / -",
        )
        while True:
            self._space()
            if self._take("}"):
                return
            self._need(",", "a comma or the closing brace is missing")
            self._space()
            if self._take("}"):
                return
            self._field()

    def _field(self) -> None:
        at = self.at
        name = self._match(_NAME, "the name of a field is missing", "`title = {...}`").lower()
        self._space()
        self._need("=", f"the equals sign after `{name}` is missing")
        self._space()
        value = self._value(name)
        if name in self.fields:
            raise _Stop(at, f"the field `{name}` is repeated", "each field once", "delete one")
        self.fields[name] = _clean(value)
        self.places[name] = at

    def _value(self, name: str) -> str:
        if self._take("{"):
            return self._until("}", name)
        if self._take('"'):
            return self._until('"', name)
        return self._match(
            _NUMBER,
            f"the value of `{name}` is not in braces",
            "text in braces or quotes, or a whole number",
        )

    def _until(self, end: str, name: str) -> str:
        """The text up to the end mark at brace depth 0."""
        start, depth = self.at, 0
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "\\":
                self.at += 2
                continue
            if depth == 0 and character == end:
                self.at += 1
                return self.text[start : self.at - 1]
            if character == "\n" and _FIELD_OR_ENTRY.match(self.text, self.at):
                break  # the next field or entry begins: this value was never closed
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth < 0:
                raise _Stop(
                    self.at,
                    f"`{name}` has a closing brace too many",
                    "balanced braces",
                    "delete it, or write `\\}`",
                )
            self.at += 1
        raise _Stop(
            start - 1,
            f"the value of `{name}` is never closed",
            "balanced braces",
            "add the missing closing brace or quote",
        )

    def _space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _take(self, mark: str) -> bool:
        if self.text.startswith(mark, self.at):
            self.at += len(mark)
            return True
        return False

    def _need(self, mark: str, wrong: str) -> None:
        self._space()
        if not self._take(mark):
            ended = " (the file ends here)" if self.at >= len(self.text) else ""
            raise _Stop(self.at, wrong + ended, f"`{mark}` here", f"write `{mark}`")

    def _match(self, pattern: re.Pattern[str], wrong: str, allowed: str) -> str:
        found = pattern.match(self.text, self.at)
        if not found:
            raise _Stop(self.at, wrong, allowed, "write it as in `@misc{KEY, title = {...}}`")
        self.at = found.end()
        return found.group()


def _skip_between(text: str, at: int) -> int:
    """The start of the next entry or of text that should not be there."""
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif text[at] == "%":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end + 1
        else:
            break
    return at


def _clean(value: str) -> str:
    """One line of text: braces that only protect capitals go, escapes are undone."""
    return " ".join(_BRACE_OR_ESCAPE.sub(lambda found: found.group(1) or "", value).split())


def _mistake(text: str, at: int, wrong: str, allowed: str, mend: str) -> Mistake:
    at = min(at, len(text))
    line = text.count("\n", 0, at) + 1
    return Mistake(line, at - (text.rfind("\n", 0, at) + 1) + 1, wrong, allowed, mend)
