"""Fields of forms to orders: text becomes numbers, or all that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openchannel.errors import Problem, UserError
from openchannel.usecases.json_text import parse_json
from openchannel.usecases.settings import is_whole_number
from openchannel.usecases.shelf.further_orders import FURTHER
from openchannel.usecases.shelf.history_order import HistoryOrder
from openchannel.usecases.shelf.orders import AnyOrder, DesignOrder, HedgeOrder, Order
from openchannel.web.pages import KINDS

__all__ = ["assessment", "design", "further", "hedge", "history"]

Given = Mapping[str, Any]


def assessment(given: Given, case: str) -> Order:
    """An assessment from the fields of its form."""
    read = _Fields(given)
    futures, seed = read.whole("futures"), read.whole("seed")
    sharpen = read.whole("sharpen") if str(given.get("sharpen", "")).strip() else 0
    expects = read.checksums("expects")
    read.refuse()
    return Order(
        name=str(given.get("name", "")),
        case=case,
        futures=futures,
        seed=seed,
        policies=tuple(given.get("policies", ())),
        beliefs=str(given.get("beliefs", "ranges")),
        overlay=str(given.get("overlay", "")),
        own=_text_of(given, "own"),
        own_policy=_text_of(given, "own_policy"),
        baseline=str(given.get("baseline", "")),
        sharpen=sharpen,
        expects=expects,
    )


def _text_of(given: Given, field: str) -> str:
    return str(given.get(field, "")).replace("\r\n", "\n")


def design(given: Given, case: str) -> DesignOrder:
    """A design from the fields of its form; money is given in millions."""
    read = _Fields(given)
    numbers = {k: read.whole(k) for k in ("futures", "searches", "generations", "seed")}
    budget, pace = read.number("budget_musd"), read.number("people_a_year")
    people = read.number("people") if str(given.get("people", "")).strip() else None
    read.refuse()
    return DesignOrder(
        name=str(given.get("name", "")),
        case=case,
        budget_usd=budget * 1e6,
        people=people,
        people_a_year=pace,
        world=str(given.get("world", "")),
        **numbers,
    )


def hedge(given: Given, case: str) -> HedgeOrder:
    """A hedge from the fields of its form."""
    read = _Fields(given)
    futures, seed = read.whole("futures"), read.whole("seed")
    read.refuse()
    return HedgeOrder(
        name=str(given.get("name", "")),
        case=case,
        futures=futures,
        seed=seed,
        start=tuple(given.get("start", ())),
        target=str(given.get("target", "")),
    )


def history(given: Given, case: str) -> HistoryOrder:
    """The question what history says from the fields of its form."""
    read = _Fields(given)
    draws, seed = read.whole("draws"), read.whole("seed")
    read.refuse()
    return HistoryOrder(name=str(given.get("name", "")), case=case, draws=draws, seed=seed)


def further(given: Given, case: str, name: str) -> AnyOrder:
    """A further question about a run from the fields of its form; `name` is that of the run."""
    read = _Fields(given)
    futures, seed = read.whole("futures"), read.whole("seed")
    read.refuse()
    kind = FURTHER[str(given["kind"])]
    title = f"{KINDS[kind.KIND].capitalize()}: {name}"[:80]
    return kind(name=title, case=case, of=str(given["of"]), futures=futures, seed=seed)


class _Fields:
    """Reads the fields of one form and collects what is wrong with them."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._problems: list[Problem] = []

    def whole(self, field: str) -> int:
        text = self._text(field)
        if is_whole_number(text):
            return int(text)
        self._wrong(field, text, "is no whole number", "digits")
        return 0

    def number(self, field: str) -> float:
        text = self._text(field)
        if text.isascii() and text.replace(".", "", 1).isdigit() and len(text) <= 20:
            return float(text)
        self._wrong(field, text, "is no number", "digits, with a point if need be")
        return 0.0

    def checksums(self, field: str) -> dict[str, str] | None:
        """What a file of another run promises; none where the field is empty."""
        text = self._text(field)
        if not text:
            return None
        try:
            found = parse_json(text)
            return {str(k): str(v) for k, v in dict(found).items()}
        except (ValueError, TypeError):
            self._wrong(field, text, "is no list of checksums", "what the page put there")
            return None

    def refuse(self) -> None:
        """Raise `UserError` with everything that was wrong so far."""
        if self._problems:
            raise UserError(self._problems)

    def _text(self, field: str) -> str:
        return str(self._given.get(field, "")).strip()

    def _wrong(self, field: str, text: str, wrong: str, allowed: str) -> None:
        self._problems.append(
            Problem("form", field, f"{text[:40]!r} {wrong}", allowed, f"write {allowed}")
        )
