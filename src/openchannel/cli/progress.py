"""How far an assessment is: a live bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from openchannel.cli.voice import Voice
    from openchannel.ensemble import Progress
    from openchannel.usecases.runs.first_look import FirstLook

__all__ = ["Watched", "clock", "looked_at", "progress_of"]

_SECONDS_BETWEEN_LINES = 10.0
_POINTS = 100.0
_AFTER = "switching the sides of the ledger on and off"


@dataclass(frozen=True, slots=True)
class Watched:
    """Short titles of the policy whose running estimate is told, and of its baseline."""

    policy: str
    baseline: str


@contextmanager
def progress_of(
    voice: Voice, watched: Watched, notices: Sequence[str] = ()
) -> Iterator[Callable[[Progress], None] | None]:
    """A reporter to hand to `assess`; None where silence is wanted.

    `notices` are told when the settings have been found good and the work begins.
    """
    if voice.quiet:
        yield None
    elif voice.aside.is_terminal:
        with _Bar(voice, watched, notices) as bar:
            yield bar
    else:
        yield _Lines(voice, watched, notices)


def clock(seconds: float | None) -> str:
    """Minutes and seconds.

    Examples
    --------
    >>> clock(83.4), clock(None)
    ('1:23', '-:--')
    """
    if seconds is None:
        return "-:--"
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes}:{secs:02d}"


def counted(moment: Progress) -> str:
    """Futures done and time left, in words."""
    done = f"{moment.done:,} of {moment.total:,} futures a policy and world"
    if moment.done == moment.total:
        return f"{done} in {clock(moment.seconds)}"
    return f"{done}, {clock(moment.seconds_left)} left"


def estimated(moment: Progress, watched: Watched) -> str:
    """The answer so far, with its standard error; empty before there is one."""
    if moment.estimate is None or moment.error is None:
        return ""
    return _difference(moment.estimate, moment.error, watched)


def looked_at(look: FirstLook, watched: Watched) -> str:
    """The first look in words: what it is, and that it is not yet the run."""
    told = _difference(look.mean, look.mcse, watched)
    return f"a first look, {look.pairs} pairs of futures a world at central beliefs: {told}"


def _difference(mean: float, error: float, watched: Watched) -> str:
    return (
        f"chance of war, {watched.policy} against {watched.baseline}: "
        f"{_POINTS * mean:+.2f} points (s.e. {_POINTS * error:.2f})"
    )


def resumed(moment: Progress) -> str:
    """That work done before is not done again; empty where there is none."""
    if not moment.resumed:
        return ""
    return f"resumed {moment.resumed:,} of {moment.total:,} futures a policy and world"


def damaged(moment: Progress) -> str:
    """That files of a stopped run are unreadable; empty where all are sound."""
    if not moment.damaged:
        return ""
    files = "a file is" if moment.damaged == 1 else f"{moment.damaged} files are"
    return f"{files} damaged of what the stopped run kept; what was in it is computed again"


class _Lines:
    """Plain lines for a log: the first answer at once, then one every ten seconds."""

    def __init__(self, voice: Voice, watched: Watched, notices: Sequence[str]) -> None:
        self.voice = voice
        self.watched = watched
        self.notices = notices
        self.begun = False
        self.answered = False
        self.last = time.monotonic()

    def __call__(self, moment: Progress) -> None:
        if not self.begun:
            self.begun = True
            for notice in filter(None, (*self.notices, damaged(moment), resumed(moment))):
                self.voice.say(notice)
        first = not self.answered and moment.estimate is not None
        due = time.monotonic() - self.last >= _SECONDS_BETWEEN_LINES
        if first or due or moment.done == moment.total:
            self.answered = self.answered or moment.estimate is not None
            self.last = time.monotonic()
            told = (counted(moment), estimated(moment, self.watched))
            self.voice.say("; ".join(t for t in told if t))
        if moment.done == moment.total:
            self.voice.say(_AFTER)


class _Bar:
    """A bar with the answer so far under it, redrawn in place four times a second."""

    def __init__(self, voice: Voice, watched: Watched, notices: Sequence[str]) -> None:
        from rich.live import Live

        self.voice = voice
        self.watched = watched
        self.notices = notices
        self.moment: Progress | None = None
        self.begun = False
        self.live = Live(
            console=voice.aside,
            get_renderable=self._picture,
            refresh_per_second=4,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.live.stop()

    def __call__(self, moment: Progress) -> None:
        if not self.begun:
            self.begun = True
            for notice in filter(None, (*self.notices, damaged(moment), resumed(moment))):
                self.live.console.print(notice)
        self.moment = moment

    def _picture(self) -> Any:
        from rich.progress_bar import ProgressBar
        from rich.spinner import Spinner
        from rich.table import Table
        from rich.text import Text

        moment = self.moment
        if moment is None:
            return Spinner("dots", "preparing the futures")
        bar = ProgressBar(total=moment.total, completed=moment.done, width=_bar_width(self.voice))
        answer = estimated(moment, self.watched)
        lines: list[Any] = [bar, Text(counted(moment))]
        lines += [Text(answer)] if answer else []
        lines += [Spinner("dots", _AFTER)] if moment.done == moment.total else []
        picture = Table.grid()
        for line in lines:
            picture.add_row(line)
        return picture


def _bar_width(voice: Voice) -> int:
    return min(60, voice.aside.width)
