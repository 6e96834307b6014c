"""The pictures of the chapter and of the page: rows from the findings, words for those who do not
see them, and their numbers as tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from openchannel.report.belief import charts
from openchannel.report.belief.view import BeliefReading, Reading, View
from openchannel.report.belief.words import percent, signed, value_text
from openchannel.report.model import Column, Figure, Row, Table, words
from openchannel.report.numbers import Measured, difference, is_measurable, level, measured
from openchannel.report.wording import in_sentence

__all__ = ["curve_figure", "pair_figures", "strips_figure", "tornado_figure", "values_figure"]

_GRID = np.linspace(-1.0, 1.0, 81)
_CLEAR = 2.0
_LINE = 36  # characters beside a chart
_READINGS = (("central", "others at their defaults"), ("drawn", "others drawn"))


def _table(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    columns = tuple(
        Column(words(h), 2.2 if i == 0 else 1.0, "left" if i == 0 else "right")
        for i, h in enumerate(heads)
    )
    made = tuple(Row(tuple(words(c) for c in row)) for row in rows)
    return Table(f"numbers-{name}", "Numbers of the figure", columns, made, compact=True)


# --- thresholds ---------------------------------------------------------------------------------


def shown_beliefs(view: View, most: int) -> list[BeliefReading]:
    """Beliefs with a threshold, the nearest first, then those with the largest swings."""
    crossing = [
        b
        for rival in view.rivals
        for kind in ("central", "drawn")
        for b, _ in view.crossing(kind, rival)
    ]
    held: dict[str, BeliefReading] = {}
    for belief in (*crossing, *view.beliefs):
        held.setdefault(belief.name, belief)
    return list(held.values())[:most]


def strips_figure(view: View, most: int = 12, name: str = "figure-beliefs") -> Figure:
    """Which policy is best along each belief, by both readings."""
    segments: list[dict[str, Any]] = []
    marks, ends, numbers = [], [], []
    for belief in shown_beliefs(view, most):
        row = _wrapped(view.label(belief.name))
        for side, key in (("left", "low"), ("right", "high")):
            ends.append({"row": row, "side": side, "label": value_text(belief.data[key])})
        for kind, words_of in _READINGS:
            by_rival = {r: belief.reading(kind, r) for r in view.rivals}
            if by_rival[view.rivals[0]] is None:
                continue
            segments += _segments(view, row, words_of, by_rival)
            for rival, reading in by_rival.items():
                if reading is None:
                    continue
                numbers.append(_numbers(view, belief, words_of, rival, reading))
                if reading.status == "crosses" and rival == view.rivals[0]:
                    marks.append(_mark(row, words_of, reading))
    crossing = [n for n in numbers if n[3].startswith(("below", "above"))]
    said = "; ".join(f"{n[0]}, {n[1]}, against {n[2]}: worse {n[3]}" for n in crossing)
    return Figure(
        name,
        "Which policy has the lowest expected loss as one belief moves over its range: the upper "
        "strip with all other beliefs at their defaults, the lower with them drawn from their "
        "ranges. Pale: within two standard errors of the next. Diamonds: where "
        f"{in_sentence(view.policy.short)} stops being better than "
        f"{view.named(view.rivals[0])}, with two standard errors. Figures at the sides are the "
        "ends of each range.",
        f"Strips of the best policy along {len(ends) // 2} beliefs. Thresholds: {said or 'none'}.",
        charts.strips(segments, marks, ends, _key(view)),
        _table(name, ("Belief", "Other beliefs", "Against", "Worse", "Gain at low end",
                      "Gain at high end"), numbers),
    )  # fmt: skip


def _wrapped(label: str) -> str:
    """A long label on two lines, parted by the sign at which the chart breaks it."""
    if len(label) <= _LINE:
        return label
    break_at = label.rfind(" ", 0, max(_LINE, len(label) // 2 + 4))
    return f"{label[:break_at]}|{label[break_at + 1 :]}"


def _key(view: View) -> str:
    colours = {"policy": "blue", "baseline": "grey", "isolation": "vermilion"}
    names = [(_role(view, p), view.short(p)) for p in (view.policy.id, *view.rivals)]
    return ", ".join(f"{colours[role]}: {in_sentence(short)}" for role, short in names)


def _role(view: View, policy: str) -> str:
    if policy == view.policy.id:
        return "policy"
    return "baseline" if policy == view.data["baseline"] else "isolation"


def _segments(
    view: View, row: str, reading: str, by_rival: Mapping[str, Reading | None]
) -> Iterator[dict[str, Any]]:
    """Stretches with one best policy; the policy's own gain over itself is nought."""
    held = {r: x.points for r, x in by_rival.items() if x is not None}
    first = next(iter(held.values()))
    grid = _GRID[(first[0]["place"] <= _GRID) & (first[-1]["place"] >= _GRID)]
    gains = [np.zeros(len(grid))]
    errors = [np.zeros(len(grid))]
    for points in held.values():
        places = [p["place"] for p in points]
        gains.append(np.interp(grid, places, [p["mean"] for p in points]))
        errors.append(np.interp(grid, places, [p["mcse"] for p in points]))
    table, error = np.array(gains), np.array(errors)
    best = np.argmin(table, axis=0)
    rest = table.copy()
    rest[best, np.arange(len(grid))] = np.inf
    second = np.argmin(rest, axis=0)
    column = np.arange(len(grid))
    margin = table[second, column] - table[best, column]
    # Both gains are over the policy, so the larger error of the two is the one that counts.
    sure = margin >= _CLEAR * np.maximum(error[second, column], error[best, column])
    names = [view.policy.id, *held]
    edges = (grid[1:] + grid[:-1]) / 2
    start = 0
    for i in range(1, len(grid) + 1):
        if i == len(grid) or best[i] != best[start] or sure[i] != sure[start]:
            yield {
                "row": row,
                "reading": reading,
                "start": float(grid[0] if start == 0 else edges[start - 1]),
                "end": float(grid[-1] if i == len(grid) else edges[i - 1]),
                "role": _role(view, names[int(best[start])]),
                "sure": bool(sure[start]),
            }
            start = i


