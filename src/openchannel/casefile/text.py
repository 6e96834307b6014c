"""Files to text: every way in which a file may fail to be readable text, in words.

Owns sizes, encodings and what the operating system refuses; knows nothing of YAML or BibTeX.
"""

from __future__ import annotations

import errno
import re
import stat
from pathlib import Path

from openchannel.casefile.mistakes import Mistake

__all__ = ["MAX_BYTES", "read_text"]

MAX_BYTES = 1 << 20  # 1 MiB; the longest file of the built-in cases is below 50 kB

# Characters that YAML 1.2 does not allow in a text, the NUL byte of binary files among them.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_text(path: Path) -> str | Mistake:
    r"""The text of a UTF-8 file with `\n` line ends, or why there is none."""
    content = _read_bytes(path)
    if isinstance(content, Mistake):
        return content
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _encoding(1, 1, "the file is encoded as UTF-16")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(content[: error.start].decode("utf-8"))
        byte = content[error.start]
        return _encoding(line, column, f"byte {error.start} (0x{byte:02X}) is not UTF-8")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    bad = _UNPRINTABLE.search(text)
    if bad:
        line, column = _place(text[: bad.start()])
        code = ord(bad.group())
        what = "a NUL byte: the file is binary" if code == 0 else f"the control character {code:#x}"
        return Mistake(line, column, f"here stands {what}", "plain text", "save it as a text file")
    return text


def _read_bytes(path: Path) -> bytes | Mistake:
    try:
        # Opening a pipe would wait for ever, so look before opening.
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            kind = "a folder" if stat.S_ISDIR(found.st_mode) else "no ordinary file"
            return _no_file(f"this is {kind}", "put a text file of this name in its place")
        if found.st_size > MAX_BYTES:
            return _no_file(
                f"the file has {found.st_size:,} bytes",
                "split it, or check that it is the right file",
                f"at most {MAX_BYTES:,} bytes",
            )
        return path.read_bytes()
    except FileNotFoundError:
        return _no_file("the file does not exist", "write it, or mend the link that leads to it")
    except PermissionError:
        return _no_file("the file may not be read by you", "change its permissions")
    except OSError as error:
        if error.errno == errno.ELOOP:
            return _no_file("the link leads back to itself", "replace the link by the file")
        return _no_file(
            f"the file cannot be read ({error.strerror})", "check the disk and the path"
        )


def _no_file(wrong: str, mend: str, allowed: str = "a readable text file") -> Mistake:
    return Mistake(0, 0, wrong, allowed, mend)


def _encoding(line: int, column: int, wrong: str) -> Mistake:
    return Mistake(line, column, wrong, "UTF-8", "save the file as UTF-8 in your editor")


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
