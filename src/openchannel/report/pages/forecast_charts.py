"""Charts of forecasts: chances and counts by window, said against came, skill over baselines.

Each is a row of small charts with one scale of words at the left. The numbers stand in tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openchannel.report.theme import BLUE, GREY, INK, MUTED

__all__ = ["chance_chart", "count_chart", "reliability_chart", "skill_chart"]

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

_WIDTH = 104
_SHADES = (0.35, 0.55, 0.78, 1.0)


def _beside(rows: Rows, field: str, layers: list[Spec], size: Spec, **more: Any) -> Spec:
    """Small charts beside each other, one for each value of a field in the order of the rows."""
    order = list(dict.fromkeys(str(r[field]) for r in rows))
    return {
        "data": {"values": list(rows)},
        "facet": {
            "column": {"field": field, "type": "nominal", "title": None, "sort": order,
                       "header": {"labelFontSize": 12, "labelFontWeight": "bold",
                                  "labelColor": INK}},
        },
        "spec": {**size, "layer": layers},
        "spacing": 14,
        **more,
    }  # fmt: skip


def _y(rows: Rows) -> Spec:
    return {
        "field": "row",
        "type": "nominal",
        "sort": list(dict.fromkeys(str(r["row"]) for r in rows)),
        "title": None,
        "axis": {"labelPadding": 6},
    }


def chance_chart(rows: Rows) -> Spec:
    """Bars of the chance of one event or more; rows hold row, window, chance (0 to 100), label."""
    y = _y(rows)
    x = {
        "field": "chance",
        "type": "quantitative",
        "title": "per cent",
        "scale": {"domain": [0, 100]},
        "axis": {"values": [0, 50, 100]},
    }
    bar = {"mark": {"type": "bar", "height": 11, "color": BLUE}, "encoding": {"x": x, "y": y}}
    label = {
        "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 11, "color": INK},
        "encoding": {"x": x, "y": y, "text": {"field": "label", "type": "nominal"}},
    }
    room = {"width": _WIDTH, "height": {"step": 21}, "view": {"stroke": None}}
    return _beside(rows, "window", [bar, label], room, spacing=36)


def count_chart(rows: Rows) -> Spec:
    """Central interval and mean of a count; rows hold row, window, low, high, mean."""
    y = _y(rows)

    def x(field: str) -> Spec:
        return {
            "field": field,
            "type": "quantitative",
            "title": "events",
            "axis": {"tickCount": 4, "grid": True, "tickMinStep": 1},
        }

    reach = {
        "mark": {"type": "rule", "strokeWidth": 5, "color": BLUE, "opacity": 0.55},
        "encoding": {"y": y, "x": x("low"), "x2": {"field": "high"}},
    }
    mean = {
        "mark": {"type": "point", "filled": True, "size": 38, "color": INK, "opacity": 1},
        "encoding": {"y": y, "x": x("mean")},
    }
    size = {"width": _WIDTH + 20, "height": {"step": 21}}
    return _beside(
        rows, "window", [reach, mean], size, resolve={"scale": {"x": "independent"}}, spacing=20
    )


def reliability_chart(rows: Rows) -> Spec:
    """Said against came, with consistency bands; rows hold window, said, came, low, high, n."""

    def scale(field: str, title: str) -> Spec:
        return {
            "field": field,
            "type": "quantitative",
            "title": title,
            "scale": {"domain": [0, 100]},
            "axis": {"values": [0, 50, 100], "grid": True},
        }

    x, y = scale("said", "said, per cent"), scale("came", "came, per cent")
    ends = [{"said": 0, "came": 0}, {"said": 100, "came": 100}]
    layers = [
        {
            "data": {"values": ends},
            "mark": {"type": "line", "color": MUTED, "strokeDash": [3, 3], "strokeWidth": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 7, "color": GREY, "opacity": 0.35},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 46, "color": BLUE, "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
    ]
    return _beside(rows, "window", layers, {"width": 118, "height": 118}, spacing=22)


def skill_chart(rows: Rows, weeks: Sequence[int]) -> Spec:
    """Skill with two errors either way; rows hold row, baseline, weeks, skill, low, high, sure.

    Windows of one question stand under each other, the longest darkest; a mark is filled where
    the skill lies two errors or more from nothing.
    """
    y = _y(rows)
    x = {
        "type": "quantitative",
        "title": "per cent saved",
        "scale": {"domain": [-60, 60], "clamp": True},
        "axis": {"values": [-50, 0, 50]},
    }
    common = {
        "y": y,
        "yOffset": {"field": "weeks", "type": "ordinal", "sort": list(weeks)},
        "opacity": {
            "field": "weeks",
            "type": "ordinal",
            "scale": {"domain": list(weeks), "range": list(_SHADES[-len(weeks) :])},
        },
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1},
            "encoding": {"x": {"datum": 0, **x}},
        },
        {
            "mark": {"type": "rule", "color": BLUE, "strokeWidth": 1.6},
            "encoding": {**common, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        *(_dots(common, {**x, "field": "skill"}, sure=sure) for sure in (True, False)),
    ]
    height = {"step": 10 if len(weeks) > 1 else 22, "for": "position"}
    size = {"width": 138, "height": {**height, "for": "offset"} if len(weeks) > 1 else height}
    return _beside(rows, "baseline", layers, size, spacing=18)


def _dots(common: Spec, x: Spec, *, sure: bool) -> Spec:
    look = {"filled": True} if sure else {"filled": False, "strokeWidth": 1.2}
    return {
        "transform": [{"filter": f"datum.sure == {str(sure).lower()}"}],
        "mark": {"type": "point", "size": 36, "color": BLUE, **look},
        "encoding": {**common, "x": x},
    }
