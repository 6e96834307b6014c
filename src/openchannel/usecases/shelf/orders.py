"""What may be asked of the worker: an assessment, a design, a hedge, history, more about a run.

Everything is checked before any work.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from openchannel.errors import Problem
from openchannel.usecases.settings import bound_problems, not_one_of
from openchannel.usecases.shelf.further_orders import (
    FURTHER,
    BelieveOrder,
    LedgerOrder,
    RedTeamOrder,
    Tell,
)
from openchannel.usecases.shelf.history_order import HistoryOrder

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.usecases.runs.own_beliefs import OwnBeliefs, OwnPolicy

__all__ = [
    "MOST_FUTURES",
    "AnyOrder",
    "DesignOrder",
    "HedgeOrder",
    "Order",
    "as_data",
    "check_name",
    "order_problems",
    "read_order",
]

#: A run of the web app is no longer than this; longer ones belong on the command line.
MOST_FUTURES = 262_144
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Order:
    """An assessment.

    `own` and `own_policy` are texts of files, `sharpen` futures that are given where doubt is left;
    `expects` the checksums that a file of another run promises, by name of the file.
    """

    KIND: ClassVar[str] = "assess"
    name: str
    case: str = "korea"
    futures: int = 2048
    seed: int = 1
    policies: tuple[str, ...] = ()
    beliefs: str = "ranges"
    overlay: str = ""
    own: str = ""
    own_policy: str = ""
    baseline: str = ""
    sharpen: int = 0
    expects: Mapping[str, str] | None = None

    def problems(self) -> list[Problem]:
        """What is wrong with the numbers, before the case is read."""
        return bound_problems(
            ("futures", self.futures, 2, MOST_FUTURES), ("sharpen", self.sharpen, 0, MOST_FUTURES)
        )

    def check(self) -> None:
        """Raise `UserError` with everything that the case does not know or allow."""
        self._loaded()

    def fulfil(self, folder: Path, tell: Tell) -> None:
        """Make the run in a folder, with its page and what the web app shows of it."""
        from openchannel.usecases.runs.assessment import assess, discard_parts
        from openchannel.usecases.runs.brief import write_brief
        from openchannel.usecases.shelf.shown import show_run

        case, own, policy = self._loaded()
        run = assess(
            case,
            futures=self.futures,
            seed=self.seed,
            policies=self.policies,
            beliefs=self.beliefs,
            overlay=self.overlay,
            own=own,
            own_policy=policy,
            baseline=self.baseline,
            sharpen=self.sharpen,
            folder=folder,
            report=lambda p: tell({**asdict(p), "seconds_left": p.seconds_left}),
            keep_parts=True,
        )
        write_brief(run, folder, ("html",))
        show_run(run, folder)
        discard_parts(folder)

    def _loaded(self) -> tuple[Case, OwnBeliefs | None, OwnPolicy | None]:
        """The case, one's own beliefs and policy, checked together with the settings."""
        from openchannel.casefile.own_beliefs import parse_own
        from openchannel.casefile.own_policy import parse_policy
        from openchannel.usecases.cases import load
        from openchannel.usecases.runs.own_beliefs import with_own, with_policy
        from openchannel.usecases.settings import Settings, check_settings

        case = load(self.case)
        own = parse_own(self.own, case, "own beliefs") if self.own.strip() else None
        written = self.own_policy.strip()
        policy = parse_policy(self.own_policy, case) if written else None
        widened, _ = with_policy(case, policy)
        believed, held = with_own(widened, own)
        settings = Settings(
            self.futures,
            self.seed,
            self.policies,
            self.beliefs,
            self.overlay,
            baseline=self.baseline,
            sharpen=self.sharpen,
        )
        check_settings(believed, settings)
        return case, held, policy


