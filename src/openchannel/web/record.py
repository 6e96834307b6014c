"""The record: what happened when, who is tied to whom, what history says, what comes next."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse, Response

from openchannel.errors import UserError
from openchannel.usecases.settings import DEFAULT_CHAIN_DRAWS, is_whole_number
from openchannel.usecases.shelf.archive import FORECAST_SEED, Archive, Filters
from openchannel.usecases.shelf.recipe import record_recipe
from openchannel.web.charts import drawn, split_name
from openchannel.web.contacts import add_contacts
from openchannel.web.desk import Desk
from openchannel.web.pages import page, told

__all__ = ["add_record"]

_A_PAGE = 60
_FIRST_YEAR = 1989  # of the slider of the network
#: Kinds of entries as a reader knows them.
KINDS = {
    "contact": "Contacts",
    "provocation": "Provocations",
    "crisis": "Crises",
    "exercise": "Exercises",
    "agreement": "Agreements",
    "detention": "Detentions",
}
Word = Annotated[str, Query(max_length=200)]
Day = Annotated[str, Query(max_length=10)]
Kinds = Annotated[list[str] | None, Query(max_length=12)]


def add_record(app: FastAPI, desk: Desk, archive: Archive) -> None:
    """Pages about the record of the server's case."""
    _timeline(app, archive)
    _network(app, archive)
    _studies(app, desk, archive)
    add_contacts(app, desk, archive)


# --- what happened when -----------------------------------------------------------------------


