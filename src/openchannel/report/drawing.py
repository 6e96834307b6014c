"""Charts as pictures: SVG for paper and for pages without scripts, PNG for word processors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from openchannel.report.theme import DARK, themed

__all__ = ["PAGE_FONT", "PAPER_FONT", "VEGA_LITE", "WORD_FONT", "darkened", "png", "svg"]

#: Fonts by place: one that pages find with the widths that charts are measured with, one that
#: Typst carries, one that the drawing tool carries.
PAGE_FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
PAPER_FONT = "Libertinus Serif"
WORD_FONT = "Liberation Sans"

#: The release of Vega-Lite that charts are written for.
VEGA_LITE = "6.4"
_CLIP = re.compile(r"(clip|gradient_)(\d+)")


def svg(spec: Mapping[str, Any], font: str, prefix: str = "") -> str:
    """A chart as SVG: the same text for the same chart, whatever was drawn before.

    Identifiers of clips count up within a process; they are numbered anew here, with `prefix` so
    that several charts can stand in one page.
    """
    import vl_convert  # noqa: PLC0415  # heavy; a brief alone needs it

    text = str(vl_convert.vegalite_to_svg(themed(spec, font), vl_version=VEGA_LITE))
    found: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        return found.setdefault(match[0], f"{prefix}{match[1]}{len(found)}")

    return _CLIP.sub(renamed, text)


def darkened(picture: str) -> str:
    """A drawn chart in the colours of a dark page."""
    for light, dark in DARK.items():
        picture = picture.replace(f'"{light}"', f'"{dark}"')
    return picture


def png(spec: Mapping[str, Any], font: str = WORD_FONT, ppi: int = 200) -> bytes:
    """A chart as PNG on white."""
    import vl_convert  # noqa: PLC0415

    chart = themed(spec, font)
    chart["background"] = "white"
    return bytes(vl_convert.vegalite_to_png(chart, vl_version=VEGA_LITE, ppi=ppi, scale=1.0))
