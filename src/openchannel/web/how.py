"""How to build it: designs and hedges, with the front of portfolios on linked plots."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from openchannel.usecases.built import design_sections, kept_sections
from openchannel.usecases.recipe import Recipe, build_recipe
from openchannel.usecases.shelf import Entry
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

    @app.get("/runs/{run_id}/how/hedge.html")
    def hedge_page(run_id: str) -> Response:
        desk.done(run_id, "hedge")
        path = desk.shelf.folder(run_id) / "hedge.html"
        if not path.is_file():
            raise HTTPException(404, "This hedge was made without its page.")
        headers = {"content-security-policy": BRIEF_POLICY}
        return FileResponse(path, media_type="text/html; charset=utf-8", headers=headers)

    @app.get("/runs/{run_id}/how/charts/{name}.{form}")
    def chart(run_id: str, name: str, form: str) -> Response:
        name, form = split_name(name, form)
        return drawn(_figures(desk, run_id).get(name), f"{run_id}-{name}", form)

    @app.get("/assets/vega.js")
    def vega() -> Response:
        headers = {"cache-control": "private, max-age=86400"}
        return Response(_vega(), media_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _vega() -> str:
    """The drawing library that comes with the package: Vega, Vega-Lite and Vega-Embed."""
    from openchannel.report.drawing import script_bundle

    return script_bundle()


def _data(desk: Desk, run_id: str, kind: str) -> dict[str, Any]:
    if kind not in ("design", "hedge"):
        raise HTTPException(404, "There is no such file.")
    desk.done(run_id, kind)
    return desk.shelf.part(run_id, kind)


def _shown(desk: Desk, entry: Entry, kind: str) -> dict[str, Any]:
    """Sections, files and recipe of one part of a run."""
    data = _data(desk, entry.id, kind)
    folder = desk.shelf.folder(entry.id)
    at = f"/runs/{entry.id}/how/charts"
    shown: dict[str, Any] = {"recipe": _recipe(desk, entry, kind, data), "at": at, "data": data}
    if kind == "hedge":
        return shown | {"sections": kept_sections(folder)}
    from openchannel.report.drawing import PAGE_FONT
    from openchannel.report.theme import DARK, themed

    brief, linked = _design(desk, entry.id)
    spec = json.dumps({"light": themed(linked.spec, PAGE_FONT), "dark": dict(DARK)})
    return shown | {
        "sections": brief.sections,
        "linked": linked,
        "spec": spec,
        "is_old": data["case_fingerprint"] != _case(desk, data).fingerprint,
    }


def _recipe(desk: Desk, entry: Entry, kind: str, data: dict[str, Any]) -> Recipe:
    source = str(entry.manifest.get("case") or data["case"])
    return build_recipe(kind, data, source if source in desk.shelf.cases else desk.case)


def _figures(desk: Desk, run_id: str) -> dict[str, Figure]:
    desk.done(run_id, "design")
    brief, linked = _design(desk, run_id)
    return {f.id: f for f in (*brief.figures, linked)}


def _case(desk: Desk, data: dict[str, Any]) -> Case:
    """The case of a design as it is now."""
    case = loaded_case(desk.case)
    return case if case.id == data["case"] else loaded_case(str(data["case"]))


def _design(desk: Desk, run_id: str) -> tuple[Brief, Figure]:
    """The page of a design and its linked plots; made once for a file and a content of the case."""
    data = desk.shelf.part(run_id, "design")
    case = _case(desk, data)
    path = desk.shelf.folder(run_id) / "design.json"
    key = (path, path.stat().st_mtime_ns, case.fingerprint)
    if key not in _MADE:
        if len(_MADE) >= _MOST_MADE:
            _MADE.clear()
        _MADE[key] = design_sections(case, data)
    return _MADE[key]


_MOST_MADE = 8
_MADE: dict[tuple[Path, int, str], tuple[Brief, Figure]] = {}
