"""The page of what one would have to believe: what was asked about a run, and what may be."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from openchannel.errors import UserError
from openchannel.usecases.belief.argued import Argued, argued, box_address
from openchannel.usecases.runs.files import stamp
from openchannel.usecases.settings import is_whole_number
from openchannel.usecases.shelf.further_orders import FURTHER
from openchannel.usecases.shelf.recipe import believe_recipe, claims_recipe
from openchannel.usecases.shelf.shelf import Shelf
from openchannel.web.charts import drawn, split_name
from openchannel.web.forms import further
from openchannel.web.pages import KINDS, page, told
from openchannel.web.safety import BRIEF_POLICY

if TYPE_CHECKING:
    from openchannel.web.desk import Desk

__all__ = ["add_believing"]


def add_believing(app: FastAPI, desk: Desk) -> None:
    """Routes of the page, its charts, and the form that asks."""
    _reading(app, desk)

    @app.post("/further")
    async def ask(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=10)
        given = {k: str(v) for k, v in form.items()}
        desk.own_form(given.get("token", ""))
        entry = await asyncio.to_thread(desk.done, given.get("of", ""))
        if given.get("kind") not in FURTHER:
            raise HTTPException(404, "There is no such question.")
        try:
            wanted = further(given, desk.case, entry.name)
            order_id = await asyncio.to_thread(desk.shelf.add, wanted)
        except UserError as error:
            html = await asyncio.to_thread(_page, desk, entry.id, {}, error.problems)
            return HTMLResponse(html, 422)
        await asyncio.to_thread(desk.line.join, order_id)
        return RedirectResponse(f"/runs/{order_id}", 303)


def _reading(app: FastAPI, desk: Desk) -> None:
    @app.get("/runs/{run_id}/believe", response_class=HTMLResponse)
    def believe(run_id: str, box: str = "", at: str = "") -> str:
        desk.done(run_id)
        chosen = {k: int(v) for k, v in (("box", box), ("at", at)) if is_whole_number(v)}
        return _page(desk, run_id, chosen, ())

    @app.get("/runs/{run_id}/believe/{name}.{form}")
    def chart(run_id: str, name: str, form: str) -> Response:
        name, form = split_name(name, form)
        desk.done(run_id)
        return drawn(_of(desk, run_id).figure(name), f"{run_id}-{name}", form)

    @app.get("/runs/{run_id}/pages/{kind}.html")
    def whole(run_id: str, kind: str) -> Response:
        desk.done(run_id)
        path = desk.shelf.folder(run_id) / f"{kind}.html"
        if kind not in FURTHER or not path.is_file():
            raise HTTPException(404, "There is no such page.")
        headers = {"content-security-policy": BRIEF_POLICY}
        return HTMLResponse(path.read_bytes(), headers=headers)


def _page(desk: Desk, run_id: str, chosen: dict[str, int], problems: Any) -> str:
    entry, found = desk.found(run_id), _of(desk, run_id)
    folder = desk.shelf.folder(run_id)
    asked = [e for e in desk.shelf.entries() if e.about == run_id]
    settings, refused = found.ledger_made or {}, found.ledger_refused
    return page(
        "believe",
        entry=entry,
        found=found,
        picks=_picks(desk, run_id, found, chosen),
        under_way=[told(e) for e in asked if e.state != "done"],
        whole=[(kind, KINDS[kind]) for kind in FURTHER if (folder / f"{kind}.html").is_file()],
        made={
            "believe": believe_recipe(entry.manifest, found.believe_made or {}),
            "ledger": claims_recipe(entry.manifest, settings, refused),
        },
        problems=list(problems),
        token=desk.token,
    )


def _picks(desk: Desk, run_id: str, found: Argued, chosen: dict[str, int]) -> list[tuple[int, str]]:
    """For each search the box that is looked at, and where to believe it."""
    case = desk.shelf.run(run_id).case if found.boxes else None
    picks = []
    for i, plot in enumerate(found.boxes):
        at = chosen.get("at", -1) if chosen.get("box") == i else -1
        at = at if 0 <= at < len(plot.boxes) else plot.chosen
        assert case is not None
        picks.append((at, box_address(case, plot.boxes[at], found.policy)))
    return picks


def _of(desk: Desk, run_id: str) -> Argued:
    folder = desk.shelf.folder(run_id)
    return _argued(folder, stamp(folder))


@lru_cache(maxsize=4)
def _argued(folder: Path, _stamp: tuple[tuple[int, int], ...]) -> Argued:
    return argued(Shelf(folder.parent).run(folder.name))
