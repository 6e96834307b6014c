"""The pages and what they do: each route asks one use case and shows what it says."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.responses import StreamingResponse
from starlette.staticfiles import StaticFiles

from openchannel.errors import Problem, UserError
from openchannel.usecases.answer import answer, policy_rows, world_rows
from openchannel.usecases.brief import FORMATS, write_brief
from openchannel.usecases.figures import FIGURE_FORMS, draw_figure, figures_of
from openchannel.usecases.recipe import recipe
from openchannel.usecases.shelf import Entry, Order, Shelf
from openchannel.web.argue import add_argument, new_from
from openchannel.web.line import Line
from openchannel.web.pages import case_choices, is_number, page, told
from openchannel.web.policies import add_policies
from openchannel.web.safety import BRIEF_POLICY, Guard, token_matches
from openchannel.web.sketching import Sketching

__all__ = ["create_app"]

_STATIC = Path(__file__).parent / "static"
_BEAT = 0.3
"""Seconds between two looks at the progress of a run."""

_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
}

Text = Annotated[str, Form(max_length=65_536)]


def create_app(root: Path, *, warm: bool = False) -> FastAPI:
    """The app over the runs in one folder; its workers live as long as the app does.

    `warm` has the process that sketches started at once, not when its first page is opened.
    """
    shelf = Shelf(root)
    line = Line(shelf)
    sketching = Sketching("korea")
    token = secrets.token_urlsafe(32)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        line.open()
        if warm:
            sketching.warm()
        yield
        await asyncio.gather(*(asyncio.to_thread(each.close) for each in (line, sketching)))

    app = FastAPI(title="openchannel", lifespan=life, openapi_url=None)
    app.add_middleware(Guard)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    _reading(app, shelf, line, token)
    _results(app, shelf)
    _doing(app, shelf, line, token)
    add_argument(app, sketching, token)
    add_policies(app, sketching, token)
    _endings(app)
    return app


def _found(shelf: Shelf, run_id: str) -> Entry:
    entry = shelf.entry(run_id)
    if entry is None:
        raise HTTPException(404, "There is no such run.")
    return entry


def _done(shelf: Shelf, run_id: str) -> Entry:
    entry = _found(shelf, run_id)
    if entry.state != "done":
        raise HTTPException(404, "This run is not finished.")
    return entry


def _reading(app: FastAPI, shelf: Shelf, line: Line, token: str) -> None:
    """Pages that show."""

    @app.get("/", response_class=HTMLResponse)
    def runs() -> str:
        return page("runs", entries=[told(e) for e in shelf.entries()], token=token)

    @app.get("/new", response_class=HTMLResponse)
    def new(request: Request) -> str:
        given = new_from(dict(request.query_params))
        return page("new", token=token, given=given, problems=[], **case_choices("korea"))

    @app.get("/runs/{run_id}", response_class=HTMLResponse)
    def one(run_id: str) -> str:
        entry = _found(shelf, run_id)
        if entry.state != "done":
            ahead = line.ahead(run_id)
            return page("progress", entry=entry, told=told(entry), ahead=ahead, token=token)
        run = shelf.run(run_id)
        judged = run.summary["wager"]
        policy = run.case.focal if run.case.focal in judged else next(iter(judged), "")
        return page(
            "answer",
            entry=entry,
            lines=answer(run.summary, run.case),
            policies=policy_rows(run.summary),
            worlds=world_rows(run.summary, policy) if policy else [],
            policy=policy,
            figures=list(_figures(shelf, run_id).values()),
            recipe=recipe(run.manifest),
            manifest=run.manifest,
            token=token,
        )

    @app.get("/runs/{run_id}/events")
    async def events(run_id: str) -> StreamingResponse:
        _found(shelf, run_id)
        return StreamingResponse(_events(shelf, line, run_id), media_type="text/event-stream")


async def _events(shelf: Shelf, line: Line, run_id: str) -> AsyncIterator[str]:
    """Each change of a run as an event, until it is no longer under way."""
    last = ""
    while (entry := await asyncio.to_thread(shelf.entry, run_id)) is not None:
        data = json.dumps({**told(entry), "ahead": line.ahead(run_id)}, ensure_ascii=False)
        if data != last:
            yield f"data: {data}\n\n"
            last = data
        if not entry.is_under_way:
            return
        await asyncio.sleep(_BEAT)


@lru_cache(maxsize=8)
def _figures_at(root: Path, run_id: str, _written: int) -> Any:
    return figures_of(Shelf(root).run(run_id))


@lru_cache(maxsize=128)
def _drawn(root: Path, run_id: str, written: int, name: str, form: str) -> bytes:
    return draw_figure(_figures_at(root, run_id, written)[name], form)


def _written(shelf: Shelf, run_id: str) -> int:
    return (shelf.root / run_id / "manifest.json").stat().st_mtime_ns


def _figures(shelf: Shelf, run_id: str) -> Any:
    return _figures_at(shelf.root, run_id, _written(shelf, run_id))


def _results(app: FastAPI, shelf: Shelf) -> None:
    """Files of a finished run."""

    @app.get("/runs/{run_id}/summary.json")
    def summary(run_id: str) -> JSONResponse:
        _done(shelf, run_id)
        return JSONResponse(shelf.run(run_id).summary)

    @app.get("/runs/{run_id}/manifest.json")
    def manifest(run_id: str) -> JSONResponse:
        _done(shelf, run_id)
        return JSONResponse(shelf.run(run_id).manifest)

    @app.get("/runs/{run_id}/brief.{form}")
    def brief(run_id: str, form: str) -> Response:
        _done(shelf, run_id)
        if form not in FORMATS:
            raise HTTPException(404, f"The brief comes as {', '.join(FORMATS)}.")
        path = shelf.root / run_id / f"brief.{form}"
        if not path.is_file():
            write_brief(shelf.run(run_id), path.parent, (form,))
        headers = {"content-security-policy": BRIEF_POLICY}
        if form != "html":
            headers["content-disposition"] = f'attachment; filename="{run_id}.{form}"'
        return Response(path.read_bytes(), media_type=_TYPES[form], headers=headers)

    @app.get("/runs/{run_id}/figures/{name}.{form}")
    def figure(run_id: str, name: str, form: str) -> Response:
        _done(shelf, run_id)
        if form not in FIGURE_FORMS or name not in _figures(shelf, run_id):
            raise HTTPException(404, "There is no such chart.")
        content = _drawn(shelf.root, run_id, _written(shelf, run_id), name, form)
        headers = {} if form == "svg" else {"content-disposition": "attachment"}
        if form == "svg":  # opened by itself, a chart needs its own styles and nothing else
            headers["content-security-policy"] = (
                "default-src 'none'; style-src 'unsafe-inline'; sandbox"
            )
        return Response(content, media_type=_TYPES[form], headers=headers)


def _doing(app: FastAPI, shelf: Shelf, line: Line, token: str) -> None:
    """Forms that change something; each carries the token of this server."""

    def own_form(given: str) -> None:
        if not token_matches(given, token):
            raise HTTPException(403, "This form is from another time; open the page again.")

    @app.post("/runs")
    async def order(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=100)
        own_form(str(form.get("token", "")))
        given = {k: str(v) for k, v in form.items()}
        policies = [str(p) for p in form.getlist("policies")]
        try:
            wanted = _order(given, policies)
            run_id = await asyncio.to_thread(shelf.add, wanted)
        except UserError as error:
            choices = await asyncio.to_thread(case_choices, "korea")
            shown = {**given, "policies": policies}
            html = page("new", token=token, given=shown, problems=error.problems, **choices)
            return HTMLResponse(html, 422)
        await asyncio.to_thread(line.join, run_id)
        return RedirectResponse(f"/runs/{run_id}", 303)

    @app.post("/runs/{run_id}/{deed}")
    def act(run_id: str, deed: str, token: Text = "") -> Response:
        own_form(token)
        entry = _found(shelf, run_id)
        if deed == "stop" and entry.is_under_way:
            line.stop(run_id)
        elif deed == "resume" and entry.state in ("stopped", "failed"):
            line.join(run_id)
        elif deed == "delete" and not entry.is_under_way:
            shelf.delete(run_id)
            return RedirectResponse("/", 303)
        else:
            raise HTTPException(409, f"A run that is {entry.state} cannot be asked to {deed}.")
        return RedirectResponse(f"/runs/{run_id}", 303)


def _order(given: dict[str, str], policies: list[str]) -> Order:
    """An order from the fields of the form; raises `UserError` for what is no number."""
    problems = [
        Problem(
            "form", key, f"{given.get(key, '')[:40]!r} is no whole number", "digits", "write digits"
        )
        for key in ("futures", "seed")
        if not is_number(given.get(key, ""))
    ]
    if problems:
        raise UserError(problems)
    return Order(
        name=given.get("name", ""),
        case="korea",
        futures=int(given["futures"]),
        seed=int(given["seed"]),
        policies=tuple(policies),
        beliefs=given.get("beliefs", "ranges"),
        overlay=given.get("overlay", ""),
        own=given.get("own", "").replace("\r\n", "\n"),
        own_policy=given.get("own_policy", "").replace("\r\n", "\n"),
        baseline=given.get("baseline", ""),
    )


def _endings(app: FastAPI) -> None:
    """Errors as pages, in the words of the use case."""

    @app.exception_handler(UserError)
    async def faulty(_request: Request, error: UserError) -> Response:
        return HTMLResponse(page("problem", title="This cannot be shown", error=error), 422)

    @app.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> Response:
        return HTMLResponse(page("problem", title=str(error.detail), error=None), error.status_code)
