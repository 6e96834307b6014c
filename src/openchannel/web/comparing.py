"""Two runs side by side: what is set and believed otherwise, and what they say."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse, Response

from openchannel.errors import Problem, UserError
from openchannel.usecases.shelf.recipe import compare_recipe
from openchannel.web.desk import Desk
from openchannel.web.pages import page

__all__ = ["add_comparing"]

Id = Annotated[str, Query(max_length=64)]


def add_comparing(app: FastAPI, desk: Desk) -> None:
    """The page of two runs."""

    @app.get("/compare", response_class=HTMLResponse)
    def compare(
        a: Id = "", b: Id = "", run: Annotated[list[str] | None, Query(max_length=200)] = None
    ) -> Response:
        entries = [e for e in desk.shelf.entries() if e.state == "done" and "assess" in e.parts]
        shown: dict[str, Any] = {"entries": entries, "a": a, "b": b, "found": None, "problems": []}
        try:
            a, b = _two(a, b, run or [])
            if a and b:
                shown |= {"a": a, "b": b, **_compared(desk, a, b)}
            return HTMLResponse(page("compare", **shown))
        except UserError as error:
            shown["problems"] = error.problems
            return HTMLResponse(page("compare", **shown), 422)


def _two(a: str, b: str, ticked: list[str]) -> tuple[str, str]:
    """The two runs meant: chosen by name, or ticked in the list."""
    if not ticked:
        return a, b
    if len(ticked) == 2:
        return ticked[0], ticked[1]
    raise UserError(
        Problem("form", "runs", f"{len(ticked)} runs are ticked", "two", "tick two, or choose them")
    )


def _compared(desk: Desk, a: str, b: str) -> dict[str, Any]:
    from openchannel.usecases.runs.compare import DEFAULT_FUTURES, side_by_side

    names = [desk.done(run_id).name for run_id in (a, b)]
    folders = [desk.shelf.folder(run_id) for run_id in (a, b)]
    found = side_by_side(*folders)
    told = found.page().sections
    return {
        "found": found,
        "names": names,
        "sections": [*reversed(told)],
        "recipe": compare_recipe(
            str(folders[0]), str(folders[1]), {"futures": DEFAULT_FUTURES, "seed": found.seed}
        ),
    }
