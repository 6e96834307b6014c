"""The charts of the brief as Vega-Lite specifications; uncertainty is always drawn.

Each function takes plain rows and gives a specification without theme; the plots are 440 wide and
a page makes them narrower where it must. Labels stand beside what they name, there is no legend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openchannel.report.theme import BLUE, GREEN, GREY, INK, MUTED, RED

__all__ = ["bars", "intervals", "lines", "stacked_years", "stapled", "waterfall"]

WIDTH = 440
Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

#: Colours by the role that a row plays.
_ROLES = {"focal": BLUE, "isolation": RED, "good": BLUE, "bad": RED, "same": GREY, "plain": INK}


def _colour() -> Spec:
    return {
        "field": "role",
        "type": "nominal",
        "scale": {"domain": list(_ROLES), "range": list(_ROLES.values())},
    }


def _y(rows: Rows) -> Spec:
    return {
        "field": "row",
        "type": "nominal",
        "sort": list(dict.fromkeys(str(r["row"]) for r in rows)),
        "title": None,
        "axis": {"labelPadding": 8},
    }


def _rule_at(origin: float) -> Spec:
    return {
        "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1},
        "encoding": {"x": {"datum": origin}},
    }


def _right_label(encoding: Spec) -> Spec:
    """Words in a column to the right of the plot."""
    return {
        "mark": {"type": "text", "align": "left", "dx": 10, "fontSize": 12},
        "encoding": {
            **encoding,
            "x": {"value": "width"},
            "text": {"field": "label", "type": "nominal"},
        },
    }


def intervals(
    rows: Rows,
    x_title: str,
    *,
    title: Spec | str = "",
    scale: Spec | None = None,
    origin: float = 0.0,
    long_names: bool = False,
) -> Spec:
    """Means with two standard errors (thick) and the spread over beliefs (thin), row by row.

    A row holds `row`, `series`, `role`, `mean`, `low2`, `high2`, `p05`, `p95`, `label`; what is not
    known is None and is not drawn. `scale` adds to the axis: `{"scale": ..., "axis": ...}`. With
    `long_names` rows are named in full, and the plot is narrower.
    """
    series = list(dict.fromkeys(str(r["series"]) for r in rows))
    common: Spec = {"y": _y(rows), "color": _colour()}
    if long_names:
        # Widths in fonts that the drawing tool lacks are guessed too large.
        common["y"]["axis"]["labelLimit"] = 0
    if len(series) > 1:
        common["yOffset"] = {"field": "series", "type": "nominal", "sort": series}
    given = scale or {}
    has_spread = any(r["p05"] is not None for r in rows)
    x: Spec = {
        "type": "quantitative",
        "title": x_title,
        "axis": {"tickCount": 6, **given.get("axis", {})},
        "scale": given.get("scale", {"zero": False}),
    }
    point: Spec = {
        "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
        "encoding": {**common, "x": {**x, "field": "mean"}, "tooltip": _tooltip()},
    }
    return {
        "title": title or None,
        "width": WIDTH - 160 if long_names else WIDTH,
        "height": {"step": 30 if len(series) > 1 else 22, "for": "position"},
        "data": {"values": list(rows)},
        "layer": [
            _rule_at(origin),
            *([_range("p05", "p95", x, common, 1.2)] if has_spread else []),
            _range("low2", "high2", x, common, 4.5),
            point,
            _right_label(common),
        ],
    }


def _range(low: str, high: str, x: Spec, common: Spec, width: float) -> Spec:
    return {
        "transform": [{"filter": f"isValid(datum.{low}) && isValid(datum.{high})"}],
        "mark": {"type": "rule", "strokeWidth": width, "strokeCap": "butt"},
        "encoding": {**common, "x": {**x, "field": low}, "x2": {"field": high}},
    }


def _tooltip() -> list[Spec]:
    return [
        {"field": "row", "type": "nominal", "title": "Row"},
        {"field": "series", "type": "nominal", "title": "Policy"},
        {"field": "label", "type": "nominal", "title": "Value"},
    ]


def bars(rows: Rows, x_title: str, *, title: str = "") -> Spec:
    """Shares as bars with their numbers beside them; a row holds row, role, value, low2, high2."""
    y = _y(rows)
    x: Spec = {
        "type": "quantitative",
        "title": x_title,
        "scale": {"domain": [0, 100]},
        "axis": {"tickCount": 5},
    }
    return {
        "title": title or None,
        "width": WIDTH,
        "height": {"step": 22},
        "data": {"values": list(rows)},
        "layer": [
            {
                "mark": {"type": "bar", "height": 11},
                "encoding": {"y": y, "x": {**x, "field": "value"}, "color": _colour()},
            },
            {
                "transform": [{"filter": "isValid(datum.low2)"}],
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1.2},
                "encoding": {"y": y, "x": {**x, "field": "low2"}, "x2": {"field": "high2"}},
            },
            _right_label({"y": y}),
        ],
    }


def waterfall(rows: Rows, x_title: str, *, title: Spec | str = "") -> Spec:
    """Steps from a first level to a last one, each with its error, and as first and last step.

    A row holds `row`, `role`, `start`, `end`, `low2`, `high2` (two standard errors about the end),
    `first` and `last` (where the step would end as the first or the last one; None where it is no
    step) and `label`.
    """
    y = _y(rows)
    # Names come short enough; widths in fonts that the drawing tool lacks are guessed too large.
    y["axis"] = {**y["axis"], "labelLimit": 0}
    x: Spec = {"type": "quantitative", "title": x_title, "axis": {"tickCount": 5}}

    def mark(field: str, **look: Any) -> Spec:
        return {
            "transform": [{"filter": f"isValid(datum.{field})"}],
            "mark": {"type": "point", "size": 46, "color": INK, "opacity": 1, **look},
            "encoding": {"y": y, "x": {**x, "field": field}},
        }

    return {
        "title": title or None,
        "width": WIDTH - 140,
        "height": {"step": 21},
        "data": {"values": list(rows)},
        "layer": [
            _rule_at(0.0),
            {
                "mark": {"type": "bar", "height": 11},
                "encoding": {
                    "y": y,
                    "x": {**x, "field": "start"},
                    "x2": {"field": "end"},
                    "color": _colour(),
                    "tooltip": [
                        {"field": "row", "type": "nominal", "title": "Step"},
                        {"field": "label", "type": "nominal", "title": "Value"},
                    ],
                },
            },
            {
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1.2},
                "encoding": {"y": y, "x": {**x, "field": "low2"}, "x2": {"field": "high2"}},
            },
            mark("first", shape="circle", filled=False, strokeWidth=1.3),
            mark("last", shape="diamond", filled=True),
            _right_label({"y": y}),
        ],
    }


def stacked_years(rows: Rows, series: Sequence[str], y_title: str, title: str) -> Spec:
    """Counts a year by series, stacked; rows hold year, series, count."""
    return {
        "title": _coloured_title(title, series),
        "width": WIDTH + 130,
        "height": 85,
        "data": {"values": list(rows)},
        "mark": {"type": "bar", "width": {"band": 0.8}},
        "encoding": {
            "x": {
                "field": "year",
                "type": "ordinal",
                "title": None,
                "axis": {
                    "labelAngle": 0,
                    "values": sorted({r["year"] for r in rows if r["year"] % 5 == 0}),
                },
            },
            "y": {
                "field": "count",
                "type": "quantitative",
                "title": y_title,
                "axis": {"grid": True, "tickCount": 4},
            },
            "color": {
                "field": "series",
                "type": "nominal",
                "scale": {"domain": list(series), "range": [BLUE, GREY, GREEN][: len(series)]},
            },
            "tooltip": [
                {"field": "year", "type": "ordinal", "title": "Year"},
                {"field": "series", "type": "nominal", "title": "Channel"},
                {"field": "count", "type": "quantitative", "title": "Contacts"},
            ],
        },
    }


def lines(rows: Rows, y_title: str, title: str, domain: Sequence[float]) -> Spec:
    """A quantity over time with a band: rows hold `time` (years), `value`, `low`, `high`."""
    x: Spec = {
        "field": "time",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [rows[0]["time"], rows[-1]["time"]], "nice": False},
        "axis": {"format": "d", "tickCount": 8, "grid": False},
    }
    y: Spec = {
        "type": "quantitative",
        "title": y_title,
        "scale": {"domain": list(domain)},
        "axis": {"grid": True, "tickCount": 4},
    }
    has_band = any(r.get("low") is not None for r in rows)
    band: list[Spec] = [
        {
            "mark": {"type": "area", "opacity": 0.18, "color": BLUE},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        }
    ]
    return {
        "title": title,
        "width": WIDTH + 130,
        "height": 72,
        "data": {"values": list(rows)},
        "layer": [
            *(band if has_band else []),
            {
                "mark": {"type": "line", "strokeWidth": 1.6, "color": BLUE},
                "encoding": {"x": x, "y": {**y, "field": "value"}},
            },
        ],
    }


def _coloured_title(title: str, series: Sequence[str]) -> Spec:
    """The series named in the subtitle in the order of their stack: colour is not the only cue."""
    names = ("blue", "grey", "green")
    keys = ", ".join(f"{n}: {s}" for n, s in zip(names, series, strict=False))
    return {"text": title, "subtitle": keys}


def stapled(*parts: Spec) -> Spec:
    """Charts one under the other, with the left edges of their plots in line."""
    return {"vconcat": list(parts), "resolve": {"scale": {"color": "independent"}}}
