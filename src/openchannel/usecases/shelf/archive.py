"""The record of a case kept at hand: read once, asked often, read anew when a file changes.

Owns what the pages of the record show; the record itself belongs to `evidence`, ties to `ties`,
forecasts to `forecast`, what history says to `history`.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from openchannel.usecases.evidence.record import record_folder, timeline
from openchannel.usecases.store import store_path

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.evidence.keeping.ledger import LedgerEntry
    from openchannel.report.model import Brief, Figure
    from openchannel.usecases.evidence.ties import TiesReport
    from openchannel.usecases.history.study import HistoryFindings

__all__ = ["FIRST_DAY", "FORECAST_SEED", "Archive", "Filters"]

FIRST_DAY = "1953-01-01"
#: What the page of forecasts is drawn with.
FORECAST_SEED = 1
_MOST_KEPT = 512

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for in the record; empty fields narrow nothing."""

    since: str = ""
    until: str = ""
    kinds: tuple[str, ...] = ()
    channel: str = ""
    text: str = ""

    def as_settings(self) -> dict[str, Any]:
        """Those that narrow, as `timeline` takes them."""
        given = {
            "since": self.since,
            "until": self.until,
            "kinds": list(self.kinds),
            "channel": self.channel,
            "text": self.text,
        }
        return {k: v for k, v in given.items() if v}


