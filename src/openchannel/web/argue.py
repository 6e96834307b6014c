"""The page of beliefs: rows to move, and answers that follow while they are moved."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.responses import StreamingResponse

from openchannel.errors import UserError
from openchannel.report.interval_plot import interval_plot, step_plot
from openchannel.usecases.belief_rows import (
    Row,
    belief_groups,
    belief_rows,
    curve,
    own_text,
)
from openchannel.usecases.json_text import parse_json
from openchannel.usecases.policy_draft import written
from openchannel.usecases.sketch import MOST, sizes
from openchannel.usecases.sketch_ask import read_query
from openchannel.web.pages import case_choices, loaded_case, page
from openchannel.web.safety import token_matches

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.web.desk import Desk
    from openchannel.web.sketching import Sketching

__all__ = ["add_argument", "first_answer", "new_from", "query_of", "stream"]

_ENOUGH = 2048
"""Futures of the answer that a page without scripts waits for."""
_N_SIZES = len(tuple(sizes()))
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


def _pages(app: FastAPI, desk: Desk, sketching: Sketching) -> None:
    @app.get("/beliefs", response_class=HTMLResponse)
    async def beliefs(request: Request) -> str:
        sketching.warm()
        query = query_of(request)
        asked = read_query(loaded_case(desk.case), query)
        shown = await first_answer(sketching, asked) if query.get("answer") else {}
        return _beliefs_page(desk, asked, request.url.query, shown)

    @app.get("/beliefs/curve")
    def redrawn(row: str, low: float, high: float, start: str = "") -> JSONResponse:
        rows = _rows(loaded_case(desk.case), start)
        if row not in rows:
            raise HTTPException(404, "There is no such belief.")
        try:
            return JSONResponse({"d": curve(rows[row], low, high)})
        except UserError as error:
            told = [p.as_dict() for p in error.problems]
            return JSONResponse({"problems": told}, 422)

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
    curves = dict(usual)
    for name, ends in moved.items():
        try:
            curves[name] = curve(rows[name], *ends)
        except UserError:
            continue  # the answer says what is wrong with it
    values = {"told": None, "problems": [], "plot": None, "steps": None, **shown}
    return page(
        "beliefs",
        token=desk.token,
        chosen=asked,
        moved=moved,
        curves=curves,
        usual=usual,
        groups=belief_groups(case, start),
        school=case.world(start) if start else None,
        query=f"?{query}" if query else "",
        most=MOST,
        **case_choices(desk.case),
        **values,
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


async def stream(sketching: Sketching, ask: Mapping[str, Any]) -> AsyncGenerator[str]:
    """Answers as server-sent events, each with the markup that shows it."""
    steps: list[tuple[int, float, float]] = []
    async for told in sketching.answers(ask):
        event = {**_shown(told, steps), "last": told.get("last", False)}
        yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"


async def first_answer(sketching: Sketching, ask: Mapping[str, Any]) -> dict[str, Any]:
    """What a page without scripts shows: one answer that is sharp enough, or the problems."""
    steps: list[tuple[int, float, float]] = []
    answers = sketching.answers(ask)
    try:
        async for told in answers:
            if "problems" in told:
                return {"problems": told["problems"]}
            if "failed" in told:
                raise HTTPException(503, told["failed"])
            if "answer" in told:
                values = _values(told["answer"], steps)
                if told["last"] or told["answer"]["futures"] >= _ENOUGH:
                    return values
    finally:
        await answers.aclose()
    return {}


def _shown(told: Mapping[str, Any], steps: list[tuple[int, float, float]]) -> dict[str, Any]:
    if "note" in told:
        return {"note": told["note"]}
    if "problems" in told:
        html = page("problems", problems=told["problems"])
        return {"html": html, "spoken": "There are problems with what is asked."}
    if "failed" in told:
        return {"html": page("failed", words=told["failed"]), "spoken": "There is no answer."}
    answer = told["answer"]
    html = page("sketch", **_values(answer, steps))
    return {"html": html, "futures": answer["futures"], "spoken": answer["sentence"]}


def _values(answer: Mapping[str, Any], steps: list[tuple[int, float, float]]) -> dict[str, Any]:
    """What the markup of an answer needs: the answer, its plot, and how it sharpened."""
    if "loss" not in answer:
        return {"told": answer, "plot": None, "steps": None}
    loss = answer["loss"]
    if loss["mcse"] is not None:
        steps.append((answer["futures"], loss["mean"], loss["mcse"]))
    first = answer.get("start", answer)["policy"]
    begun = "At the start" if first == answer["policy"] else first["short"]
    names = (("start", begun), ("before", "Before your last change"))
    rows = [(words, answer[key]["loss"]) for key, words in names if "loss" in answer.get(key, {})]
    last = "Now" if first == answer["policy"] else answer["policy"]["short"]
    plot = interval_plot([*rows, (last if rows else "", loss)])
    return {"told": answer, "plot": plot, "steps": step_plot(steps, _N_SIZES)}


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


def _curves(case: Case, start: str) -> Mapping[str, str]:
    """Curves of a start; drawing a hundred takes longer than all else on the page."""
    key = case.fingerprint, start
    if key not in _DRAWN:
        while len(_DRAWN) >= _MOST_DRAWN:
            _DRAWN.pop(next(iter(_DRAWN)))
        _DRAWN[key] = {name: row.curve for name, row in _rows(case, start).items()}
    return _DRAWN[key]


_DRAWN: dict[tuple[str, str], Mapping[str, str]] = {}
_MOST_DRAWN = 16