@dataclass(frozen=True, slots=True)
class DesignOrder:
    """A search for the portfolio of channels to build under a budget; no `people`: no limit."""

    KIND: ClassVar[str] = "design"
    name: str
    case: str = "korea"
    budget_usd: float = 20e6
    people: float | None = None
    people_a_year: float = 30.0
    world: str = ""
    futures: int = 2048
    searches: int = 4
    generations: int = 12
    seed: int = 1

    def problems(self) -> list[Problem]:
        """What is wrong with the numbers, before the case is read."""
        return [
            *bound_problems(
                ("futures", self.futures, 32, MOST_FUTURES),
                ("searches", self.searches, 1, 16),
                ("generations", self.generations, 1, 200),
            ),
            *_limit_problems(budget_usd=self.budget_usd, people_a_year=self.people_a_year),
            *([] if self.people is None else _limit_problems(people=self.people)),
        ]

    def check(self) -> None:
        """Raise `UserError` with everything that the case does not know or allow."""
        from openchannel.usecases.building.design import check_design

        check_design(self.case, **self._settings())

    def fulfil(self, folder: Path, tell: Tell) -> None:
        """Make the design in a folder, with its page."""
        from openchannel.usecases.building.design import design
        from openchannel.usecases.building.design_files import write_design

        found = design(
            self.case, **self._settings(), folder=folder, say=lambda line: tell({"words": line})
        )
        write_design(found, folder, ("html",))

    def _settings(self) -> dict[str, Any]:
        return {
            "budget_usd": self.budget_usd,
            "people": math.inf if self.people is None else self.people,
            "people_a_year": self.people_a_year,
            "world": self.world,
            "futures": self.futures,
            "searches": self.searches,
            "generations": self.generations,
            "seed": self.seed,
        }


@dataclass(frozen=True, slots=True)
class HedgeOrder:
    """The worth of a small start with the right to grow; no `start`: those of the case."""

    KIND: ClassVar[str] = "hedge"
    name: str
    case: str = "korea"
    futures: int = 2048
    seed: int = 1
    start: tuple[str, ...] = ()
    target: str = ""

    def problems(self) -> list[Problem]:
        """What is wrong with the numbers, before the case is read."""
        return bound_problems(("futures", self.futures, 512, MOST_FUTURES))

    def check(self) -> None:
        """Raise `UserError` with everything that the case does not know or allow."""
        from openchannel.usecases.building.hedge import check_hedge

        check_hedge(self.case, self.futures, self.seed, self.start, self.target)

    def fulfil(self, folder: Path, tell: Tell) -> None:
        """Value the rights in a folder, with the page."""
        from openchannel.usecases.building.hedge import hedge, write_hedge

        found = hedge(
            self.case,
            start=self.start,
            target=self.target,
            futures=self.futures,
            seed=self.seed,
            say=lambda line: tell({"words": line}),
        )
        write_hedge(found, folder, ("html",))


AnyOrder: TypeAlias = (
    Order | DesignOrder | HedgeOrder | HistoryOrder | BelieveOrder | LedgerOrder | RedTeamOrder
)
_KINDS: Mapping[str, type[AnyOrder]] = {
    **{k.KIND: k for k in (Order, DesignOrder, HedgeOrder, HistoryOrder)},
    **FURTHER,
}


def as_data(order: AnyOrder) -> dict[str, Any]:
    """An order in values that JSON can hold."""
    return {"kind": order.KIND, **asdict(order)}


def read_order(data: Mapping[str, Any]) -> AnyOrder:
    """An order as `as_data` gave it; those of earlier releases are assessments."""
    given: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k != "kind"
    }
    return _KINDS[str(data.get("kind", Order.KIND))](**given)


def order_problems(order: AnyOrder, cases: Sequence[str]) -> list[Problem]:
    """What is wrong with the name, the case and the numbers of an order."""
    problems = [*order.problems(), *check_name(order.name)]
    if order.case not in cases:
        problems.append(not_one_of("case", order.case, cases))
    return problems


def check_name(name: str) -> list[Problem]:
    """What is wrong with the name of a run, if anything."""
    if name.strip() and len(name) <= _LONGEST_NAME and name.isprintable():
        return []
    return [
        Problem(
            file="order",
            field="name",
            wrong=f"{name[:_LONGEST_NAME]!r} is no name for a run",
            allowed=f"1 to {_LONGEST_NAME} printable characters",
            mend="give the run a short name",
        )
    ]


def _limit_problems(**limits: float) -> list[Problem]:
    return [
        Problem("order", field, f"{value:g} is no limit that can be kept", "a number above 0",
                "write digits, such as 30")
        for field, value in limits.items()
        if not (value > 0.0 and math.isfinite(value))
    ]  # fmt: skip
