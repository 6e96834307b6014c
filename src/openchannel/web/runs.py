"""Runs: listed, ordered, watched, renamed, stopped, gone on with, deleted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile
from starlette.responses import StreamingResponse

from openchannel.errors import UserError
from openchannel.usecases.runs.reproduction import (
    LONGEST_LINK,
    doubts,
    read_link,
    read_run_file,
    settings_of,
)
from openchannel.usecases.shelf.orders import AnyOrder
from openchannel.web.argue import new_from, query_of
from openchannel.web.desk import Desk, Text
from openchannel.web.forms import assessment, design, hedge, history
from openchannel.web.pages import case_choices, loaded_case, page, told

__all__ = ["add_runs"]

_BEAT = 0.3
"""Seconds between two looks at the progress of a run."""

_TICKED = ("policies", "start")
"""Fields of which several boxes may be ticked."""

#: The page of each kind of order, and who reads its form.
_FORMS: Mapping[str, tuple[str, Callable[[Mapping[str, Any], str], AnyOrder]]] = {
    "assess": ("new", assessment),
    "design": ("new-design", design),
    "hedge": ("new-hedge", hedge),
    "history": ("new-history", history),
}


def add_runs(app: FastAPI, desk: Desk) -> None:
    """Pages and forms about every run, whatever its kind."""
    _reading(app, desk)
    _ordering(app, desk)
    _acting(app, desk)


def _reading(app: FastAPI, desk: Desk) -> None:
    @app.get("/", response_class=HTMLResponse)
    def runs() -> str:
        entries = [told(e) for e in desk.shelf.entries() if not e.is_beside_its_run]
        comparable = sum("assess" in e["parts"] and e["state"] == "done" for e in entries)
        return page("runs", entries=entries, comparable=comparable)

    @app.get("/runs/{run_id}/state", response_class=HTMLResponse)
    def state(run_id: str) -> str:
        entry = desk.shelf.entry(run_id)
        gone = {"state": "deleted", "is_under_way": False}
        return page("state", run=gone if entry is None else told(entry))

    @app.get("/runs/{run_id}/events")
    async def events(run_id: str) -> StreamingResponse:
        await asyncio.to_thread(desk.found, run_id)
        return StreamingResponse(_events(desk, run_id), media_type="text/event-stream")


async def _events(desk: Desk, run_id: str) -> AsyncIterator[str]:
    """Each change of a run as an event, until it is no longer under way."""
    last = ""
    while (entry := await asyncio.to_thread(desk.shelf.entry, run_id)) is not None:
        data = json.dumps({**told(entry), "ahead": desk.line.ahead(run_id)}, ensure_ascii=False)
        if data != last:
            yield f"data: {data}\n\n"
            last = data
        if not entry.is_under_way:
            return
        await asyncio.sleep(_BEAT)


def _ordering(app: FastAPI, desk: Desk) -> None:
    @app.get("/new", response_class=HTMLResponse)
    def new(request: Request, run: Annotated[str, Query(max_length=2 * LONGEST_LINK)] = "") -> str:
        if run:
            return _filled(desk, read_link(run))
        given = new_from(loaded_case(desk.case), query_of(request))
        return _form(desk, "assess", given)

    @app.post("/new/file", response_class=HTMLResponse)
    async def new_from_a_file(request: Request) -> str:
        async with request.form(max_files=1, max_fields=2) as form:
            desk.own_form(str(form.get("token", "")))
            file = form.get("file")
            content = await file.read() if isinstance(file, UploadFile) else b""
        manifest = read_run_file(content.decode("utf-8", "replace"))
        return await asyncio.to_thread(_filled, desk, manifest)

    @app.get("/new/{kind}", response_class=HTMLResponse)
    def new_of_a_kind(kind: str) -> str:
        if kind not in _FORMS:
            raise HTTPException(404, "There is no such kind of run.")
        return _form(desk, kind, {})

    @app.post("/runs")
    async def order(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=100)
        desk.own_form(str(form.get("token", "")))
        given = {k: str(v) for k, v in form.items()}
        kind = given.get("kind", "assess")
        if kind not in _FORMS:
            raise HTTPException(404, "There is no such kind of run.")
        ticked = {k: [str(v) for v in form.getlist(k)] for k in _TICKED}
        shown = {**given, **ticked}
        try:
            wanted: AnyOrder = _FORMS[kind][1](shown, desk.case)
            run_id = await asyncio.to_thread(desk.shelf.add, wanted)
        except UserError as error:
            html = await asyncio.to_thread(_form, desk, kind, shown, error)
            return HTMLResponse(html, 422)
        await asyncio.to_thread(desk.line.join, run_id)
        return RedirectResponse(f"/runs/{run_id}", 303)


def _form(
    desk: Desk,
    kind: str,
    given: Mapping[str, Any],
    error: UserError | None = None,
    notes: Sequence[str] = (),
) -> str:
    """The page of an order of a kind, with what was typed and what is wrong with it."""
    problems = error.problems if error is not None else []
    shown = {"token": desk.token, "given": given, "problems": problems, "notes": notes}
    return page(_FORMS[kind][0], **shown, **case_choices(desk.case))


def _filled(desk: Desk, manifest: Mapping[str, Any]) -> str:
    """The page of an order filled from the file or the link of another's run."""
    from openchannel.usecases.runs.manifest import evidence_digest

    case = case_choices(desk.case)["case"]
    against = doubts(manifest, case, evidence_digest(case))
    lead = "Filled from another's run. Run it, and the page says whether the bytes agree."
    if against:
        lead = "Filled from another's run. It may come out otherwise here, because:"
    name = f"{manifest['case']} again"
    return _form(desk, "assess", settings_of(manifest, name), notes=[lead, *against])


def _acting(app: FastAPI, desk: Desk) -> None:
    shelf, line = desk.shelf, desk.line

    @app.post("/runs/{run_id}/name")
    def rename(run_id: str, token: Text = "", name: Text = "") -> Response:
        desk.own_form(token)
        desk.found(run_id)
        shelf.rename(run_id, name)
        return RedirectResponse(f"/runs/{run_id}", 303)

    @app.post("/runs/{run_id}/{deed}")
    def act(run_id: str, deed: str, token: Text = "") -> Response:
        desk.own_form(token)
        entry = desk.found(run_id)
        if deed == "stop" and entry.is_under_way:
            line.stop(run_id)
        elif deed == "resume" and entry.state in ("stopped", "failed"):
            line.join(run_id)
        elif deed == "delete" and not entry.is_under_way:
            if not shelf.delete(run_id):
                raise HTTPException(
                    409, "A question about this run is under way; stop it first, or let it end."
                )
            return RedirectResponse("/", 303)
        else:
            raise HTTPException(409, f"A run that is {entry.state} cannot be asked to {deed}.")
        return RedirectResponse(f"/runs/{run_id}", 303)