def _timeline(app: FastAPI, archive: Archive) -> None:
    @app.get("/record", response_class=HTMLResponse)
    def timeline(
        since: Day = "",
        until: Day = "",
        kind: Kinds = None,
        channel: Word = "",
        text: Word = "",
        at: Annotated[int, Query(ge=1, le=10_000)] = 1,
    ) -> Response:
        filters = Filters(since, until, tuple(kind or ()), channel, text.strip())
        shown: dict[str, Any] = {
            "filters": filters,
            "channels": archive.channels(),
            "kinds": KINDS,
            "problems": [],
            "moments": [],
            "total": 0,
            "at": at,
            "pages": 1,
            "query": _query(filters),
        }
        try:
            moments = archive.moments(filters)
        except UserError as error:
            return HTMLResponse(page("timeline", **{**shown, "problems": error.problems}), 422)
        newest = moments[::-1]
        figure = archive.timeline_figure(filters)
        html = page(
            "timeline",
            **{
                **shown,
                "moments": newest[(at - 1) * _A_PAGE : at * _A_PAGE],
                "total": len(moments),
                "pages": max(1, -(-len(moments) // _A_PAGE)),
                "figure": figure,
                "recipe": record_recipe(
                    "timeline", archive.case, filters.as_settings() | archive.ledger_settings()
                ),
            },
        )
        return HTMLResponse(html, headers={"hx-replace-url": f"/record{_query(filters)}"})

    @app.get("/record/charts/timeline.{form}")
    def timeline_chart(
        form: str,
        since: Day = "",
        until: Day = "",
        kind: Kinds = None,
        channel: Word = "",
        text: Word = "",
    ) -> Response:
        filters = Filters(since, until, tuple(kind or ()), channel, text.strip())
        return drawn(archive.timeline_figure(filters), "timeline", form)

    @app.get("/record/rows/{row_id}", response_class=HTMLResponse)
    def row(row_id: str) -> str:
        return page("row", row=archive.row(row_id))


def _query(filters: Filters) -> str:
    """The filters as the end of an address, with its question mark."""
    given = {k: v for k, v in filters.as_settings().items() if k != "kinds"}
    pairs = [*given.items(), *(("kind", k) for k in filters.kinds)]
    return f"?{urlencode(pairs)}" if pairs else ""


# --- who is tied to whom ----------------------------------------------------------------------


def _network(app: FastAPI, archive: Archive) -> None:
    @app.get("/record/network", response_class=HTMLResponse)
    def network(on: Day = "") -> Response:
        return _on_a_day(archive, on or archive.end)

    @app.get("/record/network/part", response_class=HTMLResponse)
    def part(quarter: Annotated[int, Query(ge=0, le=1_000)]) -> Response:
        day = min(_first_day(quarter), archive.end)
        if quarter == _quarter(archive.end):
            day = archive.end
        found = _on_a_day(archive, day, is_part=True)
        found.headers["hx-replace-url"] = f"/record/network?on={day}"
        return found

    @app.get("/record/charts/network.{form}")
    def network_chart(form: str, on: Day = "") -> Response:
        return drawn(archive.network_figure(on or archive.end), "network", form)


def _quarter(day: str) -> int:
    """How many quarters a day lies after the first of 1989; nought where it is no day."""
    year, month = day[:4], day[5:7] or "1"
    if not (is_whole_number(year) and is_whole_number(month)):
        return 0
    return max(0, (int(year) - _FIRST_YEAR) * 4 + (int(month) - 1) // 3)


def _first_day(quarter: int) -> str:
    return f"{_FIRST_YEAR + quarter // 4}-{quarter % 4 * 3 + 1:02}-01"


def _on_a_day(archive: Archive, day: str, *, is_part: bool = False) -> Response:
    template = "network-part" if is_part else "network"
    shown: dict[str, Any] = {
        "day": day,
        "quarter": _quarter(day),
        "last": _quarter(archive.end),
        "is_part": is_part,
        "problems": [],
        "figure": None,
    }
    try:
        figure = archive.network_figure(day)
    except UserError as error:
        return HTMLResponse(page(template, **{**shown, "problems": error.problems}), 422)
    report = archive.ties(day)
    asked = {"as_of": str(report.as_of), **archive.ledger_settings()}
    shown |= {
        "figure": figure,
        "now": report.now,
        "notes": report.notes,
        "recipe": record_recipe("ties", archive.case, asked),
    }
    return HTMLResponse(page(template, **shown))


# --- what history says, and what comes next ----------------------------------------------------


def _studies(app: FastAPI, desk: Desk, archive: Archive) -> None:
    @app.get("/record/history", response_class=HTMLResponse)
    def history() -> str:
        found = archive.history(desk.shelf.root)
        brief = None if found is None else found.page()
        asked = {"draws": DEFAULT_CHAIN_DRAWS, "seed": 1} if found is None else found.settings
        studies = [told(e) for e in desk.shelf.entries() if e.kind == "history"]
        return page(
            "history",
            brief=brief,
            recipe=record_recipe("history", archive.case, asked),
            under_way=[s for s in studies if s["state"] != "done"],
            studies=[s for s in studies if s["state"] == "done"],
            given={},
            token=desk.token,
        )

    @app.get("/record/history/charts/{name}.{form}")
    def history_chart(name: str, form: str) -> Response:
        name, form = split_name(name, form)
        found = archive.history(desk.shelf.root)
        figures = {} if found is None else {f.id: f for f in found.page().figures}
        return drawn(figures.get(name), name, form)

    @app.get("/record/forecasts", response_class=HTMLResponse)
    def forecasts() -> str:
        brief = archive.forecasts() if archive.knows_forecasts else None
        return page("forecasts", brief=brief, recipe=_forecast(archive))

    @app.get("/record/forecasts/part", response_class=HTMLResponse)
    def forecasts_part() -> str:
        return page("forecasts-part", brief=archive.forecasts(), recipe=_forecast(archive))

    @app.get("/record/forecasts/charts/{name}.{form}")
    def forecasts_chart(name: str, form: str) -> Response:
        name, form = split_name(name, form)
        figures = {f.id: f for f in archive.forecasts().figures}
        return drawn(figures.get(name), name, form)


def _forecast(archive: Archive) -> Any:
    return record_recipe("forecast", archive.case, {"seed": FORECAST_SEED})
