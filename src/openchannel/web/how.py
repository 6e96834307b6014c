"""How to build it: designs and hedges, with the front of portfolios on linked plots."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from openchannel.usecases.building.built import built_page, linked_front
from openchannel.usecases.shelf.recipe import Recipe, build_recipe
from openchannel.usecases.shelf.shelf import PARTS, Entry
from openchannel.web.charts import drawn, split_name
from openchannel.web.desk import Desk
from openchannel.web.pages import loaded_case, page, told
from openchannel.web.safety import BRIEF_POLICY, FRAMING_POLICY

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.report import Brief
    from openchannel.report.model import Figure

__all__ = ["add_how"]


def add_how(app: FastAPI, desk: Desk) -> None:
    """The list of designs and hedges, the page of one, and what its plots are drawn with."""

    @app.get("/how", response_class=HTMLResponse)
    def how() -> str:
        kinds = {"design", "hedge"}
        entries = [e for e in desk.shelf.entries() if kinds & {e.kind, *e.parts}]
        return page("how-list", entries=[told(e) for e in entries])

    @app.get("/runs/{run_id}/how", response_class=HTMLResponse)
    def one(run_id: str) -> Response:
        entry = desk.found(run_id)
        kinds = [k for k in ("design", "hedge") if k in entry.parts]
        if entry.state != "done" or not kinds:
            raise HTTPException(404, "This run holds no design and no hedge.")
        shown = {k: _shown(desk, entry, k) for k in kinds}
        html = page("how", entry=entry, design=shown.get("design"), hedge=shown.get("hedge"))
        return HTMLResponse(html, headers={"content-security-policy": FRAMING_POLICY})

    @app.get("/runs/{run_id}/how/{kind}.json")
    def numbers(run_id: str, kind: str) -> JSONResponse:
        return JSONResponse(_data(desk, run_id, kind))

    @app.get("/runs/{run_id}/how/{kind}.html")
    def made_page(run_id: str, kind: str) -> Response:
        _data(desk, run_id, kind)
        path = desk.shelf.folder(run_id) / f"{kind}.html"
        if not path.is_file():
            raise HTTPException(404, "This was made without its page.")
        headers = {"content-security-policy": BRIEF_POLICY}
        return FileResponse(path, media_type="text/html; charset=utf-8", headers=headers)

    @app.get("/runs/{run_id}/how/{kind}/charts/{name}.{form}")
    def chart(run_id: str, kind: str, name: str, form: str) -> Response:
        name, form = split_name(name, form)
        made = _page_of(desk, run_id, kind)
        figure = None if made is None else made.figures.get(name)
        return drawn(figure, f"{run_id}-{name}", form)

    @app.get("/assets/vega.js")
    def vega() -> Response:
        headers = {"cache-control": "private, max-age=86400"}
        return Response(_script(), media_type="text/javascript; charset=utf-8", headers=headers)


def _script() -> str:
    """The drawing library that comes with the package: Vega, Vega-Lite and Vega-Embed."""
    from openchannel.report.script import script_bundle

    return script_bundle()


def _data(desk: Desk, run_id: str, kind: str) -> dict[str, Any]:
    if kind not in ("design", "hedge"):
        raise HTTPException(404, "There is no such file.")
    desk.done(run_id, kind)
    return desk.shelf.part(run_id, kind)


@dataclass(frozen=True, slots=True)
class _Made:
    """The page of a design or a hedge, and for a design its linked plots."""

    brief: Brief
    linked: Figure | None

    @property
    def figures(self) -> dict[str, Figure]:
        """Every chart by its id."""
        more = () if self.linked is None else (self.linked,)
        return {f.id: f for f in (*self.brief.figures, *more)}


def _shown(desk: Desk, entry: Entry, kind: str) -> dict[str, Any]:
    """Sections, files and recipe of one part of a run."""
    data = _data(desk, entry.id, kind)
    made = _page_of(desk, entry.id, kind)
    shown: dict[str, Any] = {
        "recipe": _recipe(desk, entry, kind, data),
        "at": f"/runs/{entry.id}/how/{kind}/charts",
        "sections": () if made is None else made.brief.sections,
        "is_old": data["case_fingerprint"] != _case(desk, data).fingerprint,
        "linked": None if made is None else made.linked,
    }
    if made is not None and made.linked is not None:
        from openchannel.report.drawing import PAGE_FONT
        from openchannel.report.theme import DARK, themed

        spec = {"light": themed(made.linked.spec, PAGE_FONT), "dark": dict(DARK)}
        shown["spec"] = json.dumps(spec)
    return shown


def _recipe(desk: Desk, entry: Entry, kind: str, data: dict[str, Any]) -> Recipe:
    source = str(entry.manifest.get("case") or data["case"])
    return build_recipe(kind, data, source if source in desk.shelf.cases else desk.case)


def _case(desk: Desk, data: dict[str, Any]) -> Case:
    """The case of a design as it is now."""
    case = loaded_case(desk.case)
    return case if case.id == data["case"] else loaded_case(str(data["case"]))


def _page_of(desk: Desk, run_id: str, kind: str) -> _Made | None:
    """The page of a part, made once for a file and a content of the case.

    None where the file is of another release or the case has lost what it names.
    """
    data = _data(desk, run_id, kind)
    case = _case(desk, data)
    path = desk.shelf.folder(run_id) / PARTS[kind]
    key = (path, path.stat().st_mtime_ns, case.fingerprint)
    if key not in _MADE:
        if len(_MADE) >= _MOST_MADE:
            _MADE.clear()
        try:
            linked = linked_front(case, data) if kind == "design" else None
            _MADE[key] = _Made(built_page(kind, case, data), linked)
        except (KeyError, ValueError, StopIteration):
            return None
    return _MADE[key]


_MOST_MADE = 8
_MADE: dict[tuple[Path, int, str], _Made] = {}