def _mark(row: str, reading: str, found: Reading) -> dict[str, Any]:
    place, error = found.place.mean or 0.0, found.place.mcse or 0.0
    return {
        "row": row,
        "reading": reading,
        "place": place,
        "low2": max(-1.0, place - _CLEAR * error),
        "high2": min(1.0, place + _CLEAR * error),
        "label": level(found.threshold, "plain"),
    }


def _numbers(
    view: View, belief: BeliefReading, reading: str, rival: str, found: Reading
) -> tuple[str, ...]:
    if found.status == "crosses":
        worse = f"{'below' if found.better_above else 'above'} {level(found.threshold, 'plain')}"
    else:
        worse = {"none": "nowhere in the range", "not_told": "not told"}[found.status]
        if found.status == "none" and (found.end(0).mean or 0.0) < 0:
            worse = "everywhere in the range"
    return (
        view.label(belief.name), reading, view.named(rival), worse,
        difference(found.end(0), "count"), difference(found.end(-1), "count"),
    )  # fmt: skip


def tornado_figure(view: View, most: int = 15) -> Figure:
    """Swings of the gain over the baseline, one belief at a time."""
    rival = view.rivals[0]
    rows, numbers = [], []
    for belief in view.beliefs[:most]:
        reading = belief.reading("central", rival)
        if reading is None:
            continue
        low, high = reading.end(0), reading.end(-1)
        rows.append(
            {
                "row": _wrapped(view.label(belief.name)),
                "low": low.mean,
                "high": high.mean,
                **_span("low", low),
                **_span("high", high),
                "low_label": value_text(belief.data["low"]),
                "high_label": value_text(belief.data["high"]),
            }
        )
        numbers.append(
            (view.label(belief.name), value_text(belief.data["low"]), difference(low, "count"),
             value_text(belief.data["high"]), difference(high, "count"))
        )  # fmt: skip
    known = view.known("central", rival)
    return Figure(
        "figure-tornado",
        f"Gain of {in_sentence(view.policy.short)} over {view.named(rival)}, in equivalent deaths "
        "avoided, at both ends of each belief's range, all other beliefs at their defaults; "
        "dashed: at the default.",
        f"Dot chart of gains at both ends of {len(rows)} ranges. "
        + "; ".join(f"{n[0]}: {n[2]} at {n[1]}, {n[4]} at {n[3]}" for n in numbers[:6])
        + ".",
        charts.tornado(rows, known.mean or 0.0, "Equivalent deaths avoided"),
        _table("tornado", ("Belief", "Low end", "Gain there", "High end", "Gain there"), numbers),
    )


def _span(which: str, gain: Measured) -> dict[str, float]:
    mean, error = gain.mean or 0.0, gain.mcse or 0.0
    return {f"{which}_a": mean - _CLEAR * error, f"{which}_b": mean + _CLEAR * error}


# --- pairs --------------------------------------------------------------------------------------


def pair_figures(view: View) -> tuple[Figure, ...]:
    """A map for each pair of beliefs that was run."""
    return tuple(_pair(view, i, pair) for i, pair in enumerate(view.data["thresholds"]["pairs"], 1))


