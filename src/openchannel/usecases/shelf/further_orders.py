"""Further questions about a finished run, as orders: what it would take to believe otherwise.

What they find is written into the folder of the run that they are about, where its brief and its
pages take it in; the order's own folder holds only how far it is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from openchannel.usecases.belief.claims import DEFAULT_FUTURES as LEDGER_FUTURES
from openchannel.usecases.settings import MOST_SEED, bound_problems

if TYPE_CHECKING:
    from openchannel.errors import Problem
    from openchannel.usecases.runs.finished_run import Run

__all__ = ["FURTHER", "BelieveOrder", "LedgerOrder", "RedTeamOrder", "Tell", "in_words"]

Tell: TypeAlias = Callable[[Mapping[str, Any]], None]

_MOST_FUTURES = 65_536


@dataclass(frozen=True, slots=True)
class _Further(ABC):
    """A question about the run `of`, a neighbour on the shelf."""

    KIND: ClassVar[str] = ""
    FEWEST: ClassVar[int] = 16
    name: str
    case: str = "korea"
    of: str = ""
    futures: int = 1024
    seed: int = 1

    def problems(self) -> list[Problem]:
        """What is wrong with the numbers, before the run is read."""
        return bound_problems(
            ("futures", self.futures, self.FEWEST, _MOST_FUTURES),
            ("seed", self.seed, 0, MOST_SEED),
        )

    def check(self) -> None:  # noqa: B027 - most questions need nothing further
        """Raise `UserError` where the installation lacks what this needs."""

    def fulfil(self, folder: Path, tell: Tell) -> None:
        """Find the answer and write it into the folder of the run."""
        from openchannel.usecases.runs.finished_run import open_run

        place = folder.parent / self.of
        self._find(open_run(place), place, tell)

    @abstractmethod
    def _find(self, run: Run, place: Path, tell: Tell) -> None:
        """Find and write what is asked of the run in a folder."""


@dataclass(frozen=True, slots=True)
class BelieveOrder(_Further):
    """Thresholds, maps, boxes, what matters, what to find out and robust choice."""

    KIND: ClassVar[str] = "believe"
    FEWEST: ClassVar[int] = 512

    def check(self) -> None:
        """Raise `UserError` where the optional part `belief` is not installed."""
        from openchannel.extras import BELIEF

        BELIEF.check()

    def _find(self, run: Run, place: Path, tell: Tell) -> None:
        from openchannel.usecases.belief.believe import believe, write_believe

        found = believe(run.case, run=run, futures=self.futures, seed=self.seed, say=in_words(tell))
        tell({"words": "Writing the page and the tables."})
        write_believe(found, place, ("html",))


@dataclass(frozen=True, slots=True)
class LedgerOrder(_Further):
    """What each benefit and each risk adds, switched alone, last and on average."""

    KIND: ClassVar[str] = "ledger"
    futures: int = LEDGER_FUTURES

    def _find(self, run: Run, place: Path, tell: Tell) -> None:
        from openchannel.casefile.own_beliefs import parse_own
        from openchannel.usecases.belief.claims import ledger, write_ledger
        from openchannel.usecases.runs.own_beliefs import case_of_run

        # The beliefs are handed over by name, so that the ledger says whose they are.
        case, own = case_of_run({**run.manifest, "own": None}, place), run.manifest.get("own")
        found = ledger(
            case,
            own=parse_own(str(own["text"]), case, "own beliefs of the run") if own else None,
            futures=self.futures,
            seed=self.seed,
            beliefs="modes" if run.manifest["beliefs"] == "modes" else "ranges",
            overlay=str(run.manifest["overlay"]),
            told=lambda done, total: tell({"words": f"{done:,} of {total:,} blocks of futures."}),
        )
        write_ledger(found, place, ("html",))


@dataclass(frozen=True, slots=True)
class RedTeamOrder(_Further):
    """The nearest beliefs under which isolation wins, and under which it loses."""

    KIND: ClassVar[str] = "redteam"
    FEWEST: ClassVar[int] = 256

    def _find(self, run: Run, place: Path, tell: Tell) -> None:
        from openchannel.usecases.belief.redteam import redteam, write_redteam

        found = redteam(
            run.case,
            futures=self.futures,
            seed=self.seed,
            overlay=str(run.manifest["overlay"]),
            say=in_words(tell),
        )
        write_redteam(found, place, ("html",))


#: Kinds of further questions, in the order of a page.
FURTHER: Mapping[str, type[BelieveOrder | LedgerOrder | RedTeamOrder]] = {
    k.KIND: k for k in (BelieveOrder, LedgerOrder, RedTeamOrder)
}


def in_words(tell: Tell) -> Callable[[str], None]:
    """Lines of work in progress as the page tells them: a sentence each."""

    def say(line: str) -> None:
        tell({"words": f"{line[:1].upper()}{line[1:].rstrip('.')}."})

    return say
