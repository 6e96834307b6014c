"""YAML text to a tree of values that know their place.

Owns the strict reading of YAML 1.2: which scalars are numbers, that a repeated key is a mistake,
what is refused. Leaves files to `text` and meaning to `forms`.

The tree is built from the parser's events. That is one path for good and bad files alike, costs
half the time of a round-trip load, and keeps the YAML 1.1 habits of ready-made constructors out.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from openchannel.casefile import mistakes
from openchannel.casefile.mistakes import Mistake

__all__ = ["Mapping", "Node", "Scalar", "Sequence", "plain", "read_yaml"]

MAX_DEPTH = 24
MAX_NODES = 50_000  # after aliases are followed, so that a few lines cannot fill the memory


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: text, number, truth value or nothing."""

    value: str | int | float | bool | None
    text: str
    line: int
    column: int

    @property
    def n_nodes(self) -> int:
        """A single value counts as one."""
        return 1


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values, in the order of the file."""

    items: tuple[Node, ...]
    line: int
    column: int
    n_nodes: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys are text, as written: `3:` and `"3":` are the same key, and `null:` is a word."""

    entries: dict[str, tuple[Scalar, Node]]
    line: int
    column: int
    n_nodes: int


Node = Scalar | Sequence | Mapping

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH = {"true": True, "false": False}


@lru_cache(maxsize=1024)  # four times the files of the built-in case
def read_yaml(text: str) -> tuple[Node | None, tuple[Mistake, ...]]:
    """The tree of a YAML text and every mistake in it; no tree where the text does not parse.

    Trees are immutable, so equal texts share one; `read_yaml.cache_clear()` empties the store.
    """
    tabs = tuple(mistakes.tab_mistakes(text))
    if tabs:
        return None, tabs
    builder = _Builder()
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except _Refused as refusal:
        builder.mistakes.append(refusal.mistake)
        return None, tuple(builder.mistakes)
    except (YAMLError, ValueError, IndexError) as error:
        builder.mistakes.append(mistakes.syntax_mistake(error))
        return None, tuple(builder.mistakes)
    if builder.root is None and not builder.mistakes:
        builder.mistakes.append(mistakes.empty())
    return builder.root, tuple(builder.mistakes)


def plain(node: Node) -> Any:
    """The tree as ordinary Python values: dictionaries with text keys, lists and scalars."""
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key: plain(value) for key, (_, value) in node.entries.items()}


class _Refused(Exception):
    """Reading cannot go on."""

    def __init__(self, mistake: Mistake) -> None:
        self.mistake = mistake


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    kind: type
    line: int
    column: int
    anchor: str | None
    items: list[Node] = field(default_factory=list)
    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    key: Scalar | None = None
    n_nodes: int = 1


class _Builder:
    """Takes parser events one by one; `root` holds the tree at the end."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.mistakes: list[Mistake] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, Node] = {}

    def take(self, event: Any) -> None:
        match type(event).__name__:
            case "ScalarEvent":
                self._place(self._scalar(event), event)
            case "MappingStartEvent":
                self._open(Mapping, event)
            case "SequenceStartEvent":
                self._open(Sequence, event)
            case "MappingEndEvent" | "SequenceEndEvent":
                self._close()
            case "AliasEvent":
                self._place(self._alias(event), event)
            case "DocumentStartEvent" if self.root is not None:
                raise _Refused(mistakes.second_document(*_place_of(event)))

    def _open(self, kind: type, event: Any) -> None:
        line, column = _place_of(event)
        self._refuse_tag(event)
        if len(self._stack) >= MAX_DEPTH:
            raise _Refused(mistakes.too_deep(MAX_DEPTH, line, column))
        if self._stack and self._expects_key():
            raise _Refused(mistakes.odd_key(line, column))
        self._stack.append(_Open(kind, line, column, event.anchor))

    def _close(self) -> None:
        done = self._stack.pop()
        node: Node
        if done.kind is Mapping:
            node = Mapping(done.entries, done.line, done.column, done.n_nodes)
        else:
            node = Sequence(tuple(done.items), done.line, done.column, done.n_nodes)
        if done.anchor is not None:
            self._anchors[done.anchor] = node
        self._put(node)

    def _expects_key(self) -> bool:
        top = self._stack[-1]
        return top.kind is Mapping and top.key is None

    def _place(self, node: Node, event: Any) -> None:
        if self._stack and self._expects_key():
            if not isinstance(node, Scalar) or not node.text:
                raise _Refused(mistakes.odd_key(*_place_of(event)))
            self._stack[-1].key = Scalar(node.value, node.text, *_place_of(event))
        else:
            self._put(node)

    def _put(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        top = self._stack[-1]
        top.n_nodes += node.n_nodes
        if top.n_nodes > MAX_NODES:
            raise _Refused(mistakes.too_many(MAX_NODES, top.line, top.column))
        if top.kind is Sequence:
            top.items.append(node)
            return
        key, top.key = top.key, None
        assert key is not None
        if isinstance(node, Scalar) and not node.text and node.value is None:
            # The parser puts an empty value where the next thing begins; its key is what one sees.
            node = Scalar(None, "", key.line, key.column)
        if key.text in top.entries:
            first = top.entries[key.text][0]
            self.mistakes.append(mistakes.repeated(key.text, first.line, key.line, key.column))
        else:
            top.entries[key.text] = (key, node)

    def _scalar(self, event: Any) -> Scalar:
        line, column = _place_of(event)
        self._refuse_tag(event)
        text: str = event.value
        is_plain = event.style not in ("'", '"', "|", ">")
        if is_plain and _NOT_FINITE.fullmatch(text):
            self.mistakes.append(mistakes.not_finite(text, line, column))
        value = _plain_value(text) if is_plain else text
        if isinstance(value, float) and math.isinf(value):
            self.mistakes.append(mistakes.not_finite(text, line, column))
            value = text
        node = Scalar(value, text, line, column)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: Any) -> Node:
        if event.anchor in self._anchors:
            return self._anchors[event.anchor]
        raise _Refused(mistakes.unknown_alias(event.anchor, *_place_of(event)))

    def _refuse_tag(self, event: Any) -> None:
        if event.ctag is not None:
            self.mistakes.append(mistakes.tagged(str(event.ctag), *_place_of(event)))


def _plain_value(text: str) -> str | int | float | bool | None:
    """What an unquoted scalar means under the YAML 1.2 core schema, read narrowly."""
    if text in _TRUTH:
        return _TRUTH[text]
    if text in _NULLS:
        return None
    if _INTEGER.fullmatch(text) and len(text) <= 300:  # longer ones overflow below
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        return int(text[2:] if base != 10 else text, base)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _place_of(event: Any) -> tuple[int, int]:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1
