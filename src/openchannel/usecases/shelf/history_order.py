"""The question what history says, as an order: asked on a page, worked on in the line of runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from openchannel.usecases.settings import DEFAULT_CHAIN_DRAWS, MOST_SEED, bound_problems

if TYPE_CHECKING:
    from openchannel.errors import Problem
    from openchannel.usecases.shelf.further_orders import Tell

__all__ = ["HistoryOrder"]

_MOST_DRAWS = 20_000


@dataclass(frozen=True, slots=True)
class HistoryOrder:
    """Models of the record of a case: fitted, compared, checked.

    draws : of each of the four chains
    """

    KIND: ClassVar[str] = "history"
    name: str
    case: str = "korea"
    draws: int = DEFAULT_CHAIN_DRAWS
    seed: int = 1

    def problems(self) -> list[Problem]:
        """What is wrong with the numbers, before the record is read."""
        return bound_problems(
            ("draws", self.draws, 50, _MOST_DRAWS), ("seed", self.seed, 0, MOST_SEED)
        )

    def check(self) -> None:
        """Raise `UserError` where the record is too short, or the part `bayes` is missing."""
        from openchannel.usecases.history.study import check_history

        check_history(self.case)

    def fulfil(self, folder: Path, tell: Tell) -> None:
        """Find what history says and write it into a folder, with its page."""
        from openchannel.usecases.history.files import write_history
        from openchannel.usecases.history.study import history
        from openchannel.usecases.shelf.further_orders import in_words

        found = history(self.case, draws=self.draws, seed=self.seed, say=in_words(tell))
        write_history(found, folder, ("html",))
