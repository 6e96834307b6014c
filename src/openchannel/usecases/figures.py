"""The charts of a run one by one: as a picture, or as their numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

from openchannel.usecases.brief import findings_of

if TYPE_CHECKING:
    from openchannel.report.model import Figure, Text
    from openchannel.usecases.assessment import Run

__all__ = ["FIGURE_FORMS", "draw_figure", "figures_of"]

FIGURE_FORMS = ("svg", "png", "csv")


def figures_of(run: Run) -> Mapping[str, Figure]:
    """Charts of the brief of a run, in its order, by id."""
    from openchannel.report import compose_brief

    return {f.id: f for f in compose_brief(findings_of(run)).figures}


def draw_figure(figure: Figure, form: str) -> bytes:
    """A chart as `svg` or `png`, or as `csv`: the numbers that stand under it in the brief."""
    from openchannel.report.drawing import PAGE_FONT, png, svg

    if form == "csv":
        return _numbers(figure).encode("utf-8")
    return png(figure.spec) if form == "png" else svg(figure.spec, PAGE_FONT).encode("utf-8")


def _numbers(figure: Figure) -> str:
    sheet = io.StringIO()
    write = csv.writer(sheet, lineterminator="\n").writerow
    write([_plain(c.title) for c in figure.numbers.columns])
    for row in figure.numbers.rows:
        write([_plain(cell) for cell in row.cells])
    return sheet.getvalue()


def _plain(text: Text) -> str:
    return "".join(span.text for span in text)
