"""Pictures of beliefs as Vega-Lite: thresholds, swings, pairs, boxes and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openchannel.report.theme import BLUE, GREY, GRID, INK, MUTED, RED

__all__ = ["box_curve", "heat_map", "pair_map", "strips", "tornado"]

WIDTH = 440
_NARROW = 300
Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

# Long labels stand on two lines, about the middle of their row.
_LINES: Spec = {
    "labelExpr": "split(datum.label, '|')",
    "labelLineHeight": 13,
    "labelOffset": {
        "condition": {"test": "indexof(datum.label, '|') >= 0", "value": -6},
        "value": 0,
    },
    "labelLimit": 280,
}
_ROLES = {"policy": BLUE, "baseline": GREY, "isolation": RED}


def _order(rows: Rows) -> list[str]:
    return list(dict.fromkeys(str(r["row"]) for r in rows))


def _y(order: Sequence[str], **more: Any) -> Spec:
    return {"field": "row", "type": "nominal", "sort": list(order), "title": None,
            "axis": {"labelPadding": 46, **_LINES},
            **more}  # fmt: skip


def strips(segments: Rows, thresholds: Rows, ends: Rows, subtitle: str) -> Spec:
    """Which policy is best along each belief, and where the answer turns.

    A segment holds row, reading, start, end, role, sure; a threshold row, reading, place, low2,
    high2, label; an end row, place, label, side. Two readings share a row, one above the other.
    """
    order = _order(ends)
    readings = list(dict.fromkeys(str(s["reading"]) for s in segments))
    y = _y(order)
    offset = {"field": "reading", "type": "nominal", "sort": readings}
    x: Spec = {
        "type": "quantitative",
        "title": "From one end of the range (−1) through the default (0) to the other (1)",
        "scale": {"domain": [-1, 1], "nice": False},
        "axis": {"values": [-1, -0.5, 0, 0.5, 1], "grid": False, "offset": 4},
    }
    bar: Spec = {
        "data": {"values": list(segments)},
        "mark": {"type": "bar", "height": {"band": 0.82}},
        "encoding": {
            "y": y,
            "yOffset": offset,
            "x": {**x, "field": "start"},
            "x2": {"field": "end"},
            "color": {
                "field": "role", "type": "nominal",
                "scale": {"domain": list(_ROLES), "range": list(_ROLES.values())},
            },
            "opacity": {"condition": {"test": "datum.sure", "value": 0.85}, "value": 0.3},
        },
    }  # fmt: skip
    default: Spec = {
        "mark": {"type": "rule", "color": INK, "strokeWidth": 1, "strokeDash": [3, 3]},
        "encoding": {"x": {"datum": 0, "type": "quantitative"}},
    }
    return {
        "title": {"text": "Which policy is best, along each belief", "subtitle": subtitle},
        "width": WIDTH,
        "height": {"step": 30, "for": "position"},
        "layer": [
            bar,
            default,
            *_threshold_marks(thresholds, y, offset, x),
            _end_labels(ends, y, "left"),
            _end_labels(ends, y, "right"),
        ],
    }


def _threshold_marks(rows: Rows, y: Spec, offset: Spec, x: Spec) -> list[Spec]:
    """A whisker of two errors and a dot at each threshold."""
    if not rows:
        return []
    place = {"y": y, "yOffset": offset}
    data = {"values": list(rows)}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": INK, "strokeWidth": 3},
            "encoding": {**place, "x": {**x, "field": "low2"}, "x2": {"field": "high2"}},
        },
        {
            "data": data,
            "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 70,
                     "color": INK, "opacity": 1},
            "encoding": {**place, "x": {**x, "field": "place"},
                         "tooltip": [{"field": "label", "title": "Threshold"}]},
        },
    ]  # fmt: skip


def _end_labels(rows: Rows, y: Spec, side: str) -> Spec:
    """The ends of the range in the belief's own unit, left and right of the strip."""
    return {
        "data": {"values": [r for r in rows if r["side"] == side]},
        "mark": {"type": "text", "align": "right" if side == "left" else "left",
                 "dx": -6 if side == "left" else 6, "fontSize": 11, "color": MUTED},
        "encoding": {"y": y, "x": {"value": 0 if side == "left" else "width"},
                     "text": {"field": "label"}},
    }  # fmt: skip


