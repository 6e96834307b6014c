"""The answer of a run: its page, its charts, its numbers."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from openchannel.usecases.runs.facts import facts_of
from openchannel.usecases.runs.reproduction import write_link
from openchannel.usecases.shelf.archive import Archive
from openchannel.usecases.shelf.recipe import chart_recipe, recipe
from openchannel.usecases.shelf.shelf import Entry
from openchannel.web.charts import picture, split_name
from openchannel.web.desk import Desk
from openchannel.web.pages import page, told

__all__ = ["add_answers"]


def add_answers(app: FastAPI, desk: Desk, archive: Archive) -> None:
    """Pages about one run that are there once it is finished."""
    _answer(app, desk, archive)
    _about(app, desk)
    _numbers(app, desk)


def _answer(app: FastAPI, desk: Desk, archive: Archive) -> None:
    @app.get("/runs/{run_id}", response_class=HTMLResponse)
    def one(run_id: str) -> Response:
        entry = desk.found(run_id)
        if entry.state != "done":
            ahead = desk.line.ahead(run_id)
            words = {"told": told(entry), "ahead": ahead, "token": desk.token}
            return HTMLResponse(page("progress", entry=entry, **words))
        if entry.is_beside_its_run:
            return _beside_its_run(entry)
        if "assess" not in entry.parts:
            return RedirectResponse(_place(desk, entry, archive), 303)
        shown = desk.shown(run_id)
        html = page(
            "answer",
            entry=entry,
            shown=shown,
            charts=[(c, chart_recipe(entry.manifest, c["id"])) for c in shown.charts],
            manifest=entry.manifest,
        )
        return HTMLResponse(html)


def _place(desk: Desk, entry: Entry, archive: Archive) -> str:
    """Where the answer of a finished run stands that assesses nothing."""
    if entry.kind != "history":
        return f"/runs/{entry.id}/how"
    shown = archive.history(desk.shelf.root)
    is_shown = shown is not None and shown.data == desk.shelf.part(entry.id, "history")
    return "/record/history" if is_shown else f"/runs/{entry.id}/about"


def _about(app: FastAPI, desk: Desk) -> None:
    @app.get("/runs/{run_id}/about", response_class=HTMLResponse)
    def about(run_id: str) -> Response:
        entry = desk.found(run_id)
        if entry.is_beside_its_run:
            return _beside_its_run(entry)
        if entry.state != "done" or not entry.parts:
            raise HTTPException(404, "This run is not finished.")
        is_assessment = "assess" in entry.parts
        html = page(
            "about",
            entry=entry,
            facts=facts_of(*_made(desk, entry)),
            match=desk.shelf.match(run_id),
            recipe=recipe(entry.manifest) if is_assessment else None,
            link=_link(entry) if is_assessment else "",
            token=desk.token,
        )
        return HTMLResponse(html)


def _numbers(app: FastAPI, desk: Desk) -> None:
    @app.get("/runs/{run_id}/summary.json")
    def summary(run_id: str) -> JSONResponse:
        desk.done(run_id)
        return JSONResponse(desk.shelf.run(run_id).summary)

    @app.get("/runs/{run_id}/manifest.json")
    def manifest(run_id: str) -> JSONResponse:
        return JSONResponse(desk.done(run_id).manifest)

    @app.get("/runs/{run_id}/charts/{name}.{form}")
    def chart(run_id: str, name: str, form: str) -> Response:
        name, form = split_name(name, form)
        desk.done(run_id)
        return picture(desk.chart(run_id, name, form), f"{run_id}-{name}", form)


def _beside_its_run(entry: Entry) -> Response:
    """A further question has no page of its own: what it found stands beside its run."""
    return RedirectResponse(f"/runs/{entry.about}/believe#{entry.kind}", 303)


def _made(desk: Desk, entry: Entry) -> tuple[str, dict[str, Any]]:
    """What the first part of a run says about how it was made."""
    kind = entry.parts[0]
    return kind, desk.shelf.part(entry.id, kind)


def _link(entry: Entry) -> str:
    link = write_link(entry.manifest)
    return f"/new?run={link}" if link else ""
