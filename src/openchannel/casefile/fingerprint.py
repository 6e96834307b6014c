"""The fingerprint of a case: the same content gives the same one, wherever it lies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

__all__ = ["case_fingerprint"]


def case_fingerprint(texts: Iterable[tuple[str, str]]) -> str:
    """SHA-256, in hexadecimal, over (path inside the case folder, text) of every file.

    Line ends and byte-order marks are normal already; neither the order of the files nor the place
    of the folder matters. Evidence files have a fingerprint of their own.
    """
    digest = hashlib.sha256()
    for name, text in sorted(texts):
        for part in (name.encode(), text.encode()):
            # The length stands before each part, so that no two sets of files read the same.
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()
