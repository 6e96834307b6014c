"""The app: its pages by subject, its assets, its errors."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from openchannel.errors import Problem, UserError
from openchannel.usecases.shelf.archive import Archive
from openchannel.usecases.shelf.serve_needs import LOOPBACK_NAMES
from openchannel.usecases.shelf.shelf import Shelf
from openchannel.web.answers import add_answers
from openchannel.web.argue import add_argument
from openchannel.web.believing import add_believing
from openchannel.web.briefs import add_briefs
from openchannel.web.comparing import add_comparing
from openchannel.web.desk import Desk
from openchannel.web.entrance import Entrance
from openchannel.web.how import add_how
from openchannel.web.line import Line
from openchannel.web.pages import page
from openchannel.web.policies import add_policies
from openchannel.web.record import add_record
from openchannel.web.runs import add_runs
from openchannel.web.safety import Guard
from openchannel.web.sketching import Sketching

__all__ = ["create_app"]

_STATIC = Path(__file__).parent / "static"


def create_app(
    root: Path,
    case: str = "korea",
    store: Path | None = None,
    *,
    warm: bool = False,
    names: Collection[str] = LOOPBACK_NAMES,
    key: str = "",
) -> FastAPI:
    """The app over the runs in one folder; its workers live as long as the app does.

    `warm` has the process that sketches started at once, not when its first page is opened.
    `case` is the case that new runs are about, `store` the file of the ledger of contacts.
    `names` are those that browsers may ask for the app by, `key` what they must show to come in;
    empty where only this machine can reach it.
    """
    shelf = Shelf(root, case)
    line = Line(shelf)
    sketching = Sketching(case)
    desk = Desk(shelf, line, secrets.token_urlsafe(32), store)
    archive = Archive(case, store)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        line.open()
        if warm:
            sketching.warm()
        yield
        await asyncio.gather(*(asyncio.to_thread(each.close) for each in (line, sketching)))

    app = FastAPI(title="openchannel", lifespan=life, openapi_url=None)
    if key:
        app.add_middleware(Entrance, token=key)
    app.add_middleware(Guard, names=names)  # the last that is added stands first
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    add_runs(app, desk)
    add_argument(app, desk, sketching)
    add_policies(app, desk, sketching)
    add_believing(app, desk)
    add_answers(app, desk, archive)
    add_briefs(app, desk)
    add_comparing(app, desk)
    add_how(app, desk)
    add_record(app, desk, archive)
    _endings(app)
    return app


def _endings(app: FastAPI) -> None:
    """Errors as pages, in the words of the use case."""

    @app.exception_handler(UserError)
    async def faulty(_request: Request, error: UserError) -> Response:
        return HTMLResponse(page("problem", title="This cannot be shown", error=error), 422)

    @app.exception_handler(RequestValidationError)
    async def unread(_request: Request, error: RequestValidationError) -> Response:
        told = UserError(_unread(e) for e in error.errors())
        return HTMLResponse(page("problem", title="This cannot be asked", error=told), 422)

    @app.exception_handler(HTTPException)  # FastAPI's own are of this kind too
    async def refused(_request: Request, error: HTTPException) -> Response:
        title = str(error.detail) if error.status_code != 404 else _absent(str(error.detail))
        return HTMLResponse(page("problem", title=title, error=None), error.status_code)


def _absent(detail: str) -> str:
    """What is not there, in words of the app where a route said it, else in ours."""
    return "There is no such page." if detail == "Not Found" else detail


def _unread(fault: Mapping[str, Any]) -> Problem:
    """What is wrong with a field of an address or of a form."""
    place = [str(part) for part in fault.get("loc", ())]
    return Problem(
        file=place[0] if place else "request",
        field=" ".join(place[1:]),
        wrong=str(fault.get("msg", "cannot be read")),
        allowed="",
        mend="go back and choose again",
    )
