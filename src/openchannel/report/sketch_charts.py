"""Charts of the pages on which one argues: an answer, how it sharpened, and one belief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openchannel.report.charts import WIDTH, intervals
from openchannel.report.model import Column, Figure, Row, Table, words
from openchannel.report.numbers import Measured, difference, plain, short, span
from openchannel.report.theme import BLUE, GREY

__all__ = ["belief_figure", "loss_figure", "steps_figure"]

Spec = dict[str, Any]
_UNIT = "equivalent deaths"
_AXIS = f"Change of loss, {_UNIT} (left of the line is better)"


def loss_figure(rows: Sequence[tuple[str, Mapping[str, Any]]], baseline: str) -> Figure:
    """The answer under what was believed and done first, before, and now, as far as there is any.

    rows : a label and `mean`, `mcse`, `p05`, `p95` (None where not known); the last is the answer
    baseline : what is compared with, in words
    """
    now = _measured(rows[-1][1])
    spread = f", {span(now, 'count')} {_UNIT}" if now.has_spread else ""
    return Figure(
        "figure-loss",
        f"Change of loss against {baseline}, in {_UNIT}; left of the line is better. Thick: two "
        f"standard errors of the simulation. Thin: nine tenths of the beliefs{spread}.",
        f"Change of loss: {difference(now, 'count', _UNIT)}",
        intervals(_bars(rows), _AXIS, long_names=True),
        _table(
            "table-loss",
            "Change of loss",
            ("Answer", f"Change of loss, {_UNIT}", "Nine tenths of the beliefs"),
            [
                (label or "Now", _told(found), span(found, "count"))
                for label, found in ((n, _measured(f)) for n, f in rows)
            ],
        ),
    )


def steps_figure(steps: Sequence[tuple[int, float, float]], baseline: str) -> Figure:
    """How an answer sharpened: futures of each policy, change of loss and its standard error."""
    rows = [
        (f"{n:,} futures", {"mean": mean, "mcse": error, "p05": None, "p95": None})
        for n, mean, error in steps
    ]
    return Figure(
        "figure-steps",
        f"Change of loss against {baseline} after so many futures of each policy, with two "
        "standard errors of the simulation.",
        "The same change of loss at each size, with two standard errors",
        intervals(_bars(rows), _AXIS),
        _table(
            "table-steps",
            "How the answer sharpened",
            ("Futures of each policy", f"Change of loss, {_UNIT}"),
            [(f"{n:,}", _told(Measured(mean, error))) for n, mean, error in steps],
        ),
    )


def belief_figure(told: Mapping[str, Any], *, is_ratio: bool) -> Figure:
    """How likely each value of a belief is, as `BeliefCurve.as_dict` tells it."""
    values = told["values"]
    sides = (
        ("at the start", told["at_the_start"], told["likelihood_at_the_start"]),
        ("as moved", told["as_moved"], told["likelihood_as_moved"]),
    )
    spans = {side: _ends(ends) for side, ends, _ in sides}
    unit = f", {told['unit']}" if told["unit"] else ""
    return Figure(
        f"figure-belief-{told['belief']}",
        f"{told['label']}: nine tenths sure of {spans['as moved']}{unit}; at the start "
        f"{spans['at the start']}. The higher, the likelier.",
        f"Likelihood of each value: {spans['as moved']}, at the start {spans['at the start']}",
        _hills(values, sides, f"{told['label']}{unit}", is_ratio=is_ratio),
        _table(
            f"table-belief-{told['belief']}",
            told["label"],
            ("Value", "Likelihood at the start", "Likelihood as moved"),
            _places(values, sides),
        ),
    )


Side = tuple[str, Sequence[float], Sequence[float]]


def _hills(values: Sequence[float], sides: Sequence[Side], title: str, *, is_ratio: bool) -> Spec:
    """The law as moved as an area, that of the start as a dashed line; a held number is a rule."""
    x: Spec = {
        "type": "quantitative",
        "title": title,
        "scale": {"type": "log" if is_ratio else "linear", "domain": [values[0], values[-1]]},
        "axis": {"tickCount": 6, "grid": False},
    }
    y: Spec = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1.04]}}
    layers: list[Spec] = []
    for side, ends, heights in reversed(sides):
        is_moved = side == "as moved"
        look: Spec = {"color": BLUE} if is_moved else {"color": GREY, "strokeDash": [4, 3]}
        if not heights:
            rule = {"type": "rule", "strokeWidth": 2, "clip": True, **look}
            place = {"values": [{"value": ends[0]}]}
            layers.append({"data": place, "mark": rule, "encoding": {"x": {**x, "field": "value"}}})
            continue
        rows = [{"value": v, "height": h} for v, h in zip(values, heights, strict=True)]
        line = {"type": "line", "strokeWidth": 1.6, "clip": True, **look}
        hill = {"type": "area", "opacity": 0.25, "clip": True, "color": BLUE}
        encoding = {"x": {**x, "field": "value"}, "y": {**y, "field": "height"}}
        marks = (hill, line) if is_moved else (line,)
        layers += [{"data": {"values": rows}, "mark": m, "encoding": encoding} for m in marks]
    return {
        "title": {"text": "How likely each value is", "subtitle": "dashed: at the start"},
        "width": WIDTH,
        "height": 90,
        "layer": layers,
    }


def _places(values: Sequence[float], sides: Sequence[Side]) -> list[tuple[str, ...]]:
    """A row for each place of the scale; a held number is its own only place."""
    found: dict[float, list[str]] = {}
    for i, (_, ends, heights) in enumerate(sides):
        pairs = zip(values, heights, strict=True) if heights else ((ends[0], 1.0),)
        for value, height in pairs:
            found.setdefault(value, ["", ""])[i] = f"{height:.3f}"
    return [(plain(value, 4), *found[value]) for value in sorted(found)]


def _ends(ends: Sequence[float]) -> str:
    low, high = (plain(x) for x in ends)
    return low if low == high else f"{low} to {high}"


def _measured(found: Mapping[str, Any]) -> Measured:
    return Measured(found["mean"], found["mcse"], found.get("p05"), None, found.get("p95"))


def _told(found: Measured) -> str:
    return short(difference(found, "count"))


def _bars(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Spec]:
    """Rows as `intervals` draws them; the last is the one asked about."""
    bars = []
    for i, (label, found) in enumerate(rows):
        mean, error = found["mean"], found["mcse"]
        bars.append(
            {
                "row": label or "Now",
                "series": "",
                "role": "focal" if i == len(rows) - 1 else "same",
                "mean": mean,
                "low2": None if error is None else mean - 2.0 * error,
                "high2": None if error is None else mean + 2.0 * error,
                "p05": found.get("p05"),
                "p95": found.get("p95"),
                "label": _told(_measured(found)),
            }
        )
    return bars


def _table(name: str, caption: str, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    columns = tuple(
        Column(words(title), 1.0, "right" if i else "left") for i, title in enumerate(titles)
    )
    return Table(name, caption, columns, tuple(Row(tuple(words(c) for c in r)) for r in rows))
