"""The brief as a tagged, accessible PDF: Typst reads the brief as data, so nothing is escaped."""

from __future__ import annotations

import json
import re
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from openchannel.report.drawing import PAPER_FONT, svg
from openchannel.report.model import Brief, as_data

__all__ = ["STANDARDS", "render_pdf"]

#: Universal accessibility, and an archive file whose structure can be read out.
STANDARDS: tuple[Literal["ua-1"], Literal["a-2a"]] = ("ua-1", "a-2a")

# Archive files must carry a date; a true one would make each file differ. This is the customary
# stand-in for "no date" of reproducible builds.
_NO_DATE = 315_532_800  # 1 January 1980

_SIZE = re.compile(r'<svg[^>]*?\swidth="([\d.]+)"')
_WIDEST_PT = 490.0
_POINTS_PER_PIXEL = 0.68  # labels of 12 pixels become 8.2 points


def render_pdf(brief: Brief) -> bytes:
    """The PDF as bytes; the same for the same brief.

    Only the fonts that Typst carries are used, so that machines agree. A figure without words for
    those who do not see it makes Typst refuse, which is an error of ours.
    """
    import typst  # noqa: PLC0415  # heavy; a brief alone needs it

    with tempfile.TemporaryDirectory(prefix="openchannel-") as name:
        folder = Path(name)
        pictures = {f.id: svg(f.spec, PAPER_FONT) for f in brief.figures}
        for key, text in pictures.items():
            (folder / f"{key}.svg").write_text(text, "utf-8")
        data = as_data(brief)
        _put_widths(data, pictures)
        (folder / "brief.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        (folder / "brief.typ").write_text(_template(), "utf-8")
        return bytes(
            typst.compile(
                str(folder / "brief.typ"),
                root=name,
                format="pdf",
                ignore_system_fonts=True,
                pdf_standards=list(STANDARDS),
                timestamp=_NO_DATE,
            )
        )


def _put_widths(data: dict[str, Any], pictures: dict[str, str]) -> None:
    """Tell the layout how wide each chart is, all at the same scale unless too wide."""
    for section in data["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "figure":
                found = _SIZE.search(pictures[block["id"]])
                natural = float(found[1]) if found else _WIDEST_PT
                block["width"] = min(natural * _POINTS_PER_PIXEL, _WIDEST_PT)


def _template() -> str:
    return (resources.files("openchannel.report") / "templates" / "brief.typ").read_text("utf-8")
