"""The page of policies: compose one, read it in words with its cost, then see what follows."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from openchannel.errors import Problem, UserError
from openchannel.usecases.settings import is_whole_number, not_one_of
from openchannel.usecases.sketches.policy_draft import (
    fields_of,
    lever_fields,
    prices,
    told_draft,
    written,
)
from openchannel.usecases.sketches.sketch import MOST
from openchannel.web.answering import NO_ANSWER, first_answer
from openchannel.web.pages import case_choices, loaded_case, page

if TYPE_CHECKING:
    from openchannel.web.desk import Desk
    from openchannel.web.sketching import Sketching

__all__ = ["add_policies"]


def add_policies(app: FastAPI, desk: Desk, sketching: Sketching) -> None:
    """Routes of the page of policies."""

    @app.get("/policies", response_class=HTMLResponse)
    async def policies(request: Request) -> str:
        sketching.warm()
        given = _given(request)
        told = _told(desk, given)
        shown = {}
        if given.get("answer") and not told["problems"]:
            shown = await first_answer(sketching, _ask(given, told))
        return _policies_page(desk, given, told, shown, request.url.query)

    @app.get("/policies/told")
    def in_words(request: Request) -> HTMLResponse:
        query = f"?{quote(request.url.query, safe='%&=+,;:@/?')}"
        html = page("policy-part", draft=_told(desk, _given(request)), query=query, is_part=True)
        return HTMLResponse(html, headers={"hx-replace-url": f"/policies{query}"})

    @app.get("/policies/policy.yaml")
    def policy_file(request: Request) -> Response:
        own = written(loaded_case(desk.case), _given(request))
        headers = {"content-disposition": f'attachment; filename="{own.policy.id}.yaml"'}
        return Response(own.text, media_type="application/yaml; charset=utf-8", headers=headers)


def _given(request: Request) -> dict[str, str]:
    """The fields of the form; a foreign seed or baseline is a problem told with the rest."""
    return dict(request.query_params)


def _told(desk: Desk, given: Mapping[str, str]) -> dict[str, Any]:
    """The policy in words, or what is wrong with it."""
    case = loaded_case(desk.case)
    baseline, seed = given.get("baseline") or case.baseline, given.get("seed") or "1"
    known = [p.id for p in case.policies]
    problems: list[Problem] = []
    if baseline not in known:
        problems.append(replace(not_one_of("baseline", baseline[:40], known), file="page"))
    if not is_whole_number(seed):
        wrong = f"{seed[:40]!r} is no whole number"
        problems.append(Problem("page", "seed", wrong, "digits", "write digits"))
    if problems:
        return {"problems": [p.as_dict() for p in problems]}
    fields = {k: v for k, v in given.items() if k in ("from", "id") or "." in k or k in _TEXTS}
    try:
        own = written(case, fields)
    except UserError as error:
        return {"problems": [p.as_dict() for p in error.problems]}
    told = told_draft(case, prices(case), own, baseline)
    return {"problems": [], "case": shlex.quote(desk.case), **told}


_TEXTS = ("title", "short", "summary", "case_for", "case_against")


def _ask(given: Mapping[str, str], told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "policy": told["id"],
        "own_policy": told["text"],
        "from_policy": given.get("from", ""),
        "baseline": given.get("baseline", ""),
        "beliefs": given.get("beliefs") or "ranges",
        "overlay": given.get("overlay", ""),
        "seed": int(given.get("seed") or "1"),
    }


def _policies_page(
    desk: Desk,
    given: Mapping[str, str],
    told: Mapping[str, Any],
    shown: Mapping[str, Any],
    query: str,
) -> str:
    case = loaded_case(desk.case)
    began = given.get("from") or case.focal
    known, usual = {p.id for p in case.policies}, given.get("baseline", "")
    origin = case.policy(began if began in known else case.focal)
    typed = any("." in name for name in given)
    fields = dict(given) if typed else {**fields_of(origin), **given}
    return page(
        "policies",
        token=desk.token,
        origin=origin,
        fields=fields,
        draft=told,
        usual=case.policy(usual if usual in known else case.baseline),
        levers=lever_fields(),
        prices=prices(case).contact,
        query=f"?{query}" if query else f"?from={origin.id}",
        is_part=False,
        most=MOST,
        waiting="Read the summary, then see what follows.",
        **case_choices(desk.case),
        **{**NO_ANSWER, **shown},
    )
