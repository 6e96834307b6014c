"""One file put into the store: read, understood, kept or rejected, and every row accounted for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openchannel.evidence.imports.coding import Coding
from openchannel.evidence.imports.fieldmap import FieldMap, Layout
from openchannel.evidence.imports.listing import OpenList, open_list
from openchannel.evidence.imports.meaning import Choice, Event, RowReader
from openchannel.evidence.imports.opening import Fingerprint
from openchannel.evidence.imports.rejects import Rejects
from openchannel.evidence.imports.rows import Batch
from openchannel.evidence.keeping.database import Database
from openchannel.evidence.keeping.imported import Arrivals, Import

__all__ = ["Imported", "import_file"]

_ROWS_AT_A_TIME = 20_000
_NAMES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the rows of a file.

    read : rows of the file; lines without a sign and the head are none
    added, changed, known : rows now in the store: new, a new revision, there already
    outside : rows of other actors or days than were asked for
    rejected : rows that could not be read, in `rejects_file` with their reasons
    reasons : rejects by reason, the commonest first
    unplaced : names that no table gives a state, where the other side was one of those asked for
    """

    file: str
    format: str
    layout: str
    source: str
    read: int
    added: int
    changed: int
    known: int
    outside: int
    rejected: int
    rejects_file: str
    reasons: tuple[tuple[str, int], ...]
    unplaced: tuple[tuple[str, int], ...]
    n_unplaced: int

    @property
    def is_balanced(self) -> bool:
        """Whether every row read is in exactly one of the other counts."""
        kept = self.added + self.changed + self.known
        return self.read == kept + self.outside + self.rejected


def import_file(
    path: Path,
    field_map: FieldMap,
    coding: Coding,
    choice: Choice,
    database: Database,
    rejects_path: Path,
    tell: Callable[[int], None] | None = None,
) -> Imported:
    """Read a file into the store, whole or not at all.

    `tell` hears how many bytes of the file lie behind.

    Raises
    ------
    UserError
        If the file cannot be read, or has none of the layouts of its format.
    """
    found = open_list(path, field_map)
    fingerprint = Fingerprint(path)
    try:
        reader = RowReader(found.layout, found.columns, coding, choice, field_map.blank)
        with Rejects(rejects_path) as rejects:
            work = _Work(reader, rejects, Arrivals(database))
            for batch in found.batches(_codes(found.layout, choice), tell):
                work.take(batch, found.writing.separator)
            work.settle()
            sha256 = fingerprint.result()
            return _merge(found, field_map.format, choice, work, sha256)
    finally:
        fingerprint.stop()


class _Work:
    """Counts rows, sends those that were understood on, writes down those that were not."""

    def __init__(self, reader: RowReader, rejects: Rejects, arrivals: Arrivals) -> None:
        self.reader, self.rejects, self.arrivals = reader, rejects, arrivals
        self.n_read = self.n_outside = 0
        self._waiting: list[Event] = []

    def take(self, batch: Batch, separator: str) -> None:
        """Understand the rows of a batch."""
        self.n_read += batch.n_rows
        self.n_outside += batch.n_outside
        for refused in batch.refused:
            text = refused.text.decode("utf-8", errors="replace")
            self.rejects.add(refused.line, refused.reason, text)
        for piece in batch.pieces:
            try:
                event = self.reader.read(piece.cells, piece.line)
            except ValueError as error:
                self.rejects.add(piece.line, str(error), separator.join(piece.cells))
                continue
            if event is None:
                self.n_outside += 1
            else:
                self._waiting.append(event)
        if len(self._waiting) >= _ROWS_AT_A_TIME:
            self.settle()

    def settle(self) -> None:
        """Send on what is waiting."""
        self.arrivals.add(self._waiting)
        self._waiting = []


def _codes(layout: Layout, choice: Choice) -> Sequence[Sequence[bytes]]:
    """Codes that stand in every row of two wanted actors; none where no code is sure to."""
    sides = [layout.fields.get(name) for name in ("actor1", "actor2")]
    are_codes = all(rule is not None and rule.codes == "iso3" for rule in sides)
    if not are_codes or len(choice.actors) < 2:
        return ()
    return [[actor.encode()] for actor in choice.actors]


def _merge(found: OpenList, format_: str, choice: Choice, work: _Work, sha256: str) -> Imported:
    rejects, layout = work.rejects, found.layout
    rejects_file = rejects.keep()
    merged = work.arrivals.merge(
        Import(
            layout.source, format_, layout.name, str(found.path), sha256, choice.words(),
            work.n_read, work.n_outside, rejects.n, rejects_file,
        )
    )  # fmt: skip
    unplaced = sorted(work.reader.unplaced.items(), key=lambda item: (-item[1], item[0]))
    return Imported(
        str(found.path),
        format_,
        layout.name,
        layout.source,
        work.n_read,
        merged.added,
        merged.changed,
        merged.known,
        work.n_outside,
        rejects.n,
        rejects_file,
        tuple(rejects.reasons.most_common()),
        tuple(unplaced[:_NAMES_SHOWN]),
        len(unplaced),
    )
