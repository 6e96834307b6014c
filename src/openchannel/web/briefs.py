"""The brief of a run: parts chosen, seen, taken away as HTML, PDF or DOCX."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import HTMLResponse, Response

from openchannel.usecases.runs.brief import (
    FORMATS,
    brief_bytes,
    brief_of,
    excerpt_of,
    parts_always,
    write_brief,
)
from openchannel.usecases.runs.files import stamp
from openchannel.usecases.shelf.shelf import Shelf
from openchannel.web.desk import TYPES, Desk
from openchannel.web.pages import page
from openchannel.web.safety import BRIEF_POLICY, FRAMING_POLICY

if TYPE_CHECKING:
    from openchannel.report import Brief

__all__ = ["add_briefs"]

Parts = Annotated[list[str] | None, Query(max_length=64)]


def add_briefs(app: FastAPI, desk: Desk) -> None:
    """The page on which a brief is put together, and the brief."""

    @app.get("/runs/{run_id}/brief", response_class=HTMLResponse)
    def choose(run_id: str) -> Response:
        entry = desk.done(run_id)
        sections = desk.shown(run_id).sections
        html = page("brief", entry=entry, sections=sections, always=parts_always())
        return HTMLResponse(html, headers={"content-security-policy": FRAMING_POLICY})

    @app.get("/runs/{run_id}/brief.{form}")
    def brief(run_id: str, form: str, part: Parts = None) -> Response:
        desk.done(run_id)
        if form not in FORMATS:
            raise HTTPException(404, f"The brief comes as {', '.join(FORMATS)}.")
        content = _whole(desk, run_id, form) if part is None else _parts(desk, run_id, form, part)
        headers = {"content-security-policy": BRIEF_POLICY}
        if form != "html":
            headers["content-disposition"] = f'attachment; filename="{run_id}.{form}"'
        return Response(content, media_type=TYPES[form], headers=headers)


def _whole(desk: Desk, run_id: str, form: str) -> bytes:
    """The whole brief, kept beside the run."""
    path = desk.shelf.folder(run_id) / f"brief.{form}"
    if not path.is_file():
        write_brief(desk.shelf.run(run_id), path.parent, (form,))
    return path.read_bytes()


def _parts(desk: Desk, run_id: str, form: str, parts: list[str]) -> bytes:
    folder = desk.shelf.folder(run_id)
    return brief_bytes(excerpt_of(_composed(folder, stamp(folder)), parts), form)


@lru_cache(maxsize=4)
def _composed(folder: Path, _stamp: tuple[tuple[int, int], ...]) -> Brief:
    """A brief that is being put together; making it takes longer than choosing from it."""
    return brief_of(Shelf(folder.parent).run(folder.name))
