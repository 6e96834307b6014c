"""The page of what one would have to believe: what was asked about a run, and what may be."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from openchannel.errors import UserError
from openchannel.usecases.argued import Argued, argued, box_address
from openchannel.usecases.figures import DRAWN, draw_figure
from openchannel.usecases.further_orders import FURTHER
from openchannel.usecases.recipe import further_recipe
from openchannel.usecases.shelf import Shelf
from openchannel.web.charts import picture, split_name
from openchannel.web.forms import further, whole_number
from openchannel.web.pages import page, told
from openchannel.web.safety import BRIEF_POLICY

if TYPE_CHECKING:
    from openchannel.web.desk import Desk

__all__ = ["add_believing"]

#: Files that the page is made from; it is made anew when one of them changes.
_FILES = ("manifest.json", "believe.json", "ledger.json", "redteam.json")


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
        chosen = {k: int(v) for k, v in (("box", box), ("at", at)) if whole_number(v)}
        return _page(desk, run_id, chosen, ())

    @app.get("/runs/{run_id}/believe/{name}.{form}")
    def chart(run_id: str, name: str, form: str) -> Response:
        name, form = split_name(name, form)
        desk.done(run_id)
        if form not in DRAWN or _of(desk, run_id).figure(name) is None:
            raise HTTPException(404, "There is no such chart.")
        content = _drawn(desk.shelf.root, run_id, _stamp(desk, run_id), name, form)
        return picture(content, f"{run_id}-{name}", form)

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
    asked = [e for e in desk.shelf.entries() if e.kind in FURTHER and e.manifest["of"] == run_id]
    settings, refused = found.ledger_made or {}, found.ledger_refused
    return page(
        "believe",
        entry=entry,
        found=found,
        picks=_picks(desk, run_id, found, chosen),
        under_way=[told(e) for e in asked if e.state != "done"],
        whole=[kind for kind in FURTHER if (folder / f"{kind}.html").is_file()],
        made={
            "believe": further_recipe("believe", entry.manifest, found.believe_made or {}),
            "ledger": further_recipe("ledger", entry.manifest, settings, refused),
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
    return _argued(desk.shelf.root, run_id, _stamp(desk, run_id))


def _stamp(desk: Desk, run_id: str) -> tuple[int, ...]:
    """When each of the files was written; 0 for one that is not there."""
    folder = desk.shelf.folder(run_id)
    return tuple(
        path.stat().st_mtime_ns if (path := folder / name).is_file() else 0 for name in _FILES
    )


@lru_cache(maxsize=4)
def _argued(root: Path, run_id: str, _stamp: tuple[int, ...]) -> Argued:
    return argued(Shelf(root).run(run_id))


@lru_cache(maxsize=64)
def _drawn(root: Path, run_id: str, stamp: tuple[int, ...], name: str, form: str) -> bytes:
    figure = _argued(root, run_id, stamp).figure(name)
    assert figure is not None
    return draw_figure(figure, form)
