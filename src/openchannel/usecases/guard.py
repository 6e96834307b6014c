"""Turn what the machine refuses into problems that a person can mend."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openchannel.errors import Problem, UserError

__all__ = ["disk_problems"]

_WORDS = {
    errno.ENOSPC: ("the disk is full", "free some space, then run it again; what stands is kept"),
    errno.EDQUOT: ("the disk quota is used up", "free some space, then run it again"),
    errno.EACCES: (
        "the folder may not be written",
        "choose another with {option}, or change its rights",
    ),
    errno.EPERM: (
        "the folder may not be written",
        "choose another with {option}, or change its rights",
    ),
    errno.EROFS: ("the disk is read-only", "choose a folder on another disk with {option}"),
    errno.ENOTDIR: (
        "a file stands where a folder is needed",
        "choose another folder with {option}",
    ),
    errno.ENOENT: (
        "the folder does not exist and cannot be made",
        "choose another folder with {option}",
    ),
    errno.ENAMETOOLONG: (
        "the name is too long for this disk",
        "choose a shorter one with {option}",
    ),
    errno.EIO: ("the disk reports an error", "choose a folder on another disk with {option}"),
    errno.EEXIST: ("a file stands where a folder is needed", "choose another folder with {option}"),
}


@contextmanager
def disk_problems(target: Path | None, option: str = "-o") -> Iterator[None]:
    """Within it, a refusal of the operating system to write becomes a `UserError`.

    `option` is what the user names the place with.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _WORDS:
            raise
        wrong, mend = _WORDS[error.errno]
        raise UserError(
            Problem(
                file=str(error.filename or target or "output"),
                field="output",
                wrong=wrong,
                allowed="a folder that can be written, with room for the run",
                mend=mend.format(option=option),
            )
        ) from error
