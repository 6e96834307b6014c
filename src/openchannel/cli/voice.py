"""What is said where: results on standard output, messages and problems on standard error.

With `--json` standard output carries JSON and nothing else; with `--quiet` only problems are told.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from openchannel.errors import Problem

__all__ = ["Voice"]


@dataclass(frozen=True)
class Voice:
    """Speaks for one command.

    json : the result is wanted as JSON
    quiet : no messages, no progress, no tables
    """

    json: bool = False
    quiet: bool = False

    @classmethod
    def of(cls, arguments: Sequence[str]) -> Voice:
        """The voice that a command line asks for, known before it is parsed."""
        options = arguments[: arguments.index("--")] if "--" in arguments else arguments
        return cls("--json" in options, "--quiet" in options or "-q" in options)

    @cached_property
    def screen(self) -> Console:
        """Standard output, for tables and sentences."""
        return _console(stderr=False)

    @cached_property
    def aside(self) -> Console:
        """Standard error, for messages, progress and problems."""
        return _console(stderr=True)

    @property
    def shows(self) -> bool:
        """Whether results for people are wanted: neither JSON nor silence is."""
        return not self.json and not self.quiet

    def show(self, thing: RenderableType) -> None:
        """A result for people: on standard output, unless JSON or silence is wanted."""
        if self.shows:
            self.screen.print(thing)

    def show_lines(self, text: RenderableType) -> None:
        """Lines for people that are never broken, so that paths in them stay whole."""
        if self.shows:
            self.screen.print(text, soft_wrap=True)

    def give(self, value: Any) -> None:
        """A result for programs: JSON on standard output, if it is wanted."""
        if not self.json:
            return
        is_plain = "utf" not in (sys.stdout.encoding or "").lower()
        text = json.dumps(value, indent=2, ensure_ascii=is_plain, allow_nan=False)
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def say(self, text: str) -> None:
        """A message on standard error, unless silence is wanted."""
        if not self.quiet:
            self.insist(text)

    def insist(self, text: str) -> None:
        """A message on standard error that silence does not cover."""
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def count(self, done: int, of: int) -> None:
        """Blocks done, told at every quarter of the way."""
        if of and (4 * done) // of > (4 * (done - 1)) // of:
            self.say(f"{done} of {of} blocks")

    def complain(self, problems: Iterable[Problem]) -> None:
        """Problems: all of them on standard error, and as JSON on standard output if wanted."""
        told = list(problems)
        self.aside.print(problem_list(told), soft_wrap=True)
        self.give({"problems": [p.as_dict() for p in told]})


def problem_list(problems: Sequence[Problem]) -> RenderableType:
    """Problems one under the other: where, wrong, allowed, mend; at the end how many."""
    from rich.text import Text

    text = Text("\n\n").join(_problem(p) for p in problems)
    if len(problems) > 1:
        text.append(f"\n\n{len(problems)} problems", style="bold")
    return text


def _problem(problem: Problem) -> Any:
    from rich.text import Text

    head, *lines = str(problem).split("\n")
    text = Text(head, style="bold")
    for line in lines:
        text.append("\n")
        text.append(line, style="not bold red" if line.startswith("  wrong:") else "not bold")
    return text


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    class Told(Console):
        """A console that passes a closed pipe on instead of exiting by itself."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Told(stderr=stderr, highlight=False, markup=False, emoji=False)
