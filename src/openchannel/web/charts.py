"""Charts as answers: shown in a page, or saved as SVG, PNG or CSV."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from fastapi import HTTPException
from fastapi.responses import Response

from openchannel.usecases.runs.figures import DRAWN, draw_figure, draw_spec
from openchannel.web.desk import TYPES

if TYPE_CHECKING:
    from openchannel.report.model import Figure

__all__ = ["drawn", "picture", "split_name"]

#: Opened by itself, a chart needs its own styles and nothing else.
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def drawn(figure: Figure | None, name: str, form: str) -> Response:
    """A chart in a form; 404 where there is none, or no such form."""
    if figure is None or form not in DRAWN:
        raise HTTPException(404, "There is no such chart.")
    if form == "csv":
        return picture(draw_figure(figure, form), name, form)
    return picture(_drawn(json.dumps(figure.spec, sort_keys=True), form), name, form)


@lru_cache(maxsize=128)
def _drawn(spec: str, form: str) -> bytes:
    """A picture; drawing it takes a tenth of a second or more."""
    return draw_spec(json.loads(spec), form)


def picture(content: bytes, name: str, form: str) -> Response:
    """The file of a chart: shown where it is a picture of a page, else saved."""
    kind = form.rpartition(".")[2]
    if kind == "svg":
        headers = {"content-security-policy": _PICTURE_POLICY}
    else:
        headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=TYPES[kind], headers=headers)


def split_name(name: str, form: str) -> tuple[str, str]:
    """`figure-x` and `dark.svg` of a path that was cut at its last dot."""
    stem, dot, middle = name.partition(".")
    return stem, f"{middle}.{form}" if dot else form
