"""The page of beliefs: rows to move, and answers that follow while they are moved."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.responses import StreamingResponse

from openchannel.errors import UserError
from openchannel.usecases.belief.curve import curve_of, curve_path
from openchannel.usecases.belief.rows import Row, belief_groups, belief_rows, own_text
from openchannel.usecases.json_text import parse_json
from openchannel.usecases.shelf.recipe import curve_recipe
from openchannel.usecases.sketches.ask import read_query
from openchannel.usecases.sketches.policy_draft import written
from openchannel.usecases.sketches.sketch import MOST
from openchannel.web.answering import NO_ANSWER, first_answer, stream
from openchannel.web.charts import drawn, split_name
from openchannel.web.pages import case_choices, loaded_case, page
from openchannel.web.safety import token_matches

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.web.desk import Desk
    from openchannel.web.sketching import Sketching

__all__ = ["add_argument", "new_from", "query_of"]

_LONGEST_ASK = 200_000


def add_argument(app: FastAPI, desk: Desk, sketching: Sketching) -> None:
    """Routes of the page of beliefs, and of the answers that any page asks for."""
    _pages(app, desk, sketching)

    @app.post("/sketch")
    async def sketch(request: Request) -> Response:
        if not token_matches(request.headers.get("x-token", ""), desk.token):
            raise HTTPException(403, "This page is from another time; open it again.")
        return StreamingResponse(
            stream(sketching, _json(await request.body())), media_type="text/event-stream"
        )

    @app.get("/sketch/{mark}/{name}.{form}")
    def chart(mark: str, name: str, form: str) -> Response:
        name, form = split_name(name, form)
        figure = sketching.kept.figure(mark, name)
        if figure is None:
            raise HTTPException(404, "The charts of this answer are kept no longer; ask again.")
        return drawn(figure, name, form)


def _pages(app: FastAPI, desk: Desk, sketching: Sketching) -> None:
    @app.get("/beliefs", response_class=HTMLResponse)
    async def beliefs(request: Request) -> str:
        sketching.warm()
        query = query_of(request)
        asked = read_query(loaded_case(desk.case), query)
        shown = await first_answer(sketching, asked) if query.get("answer") else {}
        # A hundred rows take long enough to keep others waiting.
        return await asyncio.to_thread(_beliefs_page, desk, asked, request.url.query, shown)

    @app.get("/beliefs/curve")
    def redrawn(row: str, low: float, high: float, start: str = "") -> JSONResponse:
        found = _row(desk, row, start)
        try:
            path = curve_path(found, low, high)
        except UserError as error:
            told = [p.as_dict() for p in error.problems]
            return JSONResponse({"problems": told}, 422)
        files = page("belief-files", **_files(desk, found, start, (low, high)))
        return JSONResponse({"d": path, "files": files})

    @app.get("/beliefs/charts/{name}.{form}")
    def chart(
        name: str, form: str, start: str = "", low: float | None = None, high: float | None = None
    ) -> Response:
        name, form = split_name(name, form)
        figure = curve_of(_row(desk, name, start), start, low, high).figure()
        return drawn(figure, figure.id, form)

    @app.get("/beliefs/own.yaml")
    def own_file(request: Request) -> Response:
        case = loaded_case(desk.case)
        asked = read_query(case, query_of(request))
        text = own_text(case, asked["start"], asked["moved"], asked["off"])
        headers = {"content-disposition": 'attachment; filename="own.yaml"'}
        return Response(text, media_type="application/yaml; charset=utf-8", headers=headers)


def _beliefs_page(
    desk: Desk, asked: Mapping[str, Any], query: str, shown: Mapping[str, Any]
) -> str:
    case, start, moved = loaded_case(desk.case), asked["start"], asked["moved"]
    rows, usual = _rows(case, start), _curves(case, start)
    curves, files = dict(usual), {n: _files(desk, r, start) for n, r in rows.items()}
    for name, ends in moved.items():
        try:
            curves[name] = curve_path(rows[name], *ends)
        except UserError:
            continue  # the answer says what is wrong with it
        files[name] = _files(desk, rows[name], start, ends)
    return page(
        "beliefs",
        token=desk.token,
        chosen=asked,
        moved=moved,
        curves=curves,
        files=files,
        usual=usual,
        groups=belief_groups(case, start),
        school=case.world(start) if start else None,
        query=f"?{query}" if query else "",
        most=MOST,
        **case_choices(desk.case),
        **{**NO_ANSWER, **shown},
    )


def query_of(request: Request) -> dict[str, str]:
    """The fields of an address; claims that are ticked one by one stand together."""
    given = request.query_params
    return {**given, "off": ",".join(given.getlist("off"))}


def new_from(case: Case, query: Mapping[str, str]) -> dict[str, Any]:
    """The form of a new run, filled in as the page of beliefs stands; empty without its query."""
    if not any(query.values()):
        return {}
    if "from" in query:
        return _new_with_policy(case, query)
    asked = read_query(case, query)
    own = asked["start"] or asked["moved"] or asked["off"]
    return {
        "policies": [asked["policy"]],
        "baseline": asked["baseline"],
        "overlay": asked["overlay"],
        "seed": str(asked["seed"]),
        "own": own_text(case, asked["start"], asked["moved"], asked["off"]) if own else "",
    }


def _new_with_policy(case: Case, query: Mapping[str, str]) -> dict[str, Any]:
    """The same, as the page of policies stands."""
    own = written(case, query)
    return {
        "name": own.policy.title[:80],
        "policies": [query["from"]],
        "baseline": query.get("baseline", ""),
        "overlay": query.get("overlay", ""),
        "beliefs": query.get("beliefs", ""),
        "seed": query.get("seed", "1"),
        "own_policy": own.text,
    }


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        given = parse_json(body) if len(body) <= _LONGEST_ASK else None
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise HTTPException(400, "This is no question that the app can read.")
    return given


def _rows(case: Case, start: str) -> Mapping[str, Row]:
    return {r.id: r for r in belief_rows(case, start)}


def _row(desk: Desk, name: str, start: str) -> Row:
    """A belief of the server's case; 404 where there is none."""
    rows = _rows(loaded_case(desk.case), start)
    if name not in rows:
        raise HTTPException(404, "There is no such belief.")
    return rows[name]


def _files(
    desk: Desk, row: Row, start: str, ends: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Where the curve of a belief can be had, and how it is made again."""
    asked = {"start": start} if start else {}
    moved = {} if ends is None else {"low": repr(ends[0]), "high": repr(ends[1])}
    query = urlencode(asked | moved)
    return {
        "belief": row.id,
        "query": f"?{query}" if query else "",
        "recipe": curve_recipe(desk.case, row.id, start, ends),
    }


def _curves(case: Case, start: str) -> Mapping[str, str]:
    """Curves of a start; drawing a hundred takes longer than all else on the page."""
    key = case.fingerprint, start
    if key not in _DRAWN:
        while len(_DRAWN) >= _MOST_DRAWN:
            _DRAWN.pop(next(iter(_DRAWN)))
        _DRAWN[key] = {
            name: curve_path(row, row.low, row.high) for name, row in _rows(case, start).items()
        }
    return _DRAWN[key]


_DRAWN: dict[tuple[str, str], Mapping[str, str]] = {}
_MOST_DRAWN = 16
