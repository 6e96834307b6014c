"""The charts of a run one by one: as a picture, or as their numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.ensemble.store import write_atomic
from openchannel.errors import UserError
from openchannel.usecases.guard import disk_problems
from openchannel.usecases.runs.brief import brief_of
from openchannel.usecases.settings import form_problems

if TYPE_CHECKING:
    from openchannel.report.model import Figure, Text
    from openchannel.usecases.runs.finished_run import Run

__all__ = [
    "CHARTS",
    "DRAWN",
    "FIGURE_FORMS",
    "chart_forms",
    "draw_figure",
    "draw_spec",
    "figures_of",
    "write_charts",
]

FIGURE_FORMS = ("svg", "png", "csv")
#: The forms in which a page shows a chart or gives it out: the picture also for a dark page.
DRAWN = (*FIGURE_FORMS, "dark.svg")
#: The folder of charts inside that of a run.
CHARTS = "charts"


def figures_of(run: Run) -> Mapping[str, Figure]:
    """Charts of the brief of a run, in its order, by id."""
    return {f.id: f for f in brief_of(run).figures}


def draw_figure(figure: Figure, form: str) -> bytes:
    """A chart as `svg` or `png`, or as `csv`: the numbers that stand under it in the brief.

    `dark.svg` is the picture in the colours of a dark page.
    """
    return _numbers(figure).encode("utf-8") if form == "csv" else draw_spec(figure.spec, form)


def draw_spec(spec: Mapping[str, Any], form: str) -> bytes:
    """The picture of a specification, as `svg`, `dark.svg` or `png`."""
    from openchannel.report.drawing import PAGE_FONT, darkened, png, svg

    if form == "png":
        return png(spec)
    picture = svg(spec, PAGE_FONT)
    return (darkened(picture) if form == "dark.svg" else picture).encode("utf-8")


def write_charts(figures: Iterable[Figure], folder: Path, forms: Sequence[str]) -> list[Path]:
    """Write charts into the folder `charts`, each in the forms asked for; what was written."""
    written = []
    with disk_problems(folder):
        for figure in figures:
            for form in forms:
                content = draw_figure(figure, form)

                def write(path: Path, content: bytes = content) -> None:
                    path.write_bytes(content)

                written.append(write_atomic(folder / CHARTS / f"{figure.id}.{form}", write))
    return written


def chart_forms(given: str) -> tuple[str, ...]:
    """Forms of charts from a list between commas; raises `UserError` for one that is not known."""
    forms = tuple(f for f in (part.strip() for part in given.split(",")) if f)
    if problems := form_problems("--charts", "a chart", forms, FIGURE_FORMS):
        raise UserError(problems)
    return forms


def _numbers(figure: Figure) -> str:
    sheet = io.StringIO()
    write = csv.writer(sheet, lineterminator="\n").writerow
    write([_plain(c.title) for c in figure.numbers.columns])
    for row in figure.numbers.rows:
        write([_plain(cell) for cell in row.cells])
    return sheet.getvalue()


def _plain(text: Text) -> str:
    return "".join(span.text for span in text)