@dataclass(slots=True)
class Archive:
    """One case with its ledger of contacts.

    `_kept` holds what was made from the files as they were at `_stamp`; it is emptied when they
    change, and holds a few hundred days of the network at most.
    """

    case: str
    store: Path | None = None
    _stamp: tuple[Any, ...] = ()
    _kept: dict[Any, Any] = field(default_factory=dict)
    _making: dict[Any, threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # --- what happened when -------------------------------------------------------------------

    def moments(self, filters: Filters) -> list[dict[str, Any]]:
        """What happened, narrowed; raises `UserError` for filters that mean nothing."""
        asked = filters.as_settings() | self.ledger_settings()
        return self._once(("moments", filters), lambda: timeline(self.case, **asked))

    def timeline_figure(self, filters: Filters) -> Figure:
        """The moments over time, from 1953 or the first day asked for, to today or the last."""
        from openchannel.report.record_charts import timeline_figure

        moments = self.moments(filters)
        days = [m["first"] for m in moments if m["first"]]
        first = min(days, default=FIRST_DAY) if filters.since else FIRST_DAY
        ends = [m["last"] or m["first"] for m in moments if m["first"]]
        today = dt.date.today().isoformat()
        last = max(ends, default=today) if filters.until else today
        return timeline_figure(moments, first, max(last, first))

    def row(self, row_id: str) -> dict[str, Any]:
        """One row of the record in full; raises `UserError` where there is none."""
        from openchannel.usecases.evidence.record import show_row

        return show_row(self.case, row_id)

    @property
    def end(self) -> str:
        """The day up to which the record, with the ledger, tells of contacts and events."""
        kinds = ("contact", "provocation")
        days = (m["first"] for m in self.moments(Filters()) if m["kind"] in kinds and m["first"])
        return max(days, default=FIRST_DAY)

    def channels(self) -> dict[str, str]:
        """Codes and names of the channels of the record."""
        from openchannel.usecases.evidence.record import list_rows

        return self._once("channels", lambda: list_rows(self.case, "channels").channels)

    def offices(self) -> dict[str, list[tuple[str, str]]]:
        """Codes and titles of the offices by side, as the record names them last."""
        from openchannel.usecases.evidence.record import list_rows

        def make() -> dict[str, list[tuple[str, str]]]:
            found: dict[str, dict[str, str]] = {}
            for row in list_rows(self.case, "offices").rows:
                found.setdefault(str(row["side"]), {})[str(row["office_id"])] = str(row["title"])
            return {side: sorted(titles.items()) for side, titles in found.items()}

        return self._once("offices", make)

    # --- who is tied to whom ------------------------------------------------------------------

    def ties(self, day: str) -> TiesReport:
        """Ties and those who carry them on a day; raises `UserError` where it is none."""
        from openchannel.usecases.evidence.ties import ties

        case, own = self._case(), self.ledger_settings()
        return self._once(("ties", day), lambda: ties(case, as_of=day, **own))

    def network_figure(self, day: str) -> Figure:
        """The network of offices on a day."""
        from openchannel.usecases.evidence.network import network_of

        return network_of(self.ties(day))

    # --- what history says, and what comes next -----------------------------------------------

    def history(self, runs: Path) -> HistoryFindings | None:
        """What was found last about the record as it is; None where nobody asked yet."""
        from openchannel.usecases.history.study import FILE, kept_history

        case = self._case()
        dated = sorted((p.stat().st_mtime_ns, p.parent) for p in runs.glob(f"*/{FILE}"))[::-1]
        key = ("history", *dated)
        folders = [folder for _, folder in dated]
        found = self._once(key, lambda: kept_history(case, folders, self.store))
        if found is None:  # somebody may ask on the command line meanwhile
            self._forget(key)
        return found

    @property
    def knows_forecasts(self) -> bool:
        """Whether the forecasts are there without waiting."""
        return self._stamp == self._stamp_now() and "forecasts" in self._kept

    def forecasts(self) -> Brief:
        """Forecasts from today and how such forecasts fared; half a minute at the first asking."""
        from openchannel.usecases.forecasts.forecast import forecast
        from openchannel.usecases.forecasts.score import forecast_score

        case = self._case()

        def make() -> Brief:
            said = forecast(case, seed=FORECAST_SEED).page()
            logged = forecast_score(case, store=self.store).page().section("section-log")
            return replace(said, sections=(*said.sections, logged))

        return self._once("forecasts", make)

    # --- the ledger of contacts ---------------------------------------------------------------

    @property
    def has_ledger(self) -> bool:
        """Whether the user's own store is there."""
        return store_path(self.store).is_file()

    def ledger_settings(self) -> dict[str, Any]:
        """What makes `timeline` and `ties` count the ledger too; empty where there is none."""
        if not self.has_ledger:
            return {}
        return {"ledger": True, **({"store": str(self.store.absolute())} if self.store else {})}

    def ledger(self) -> list[LedgerEntry]:
        """What stands in the ledger, the youngest first."""
        from openchannel.usecases.evidence.contact_ledger import ledger

        return ledger(self.store)[::-1] if self.has_ledger else []

    def add_contact(self, values: Mapping[str, str], why: str) -> None:
        """Write a contact down; raises `UserError` with everything that is wrong with it."""
        from openchannel.usecases.evidence.contact_ledger import add

        add("contact", values, case=self.case, store=self.store, why=why)

    def withdraw_contact(self, entry_id: str, why: str) -> None:
        """Take an entry back, with the reason."""
        from openchannel.usecases.evidence.contact_ledger import withdraw

        withdraw(entry_id, why=why, store=self.store)

    # --- keeping ------------------------------------------------------------------------------

    def _case(self) -> Case:
        from openchannel.usecases.cases import load

        return self._once("case", lambda: load(self.case))

    def _once(self, key: Any, make: Callable[[], Made]) -> Made:
        """What was made from the same files before, or is made now; others wait for it."""
        with self._lock:
            stamp = self._stamp_now()
            if stamp != self._stamp or len(self._kept) > _MOST_KEPT:
                self._kept, self._making, self._stamp = {}, {}, stamp
            kept, making = self._kept, self._making.setdefault(key, threading.Lock())
        with making:
            if key not in kept:
                kept[key] = make()
            found: Made = kept[key]
            return found

    def _forget(self, key: Any) -> None:
        with self._lock:
            self._kept.pop(key, None)

    def _stamp_now(self) -> tuple[Any, ...]:
        """Size and time of every file that is read, and the day."""
        files = [*sorted(record_folder(self.case).glob("*.csv")), store_path(self.store)]
        return (
            dt.date.today(),
            *((str(p), s.st_mtime_ns, s.st_size) for p in files if p.is_file() for s in [p.stat()]),
        )
