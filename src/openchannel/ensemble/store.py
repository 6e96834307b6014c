"""Files that appear whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

__all__ = ["read_sealed", "write_atomic", "write_json", "write_sealed"]

_SEAL = 64  # bytes of SHA-256 before what is kept


def write_atomic(path: Path, write: Callable[[Path], None]) -> Path:
    """Let `write` fill a temporary file beside `path`, then put it in place.

    A failure leaves what stood at `path` as it was, and no temporary file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def write_json(path: Path, value: Mapping[str, Any]) -> Path:
    """One JSON file, sorted as given, two spaces, a newline at the end."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return write_atomic(path, lambda p: _write_text(p, text))


def write_sealed(path: Path, body: bytes) -> Path:
    """A file that `read_sealed` gives back only as it was written."""
    whole = _seal(body) + body

    def write(target: Path) -> None:
        target.write_bytes(whole)

    return write_atomic(path, write)


def read_sealed(path: Path) -> bytes | None:
    """What was sealed in a file; None where there is none, or it is damaged."""
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    body = whole[_SEAL:]
    return body if whole[:_SEAL] == _seal(body) else None


def _seal(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
