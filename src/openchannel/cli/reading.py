"""How far the reading of a list is: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openchannel.cli.voice import Voice

__all__ = ["reading_of"]

_SECONDS_BETWEEN_LINES = 10.0
_MEBIBYTE = 1 << 20

Tell = Callable[[Path, int, int], None]


@contextmanager
def reading_of(voice: Voice) -> Iterator[Tell | None]:
    """A reporter to hand to `import_lists`; None where silence is wanted."""
    if voice.quiet:
        yield None
    elif voice.aside.is_terminal:
        with _bar(voice) as tell:
            yield tell
    else:
        yield _Lines(voice)


class _Lines:
    """A line every ten seconds, so that a log stays short."""

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.last = time.monotonic()

    def __call__(self, file: Path, behind: int, size: int) -> None:
        if time.monotonic() - self.last >= _SECONDS_BETWEEN_LINES:
            self.last = time.monotonic()
            self.voice.say(f"{file.name}: {behind // _MEBIBYTE} of {size // _MEBIBYTE} MiB read")


@contextmanager
def _bar(voice: Voice) -> Iterator[Tell]:
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(40),
        TextColumn("{task.percentage:>3.0f} %", markup=False),
        TimeRemainingColumn(),
    )
    tasks: dict[Path, TaskID] = {}
    with Progress(*columns, console=voice.aside, redirect_stdout=False) as progress:

        def tell(file: Path, behind: int, size: int) -> None:
            if file not in tasks:
                tasks[file] = progress.add_task(file.name, total=size)
            progress.update(tasks[file], completed=behind)

        yield tell
