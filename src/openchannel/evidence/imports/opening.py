"""From a file to the bytes of its rows: plain, gzip or zip, hashed while it is read.

Owns opening and unpacking. Cutting bytes into rows belongs to `rows`.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
import os
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from openchannel.errors import Problem, UserError

__all__ = ["BLOCK_BYTES", "Fingerprint", "blocks", "check_readable", "unreadable"]

BLOCK_BYTES = 1 << 20
"""One mebibyte: blocks of this size stay in the cache of a core, larger ones were slower."""

_TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".tab", ".json", ".jsonl", ".ndjson", ".data")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BINARY = {
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"7z\xbc\xaf": "packed as 7z",
    b"Rar!": "packed as rar",
    b"\xfd7zX": "packed as xz",
    b"BZh": "packed as bzip2",
    b"\x28\xb5\x2f\xfd": "packed as zstd",
}
_ZIP, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_MARK = b"\xef\xbb\xbf"


class Fingerprint(threading.Thread):
    """SHA-256 of a file as it lies on the disk, taken beside the import on another core."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self._path = path
        self._before = _state(path)
        self._hexdigest = ""
        self._error: OSError | None = None
        self._stopped = threading.Event()
        self.start()

    def run(self) -> None:
        """Read the file once, until its end or `stop`."""
        digest = hashlib.sha256()
        try:
            with self._path.open("rb") as stream:
                while not self._stopped.is_set() and (block := stream.read(BLOCK_BYTES)):
                    digest.update(block)
        except OSError as error:
            self._error = error
        self._hexdigest = digest.hexdigest()

    def stop(self) -> None:
        """Give up; the import has failed."""
        self._stopped.set()
        self.join()

    def result(self) -> str:
        """The hash in hexadecimal digits.

        Raises
        ------
        UserError
            If the file could not be read, or changed while it was imported.
        """
        self.join()
        if self._error is not None:
            raise unreadable(self._path, f"it cannot be read ({self._error.strerror})")
        if _state(self._path) != self._before:
            raise unreadable(
                self._path,
                "it changed while it was read",
                mend="wait until it is written in full, and import it again",
            )
        return self._hexdigest


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (-1, -1)
    return (found.st_size, found.st_mtime_ns)


def unreadable(path: Path, wrong: str, mend: str = "") -> UserError:
    """What to say of a file that gives no rows at all."""
    return UserError(
        Problem(
            str(path),
            "file",
            wrong,
            "a text file with one row each line, plain, .gz or .zip",
            mend or "name a file of this kind; a spreadsheet is exported as CSV in UTF-8",
        )
    )


def check_readable(path: Path) -> int:
    """Size of a file in bytes, after a look at what it is.

    Raises
    ------
    UserError
        If there is no such file, it is a folder, may not be read, is empty or not text.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
            size = os.fstat(stream.fileno()).st_size
    except FileNotFoundError:
        raise unreadable(path, "there is no such file", "check the name") from None
    except IsADirectoryError:
        raise unreadable(path, "it is a folder", "name the files in it") from None
    except OSError as error:
        raise unreadable(path, f"it cannot be read ({error.strerror})") from error
    if not head:
        raise unreadable(path, "it is empty", "fetch it again")
    if head == _EMPTY_ZIP:
        raise unreadable(path, "the zip holds no file", "fetch it again")
    if head.startswith(_UTF16):
        raise unreadable(path, "it is UTF-16 text", "save it in UTF-8")
    for mark, name in _BINARY.items():
        if head.startswith(mark):
            raise unreadable(path, f"it is {name}")
    return size


def blocks(
    path: Path, tell: Callable[[int], None] | None = None, n_head: int = 0
) -> Iterator[bytes]:
    """The unpacked bytes of a file, a block at a time; members of a zip one after the other.

    `tell` hears how many bytes of the file on disk are behind us. A member that does not end in a
    line break gets one, so that two members never share a line. Where a later member begins with
    the same `n_head` lines as the first, they are left blank: its head is no row, and lines keep
    their numbers.

    Raises
    ------
    UserError
        If the file is damaged, locked with a password or holds no text.
    """
    try:
        with path.open("rb") as raw:
            head = raw.read(4)
            raw.seek(0)
            if head.startswith(b"\x1f\x8b"):
                with gzip.GzipFile(fileobj=raw) as unpacked:
                    yield from _told(unpacked.read, raw.tell, tell)
            elif head.startswith(_ZIP):
                yield from _zip_blocks(path, tell, n_head)
            else:
                yield from _told(raw.read, raw.tell, tell)
    except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise unreadable(
            path, f"the packed file is damaged ({error})", "fetch it again, or unpack it first"
        ) from error
    except OSError as error:
        raise unreadable(path, f"it cannot be read ({error.strerror or error})") from error


def _told(
    read: Callable[[int], bytes], where: Callable[[], int], tell: Callable[[int], None] | None
) -> Iterator[bytes]:
    while block := read(BLOCK_BYTES):
        if tell is not None:
            tell(where())
        yield block


def _zip_blocks(path: Path, tell: Callable[[int], None] | None, n_head: int) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as archive:
        members = [
            m
            for m in archive.infolist()
            if not m.is_dir() and m.filename.lower().endswith(_TEXT_ENDINGS)
        ]
        if not members:
            raise unreadable(path, "the zip holds no text file")
        behind, head = 0, b""
        for member in members:
            last = b"\n"
            try:
                with archive.open(member) as stream:
                    first = stream.read(BLOCK_BYTES)
                    rest = _told(stream.read, int, None)
                    for block in chain([_unheaded(first, head)] if first else [], rest):
                        last = block[-1:]
                        yield block
                head = head or (_head(first, n_head) if first else b"")
            except (RuntimeError, NotImplementedError) as error:  # password, unknown packing
                raise unreadable(
                    path, f"{member.filename} cannot be unpacked ({error})", "unpack it first"
                ) from error
            if last != b"\n":
                yield b"\n"
            behind += member.compress_size
            if tell is not None:
                tell(behind)


def _head(first: bytes, n_lines: int) -> bytes:
    """The first lines of a member, without a byte mark."""
    lines = first.removeprefix(_MARK).split(b"\n", n_lines)[:n_lines]
    return b"".join(line + b"\n" for line in lines)


def _unheaded(first: bytes, head: bytes) -> bytes:
    """The beginning of a later member, its head left blank where it is that of the first."""
    bare = first.removeprefix(_MARK)
    if not head or not bare.startswith(head):
        return first
    return b"\n" * head.count(b"\n") + bare[len(head) :]
