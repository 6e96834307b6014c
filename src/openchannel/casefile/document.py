"""One case file with its tree, and the way from a field back to its line and column.

Owns places; `forms` says what the fields mean and `wording` puts complaints into words.
"""

from __future__ import annotations

from collections.abc import Sequence as AbstractSequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openchannel.casefile.mistakes import Mistake
from openchannel.casefile.text import read_text
from openchannel.casefile.tree import Mapping, Node, Scalar, Sequence, plain, read_yaml
from openchannel.errors import Problem

__all__ = ["CaseFile", "Document", "Location", "Step", "field_path", "read_document"]

Step = str | int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file that takes part in a case.

    `shown` is its path as the user knows it, `name` its path inside the case folder, and
    `origin` the id of the case that it belongs to, which matters where a case extends another.
    """

    path: Path
    shown: str
    name: str
    origin: str

    @classmethod
    def own(cls, path: str | Path) -> CaseFile:
        """A file of the user's own beside a case."""
        return cls(Path(path), str(path), Path(path).name, "own")

    @property
    def stem(self) -> str:
        """Name of the file without its folder and ending."""
        return self.path.stem

    @property
    def cited(self) -> str:
        """Path that is the same on every machine, for the trace from a number to its file."""
        return f"{self.origin}/{self.name}"

    def problem(self, mistake: Mistake, field: str = "") -> Problem:
        """A mistake in the text of this file as a problem of the case."""
        return Problem(
            self.shown,
            field,
            mistake.wrong,
            mistake.allowed,
            mistake.mend,
            mistake.line,
            mistake.column,
        )


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file, and the way to the field as the file writes it."""

    shown: str
    line: int
    column: int
    field: str


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file; `inherited` are the files that lend it the top-level keys it lacks."""

    file: CaseFile
    root: Node
    text: str
    inherited: tuple[Document, ...] = ()

    def data(self) -> Any:
        """Plain Python values; top-level keys of inherited files stand where the file has none."""
        own = plain(self.root)
        if not isinstance(own, dict):
            return own
        for parent in self.inherited:
            lent = parent.data()
            if isinstance(lent, dict):
                own = {k: v for k, v in lent.items() if k not in _NOT_INHERITED} | own
        return own

    def locate(self, path: AbstractSequence[Step], *, key: bool = False) -> Location:
        """Where the value at `path` begins, or its key; the nearest place if it is not there.

        Steps of the long form that the file does not have are passed over: `range: {...}` stands
        for a list of one, and a number for `{set: number}`.
        """
        holder = self._holder(path)
        node, at = holder.root, _start(holder.root)
        written: list[Step] = []
        for step in path:
            match node:
                case Mapping() if str(step) in node.entries:
                    key_node, node = node.entries[str(step)]
                    at = (key_node.line, key_node.column) if key else _start(node)
                    written.append(str(step))
                case Mapping() if isinstance(step, str):
                    written.append(step)
                case Sequence() if isinstance(step, int) and step < len(node.items):
                    node = node.items[step]
                    at = _start(node)
                    written.append(step)
        return Location(holder.file.shown, *at, field_path(written))

    def problem(
        self,
        path: AbstractSequence[Step],
        wrong: str,
        allowed: str,
        mend: str,
        *,
        key: bool = False,
    ) -> Problem:
        """A problem with the value at `path`, or with its key, at its place in the file."""
        where = self.locate(path, key=key)
        return Problem(where.shown, where.field, wrong, allowed, mend, where.line, where.column)

    def _holder(self, path: AbstractSequence[Step]) -> Document:
        """The file in which the first step of `path` stands."""
        if not path or path[0] in _NOT_INHERITED:
            return self
        for document in (self, *self.inherited):
            if isinstance(document.root, Mapping) and str(path[0]) in document.root.entries:
                return document
        return self


# A case that extends another has an id of its own, and the parent's parent is the parent's affair.
_NOT_INHERITED = frozenset({"id", "extends"})


def read_document(file: CaseFile, problems: list[Problem]) -> Document | None:
    """The parsed file; its mistakes are added to `problems`."""
    text = read_text(file.path)
    if isinstance(text, Mistake):
        problems.append(file.problem(text))
        return None
    root, mistakes = read_yaml(text)
    problems.extend(file.problem(mistake) for mistake in mistakes)
    return None if root is None else Document(file, root, text)


def field_path(path: AbstractSequence[Step]) -> str:
    """The way to a field as people write it.

    Examples
    --------
    >>> field_path(["references", 0, "source"])
    'references[0].source'
    """
    written = ""
    for step in path:
        written += f"[{step}]" if isinstance(step, int) else f".{step}" if written else str(step)
    return written


def _start(node: Node) -> tuple[int, int]:
    """A block mapping begins at its first key, so every kind of node has a place of its own."""
    assert isinstance(node, Scalar | Sequence | Mapping)
    return node.line, node.column