def tornado(rows: Rows, default: float, x_title: str) -> Spec:
    """Gain at both ends of each range, with two errors; a row holds row, low, high, their errors
    (low_a, low_b, high_a, high_b) and the values at the ends (low_label, high_label).
    """
    y = _y(_order(rows), axis={"labelPadding": 8, **_LINES})
    x: Spec = {"type": "quantitative", "title": x_title, "axis": {"tickCount": 6, "format": ",.0f"}}

    def end(which: str, colour: str) -> list[Spec]:
        return [
            {
                "mark": {"type": "rule", "strokeWidth": 1.4, "color": INK},
                "encoding": {"y": y, "x": {**x, "field": f"{which}_a"},
                             "x2": {"field": f"{which}_b"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 46, "color": colour,
                         "opacity": 1},
                "encoding": {"y": y, "x": {**x, "field": which},
                             "tooltip": [{"field": "row", "title": "Belief"},
                                         {"field": f"{which}_label", "title": "Value"},
                                         {"field": which, "title": "Gain", "format": ",.0f"}]},
            },
        ]  # fmt: skip

    return {
        "title": {
            "text": "How far each belief moves the gain",
            "subtitle": "grey: low end of the range, blue: high end; line: two errors",
        },
        "width": WIDTH,
        "height": {"step": 26},
        "data": {"values": list(rows)},
        "layer": [
            {"mark": {"type": "bar", "height": 9, "color": GREY, "opacity": 0.3},
             "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
            {"mark": {"type": "rule", "color": INK, "strokeDash": [3, 3]},
             "encoding": {"x": {"datum": default, "type": "quantitative"}}},
            {"mark": {"type": "rule", "color": MUTED},
             "encoding": {"x": {"datum": 0, "type": "quantitative"}}},
            *end("low", GREY),
            *end("high", BLUE),
        ],
    }  # fmt: skip


def pair_map(cells: Rows, lines: Rows, frame: Mapping[str, Any], titles: Mapping[str, Any]) -> Spec:
    """Two beliefs together: where the gain is above, below and not told from nought.

    A cell holds x, x2, y, y2, role, label; a line point line, order, x, y; the frame is the
    rectangle that the evidence allows, with the default inside it.
    """

    def axis(which: str) -> Spec:
        kind = titles.get(f"{which}_scale", "linear")
        return {"type": "quantitative", "title": titles[which],
                "scale": {"nice": False, "zero": False, "type": kind},
                "axis": {"grid": False, "tickCount": 5}}  # fmt: skip

    x, y = axis("x"), axis("y")
    colours = {"better": BLUE, "worse": RED, "not told": GREY}
    return {
        "title": {"text": titles["title"],
                  "subtitle": "blue: better, vermilion: worse, grey: not told"},
        "width": _NARROW,
        "height": 230,
        "layer": [
            {
                "data": {"values": list(cells)},
                "mark": {"type": "rect", "opacity": 0.4},
                "encoding": {
                    "x": {**x, "field": "x"}, "x2": {"field": "x2"},
                    "y": {**y, "field": "y"}, "y2": {"field": "y2"},
                    "color": {"field": "role", "type": "nominal",
                              "scale": {"domain": list(colours), "range": list(colours.values())}},
                    "tooltip": [{"field": "label", "title": "Gain"}],
                },
            },
            {
                "data": {"values": list(lines)},
                "mark": {"type": "line", "color": INK, "strokeWidth": 2},
                "encoding": {"x": {**x, "field": "x"}, "y": {**y, "field": "y"},
                             "detail": {"field": "line"}, "order": {"field": "order"}},
            },
            {
                "data": {"values": [dict(frame)]},
                "mark": {"type": "rect", "filled": False, "stroke": INK, "strokeDash": [4, 3],
                         "strokeWidth": 1.2},
                "encoding": {"x": {**x, "field": "x"}, "x2": {"field": "x2"},
                             "y": {**y, "field": "y"}, "y2": {"field": "y2"}},
            },
            {
                "data": {"values": [dict(frame)]},
                "mark": {"type": "point", "shape": "cross", "filled": True, "size": 90,
                         "color": INK, "opacity": 1},
                "encoding": {"x": {**x, "field": "default_x"}, "y": {**y, "field": "default_y"}},
            },
        ],
    }  # fmt: skip


def box_curve(rows: Rows, chosen: int) -> Spec:
    """Coverage against density of the boxes of a search; a click shows the limits of a box.

    A row holds index, coverage, density (per cent) and label, the limits in words.
    """
    x: Spec = {"field": "coverage", "type": "quantitative", "scale": {"domain": [0, 100]},
               "title": "Coverage, % of the losing beliefs",
               "axis": {"tickCount": 6}}  # fmt: skip
    y: Spec = {"field": "density", "type": "quantitative", "scale": {"domain": [0, 100]},
               "title": "Density, % that lose",
               "axis": {"grid": True, "tickCount": 5}}  # fmt: skip
    pick = {"name": "pick", "value": [{"index": chosen}],
            "select": {"type": "point", "fields": ["index"], "on": "click", "clear": False,
                       "nearest": True}}  # fmt: skip
    shown = {"param": "pick"}
    return {
        "title": {"text": "Boxes to choose from",
                  "subtitle": "in a page: click a point to see its limits below the curve"},
        "width": WIDTH,
        "height": 170,
        "data": {"values": list(rows)},
        "layer": [
            {"mark": {"type": "line", "color": MUTED, "strokeWidth": 1},
             "encoding": {"x": x, "y": y, "order": {"field": "index"}}},
            {
                "params": [pick],
                "mark": {"type": "point", "filled": True, "opacity": 1, "cursor": "pointer"},
                "encoding": {
                    "x": x, "y": y,
                    "size": {"condition": {**shown, "value": 150}, "value": 36},
                    "color": {"condition": {**shown, "value": RED}, "value": BLUE},
                    "tooltip": [{"field": "coverage", "title": "Coverage, %", "format": ".0f"},
                                {"field": "density", "title": "Density, %", "format": ".0f"}],
                },
            },
            {
                "transform": [{"filter": shown}],
                "mark": {"type": "text", "align": "left", "baseline": "top", "dy": 52,
                         "fontSize": 12, "lineBreak": "|"},
                "encoding": {"x": {"value": 0}, "y": {"value": "height"},
                             "text": {"field": "label"}},
            },
        ],
    }  # fmt: skip


def heat_map(rows: Rows, columns: Sequence[str], x_title: str) -> Spec:
    """Scores by value set and policy; a row holds row, column, score, label, sure."""
    order = _order(rows)
    x = {"field": "column", "type": "nominal", "sort": list(columns), "title": x_title,
         "axis": {"labelAngle": -50, "orient": "top", "labelLimit": 240, "domain": False,
                  "ticks": False}}  # fmt: skip
    y = _y(order, axis={"labelPadding": 8})
    return {
        "width": {"step": 34},
        "height": {"step": 30},
        "data": {"values": list(rows)},
        "layer": [
            {
                "mark": {"type": "rect", "opacity": 0.75},
                "encoding": {
                    "x": x, "y": y,
                    "color": {"field": "score", "type": "quantitative",
                              "scale": {"domain": [-0.8, 0, 0.8], "clamp": True,
                                        "range": [RED, GRID, BLUE], "interpolate": "rgb"}},
                    "opacity": {"condition": {"test": "datum.sure", "value": 0.8}, "value": 0.2},
                    "tooltip": [{"field": "row", "title": "Values"},
                                {"field": "column", "title": "Policy"},
                                {"field": "label", "title": "Score"}],
                },
            },
            {
                "mark": {"type": "text", "fontSize": 10, "color": INK},
                "encoding": {"x": x, "y": y, "text": {"field": "label"}},
            },
        ],
    }  # fmt: skip