def _pair(view: View, number: int, pair: Mapping[str, Any]) -> Figure:
    xs, ys = pair["xs"], pair["ys"]
    x_edges, y_edges = _edges(xs), _edges(ys)
    cells = [
        {
            "x": x_edges[i], "x2": x_edges[i + 1], "y": y_edges[j], "y2": y_edges[j + 1],
            "role": _told(gain := Measured(pair["gain"][j][i], pair["gain_mcse"][j][i])),
            "label": difference(gain, "count"),
        }
        for j in range(len(ys))
        for i in range(len(xs))
    ]  # fmt: skip
    lines = [
        {"line": k, "order": n, "x": x, "y": y}
        for k, line in enumerate(pair["lines"])
        for n, (x, y) in enumerate(line)
    ]
    (x0, xd, x1), (y0, yd, y1) = pair["x_range"], pair["y_range"]
    frame = {"x": x0, "x2": x1, "y": y0, "y2": y1, "default_x": xd, "default_y": yd}
    names = view.label(pair["x"]), view.label(pair["y"])
    titles = {
        "x": _wrapped(names[0]).split("|"), "y": _wrapped(names[1]).split("|"),
        "title": f"{view.policy.short} against {view.named(pair['rival'])}",
        "x_scale": _scale(view, pair["x"]), "y_scale": _scale(view, pair["y"]),
    }  # fmt: skip
    table = [
        (value_text(y), *(difference(Measured(g, e), "count") for g, e in zip(gs, es, strict=True)))
        for y, gs, es in zip(ys, pair["gain"], pair["gain_mcse"], strict=True)
    ]
    worse = percent(pair["share_worse"])
    return Figure(
        f"figure-pair-{number}",
        f"{names[0]} and {in_sentence(names[1])} moved together, all else at the defaults. Inside "
        f"the frame lies what the evidence allows; the cross is the default; on the line the gain "
        f"is nought. The policy is measurably worse at {worse} of the places run inside the frame.",
        f"Map of the gain over {in_sentence(names[0])} and {in_sentence(names[1])}: worse at "
        f"{worse} of the places inside the evidence.",
        charts.pair_map(cells, lines, frame, titles),
        _table(f"pair-{number}", (names[1], *(f"{names[0]} {value_text(x)}" for x in xs)), table),
    )


def _scale(view: View, quantity: str) -> str:
    found = view.data["quantities"][quantity]
    low, high = found["low"], found["high"]
    return "log" if found["how"] == "times" and low and low > 0 and high / low > 4 else "linear"


def _told(gain: Measured) -> str:
    if not is_measurable(gain):
        return "not told"
    return "better" if (gain.mean or 0.0) > 0 else "worse"


def _edges(values: Sequence[float]) -> list[float]:
    """Edges of cells around points: half way between neighbours, the points themselves outside."""
    middle = [(a + b) / 2 for a, b in pairwise(values)]
    return [values[0], *middle, values[-1]]


# --- boxes and values -----------------------------------------------------------------------------


def curve_figure(view: View, which: int = 0) -> Figure:
    """The boxes of one search, of which a reader may choose another."""
    box = view.data["where"]["boxes"][which]
    rows, numbers = [], []
    for i, one in enumerate(box["curve"]):
        label = "|".join(_limit(view, t) for t in one["limits"]) or "all beliefs"
        rows.append(
            {"index": i, "coverage": 100 * one["coverage"], "density": 100 * one["density"],
             "label": label}
        )  # fmt: skip
        numbers.append((label.replace("|", "; "), percent(one["coverage"]),
                        percent(one["density"]), percent(one["mass"])))  # fmt: skip
    chosen = numbers[box["chosen"]]
    return Figure(
        f"figure-boxes-{which + 1}",
        "Every point is a box of beliefs: the further right, the more of the losing beliefs it "
        "holds; the higher, the purer. The marked one fits best.",
        f"Curve of {len(rows)} boxes. Chosen: {chosen[0]}, with {chosen[1]} of the losing beliefs "
        f"and {chosen[2]} of those inside losing.",
        charts.box_curve(rows, int(box["chosen"])),
        _table(f"boxes-{which + 1}", ("Limits", "Coverage", "Density", "Of all beliefs"), numbers),
    )


def _limit(view: View, limit: Mapping[str, Any]) -> str:
    name, low, high = view.label(limit["name"]), limit["low"], limit["high"]
    if low is None:
        return f"{name} below {value_text(high)}"
    if high is None:
        return f"{name} above {value_text(low)}"
    return f"{name} from {value_text(low)} to {value_text(high)}"


def values_figure(view: View) -> Figure:
    """Scores of every value set and policy, pooled."""
    found = view.data["values"]["views"]["pooled"]["sets"]
    policies = [p for p in view.data["values"]["policies"] if p != view.data["baseline"]]
    rows, numbers = [], []
    for one in view.data["values"]["sets"]:
        scores = found[one["id"]]["policies"]
        told = {p: measured(scores[p]) for p in policies}
        numbers.append((one["title"], *(signed(told[p]) for p in policies)))
        rows += [
            {"row": one["title"], "column": view.short(p), "score": told[p].mean,
             "label": signed(told[p]).replace("≈ 0", "≈0"), "sure": is_measurable(told[p])}
            for p in policies
        ]  # fmt: skip
    best = "; ".join(
        f"{s['title']}: {view.short(found[s['id']]['best'])}" for s in view.data["values"]["sets"]
    )
    base = view.named(view.data["baseline"])
    return Figure(
        "figure-values",
        f"Scores of the policies by value set, pooled; {base} is nought, and 1 is the whole way "
        "from the worst to the best policy on everything that the set weighs. Blue: above, "
        f"vermilion: below; pale: not told from {base}.",
        f"Heat map of scores. Highest by each set: {best}.",
        charts.heat_map(rows, [view.short(p) for p in policies], ""),
        _table("values", ("Value set", *(view.short(p) for p in policies)), numbers),
    )
