"""One look for every chart: colours that the colour-blind can tell apart, quiet axes, no frame.

Colours are written in their light form; `dark` tells a page what to put in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["BLUE", "DARK", "GREEN", "GREY", "GRID", "INK", "MUTED", "RED", "SCHEMA", "themed"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.4.json"

# Okabe and Ito's colours, the blue and the vermilion darkened a little for text on white.
BLUE, RED, GREEN, GREY = "#0068a8", "#c2500a", "#007a5c", "#6b727c"
INK, MUTED, GRID, RULE = "#1c2430", "#57606c", "#e3e6ea", "#b8bec6"

#: What stands for each colour on a dark page.
DARK: Mapping[str, str] = {
    BLUE: "#5cb3ef",
    RED: "#f4945a",
    GREEN: "#3fc9a0",
    GREY: "#989fa9",
    INK: "#e8eaed",
    MUTED: "#a7aeb8",
    GRID: "#30363f",
    RULE: "#4b535e",
}


def themed(spec: Mapping[str, Any], font: str) -> dict[str, Any]:
    """A chart with the theme and a font laid under it, ready to be drawn."""
    text = {"font": font, "fontSize": 12, "color": INK}
    axis = {
        "domainColor": RULE,
        "tickColor": RULE,
        "gridColor": GRID,
        "labelColor": MUTED,
        "titleColor": MUTED,
        "labelFont": font,
        "titleFont": font,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 260,
        "titlePadding": 8,
        "labelSeparation": 6,
    }
    config = {
        "background": None,
        "font": font,
        "axis": axis,
        "axisY": {"grid": False, "ticks": False, "domain": False, "labelColor": INK},
        "title": {
            "anchor": "start",
            "font": font,
            "color": INK,
            "fontSize": 13,
            "fontWeight": "bold",
            "subtitleFont": font,
            "subtitleColor": MUTED,
            "subtitleFontSize": 12,
            "frame": "group",
        },
        "text": text,
        "view": {"stroke": None},
        "concat": {"spacing": 18},
        "legend": {"disable": True},
    }
    return {"$schema": SCHEMA, **spec, "config": config}
