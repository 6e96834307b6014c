"""What can go wrong and how to say it: `Problem`, and the exceptions that carry problems.

Wording is public interface: where, what is wrong, what is allowed, how to mend it.
Printing and exit codes belong to the faces (`cli`, `web`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

__all__ = ["CaseError", "Interrupted", "OpenchannelError", "Problem", "UserError"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one place.

    `file` is as the user wrote it; `line` and `column` count from 1, 0 when unknown.
    """

    file: str
    field: str
    wrong: str
    allowed: str
    mend: str
    line: int = 0
    column: int = 0

    @property
    def where(self) -> str:
        """`file:line:column`, as editors read it; without the parts that are not known."""
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)

    def as_dict(self) -> dict[str, object]:
        """The same fields, for `--json` and for pages."""
        return asdict(self)

    def __str__(self) -> str:
        head = f"{self.where} · {self.field}" if self.field else self.where
        return f"{head}\n  wrong:   {self.wrong}\n  allowed: {self.allowed}\n  mend:    {self.mend}"


class OpenchannelError(Exception):
    """Anything openchannel raises on purpose."""


class UserError(OpenchannelError):
    """The input cannot be used as it stands; carries every problem found, at least one."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple[type[UserError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # as whole from another process as it was there


class CaseError(UserError):
    """A case folder has problems."""


class Interrupted(OpenchannelError):
    """Work stopped at the user's wish; what was finished is kept in `folder`."""

    def __init__(self, message: str, folder: str = "") -> None:
        self.folder = folder
        super().__init__(message)
