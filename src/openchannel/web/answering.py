"""Live answers as a page shows them: the markup of each, its plots, and the charts to save."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException

from openchannel.report.interval_plot import interval_plot, step_plot
from openchannel.report.sketch_charts import loss_figure, steps_figure
from openchannel.report.wording import in_sentence
from openchannel.usecases.sketches.sketch import sizes
from openchannel.web.pages import page

if TYPE_CHECKING:
    from openchannel.web.kept import KeptCharts
    from openchannel.web.sketching import Sketching

__all__ = ["NO_ANSWER", "first_answer", "stream"]

#: What a page shows before anything was asked.
NO_ANSWER: Mapping[str, Any] = {
    "told": None,
    "problems": [],
    "plot": None,
    "steps": None,
    "charts": {},
    "mark": "",
}
_ENOUGH = 2048
"""Futures of the answer that a page without scripts waits for."""
_N_SIZES = len(tuple(sizes()))

Steps = list[tuple[int, float, float]]


async def stream(sketching: Sketching, ask: Mapping[str, Any]) -> AsyncGenerator[str]:
    """Answers as server-sent events, each with the markup that shows it."""
    steps: Steps = []
    async for told in sketching.answers(ask):
        event = {**_shown(told, steps, sketching.kept), "last": told.get("last", False)}
        yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"


async def first_answer(sketching: Sketching, ask: Mapping[str, Any]) -> dict[str, Any]:
    """What a page without scripts shows: one answer that is sharp enough, or the problems."""
    steps: Steps = []
    answers = sketching.answers(ask)
    try:
        async for told in answers:
            if "problems" in told:
                return {"problems": told["problems"]}
            if "failed" in told:
                raise HTTPException(503, told["failed"])
            if "answer" in told:
                values = _values(told["answer"], steps, sketching.kept)
                if told["last"] or told["answer"]["futures"] >= _ENOUGH:
                    return values
    finally:
        await answers.aclose()
    return {}


def _shown(told: Mapping[str, Any], steps: Steps, kept: KeptCharts) -> dict[str, Any]:
    if "note" in told:
        return {"note": told["note"]}
    if "problems" in told:
        html = page("problems", problems=told["problems"])
        return {"html": html, "spoken": "There are problems with what is asked."}
    if "failed" in told:
        return {"html": page("failed", words=told["failed"]), "spoken": "There is no answer."}
    answer = told["answer"]
    html = page("sketch", **_values(answer, steps, kept))
    return {"html": html, "futures": answer["futures"], "spoken": answer["sentence"]}


def _values(answer: Mapping[str, Any], steps: Steps, kept: KeptCharts) -> dict[str, Any]:
    """What the markup of an answer needs: the answer, its plots, and its charts by what they show.

    `mark` is where the charts can be saved from.
    """
    if "loss" not in answer:
        return {**NO_ANSWER, "told": answer}
    loss = answer["loss"]
    if loss["mcse"] is not None:
        steps.append((answer["futures"], loss["mean"], loss["mcse"]))
    rows, baseline = _rows(answer), in_sentence(answer["baseline"]["short"])
    charts = {"loss": loss_figure(rows, baseline)}
    if len(steps) > 1:
        charts["steps"] = steps_figure(steps, baseline)
    return {
        "told": answer,
        "plot": interval_plot(rows),
        "steps": step_plot(steps, _N_SIZES),
        "charts": charts,
        "mark": kept.keep(tuple(charts.values())),
    }


def _rows(answer: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The answer under what stands now, below those that it is held against, each with its name."""
    first = answer.get("start", answer)["policy"]
    begun = "At the start" if first == answer["policy"] else first["short"]
    names = (("start", begun), ("before", "Before your last change"))
    rows = [(words, answer[key]["loss"]) for key, words in names if "loss" in answer.get(key, {})]
    last = "Now" if first == answer["policy"] else answer["policy"]["short"]
    return [*rows, (last if rows else "", answer["loss"])]
