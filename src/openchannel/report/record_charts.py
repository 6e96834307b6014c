"""Charts of the record itself: what happened when, and who is tied to whom on a day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openchannel.report.model import Column, Figure, Row, Table, words
from openchannel.report.theme import BLUE, GREEN, GREY, GRID, INK, MUTED, RED

__all__ = ["KINDS", "Line", "Seat", "network_figure", "timeline_figure"]

Spec = dict[str, Any]

#: Kinds of entries from the top of the chart down, with the words of a reader and a colour.
KINDS: Mapping[str, tuple[str, str]] = {
    "contact": ("Contacts", BLUE),
    "agreement": ("Agreements", GREEN),
    "exercise": ("Exercises", GREY),
    "provocation": ("Provocations", RED),
    "crisis": ("Crises", RED),
    "detention": ("Detentions", GREY),
}
_WIDTH = 760
_LANE = 44
_SHORTEST_DAYS = 120  # a spell that is shorter is drawn as a tick, or it could not be seen


# --- what happened when -----------------------------------------------------------------------


def timeline_figure(moments: Sequence[Mapping[str, Any]], first: str, last: str) -> Figure:
    """Entries by kind over time, from one day to another; a spell is a bar, an event a tick."""
    rows = [_mark(m, last) for m in moments if m["first"]]
    counts = {kind: sum(m["kind"] == kind for m in moments) for kind in KINDS}
    told = ", ".join(f"{n:,} {KINDS[k][0].lower()}" for k, n in counts.items() if n)
    return Figure(
        "figure-timeline",
        f"The record from {first[:4]} to {last[:4]}: {told or 'no entry'}. Ticks are events; bars "
        "are spells, darker where they overlap; the taller a tick, the more severe a provocation.",
        f"A strip for each kind of entry from {first} to {last}: {told or 'no entry'}.",
        _strips(rows, first, last),
        _entries(moments),
    )


def _mark(moment: Mapping[str, Any], last: str) -> Spec:
    kind = str(moment["kind"])
    lane = list(KINDS).index(kind)
    size = 0.2 + 0.05 * float(moment["severity"] or 3)
    ends = moment["last"] or (last if kind == "agreement" else moment["first"])
    return {
        "kind": kind,
        "from": moment["first"],
        "to": min(str(ends), last),
        "top": lane + 0.5 - size,
        "bottom": lane + 0.5 + size,
        "what": f"{moment['date']}: {moment['label']}",
    }


def _strips(rows: Sequence[Spec], first: str, last: str) -> Spec:
    x: Spec = {
        "type": "temporal",
        "title": None,
        "scale": {"domain": [first, last]},
        "axis": {"grid": True, "tickCount": 12, "format": "%Y"},
    }
    y: Spec = {
        "type": "quantitative",
        "scale": {"domain": [len(KINDS), 0]},
        "axis": {"labels": False, "grid": False, "title": None, "values": []},
    }
    colour: Spec = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": list(KINDS), "range": [c for _, c in KINDS.values()]},
    }
    days = "(toDate(datum.to) - toDate(datum.from)) / 864e5"
    tip = {"field": "what", "type": "nominal", "title": "Entry"}
    return {
        "width": _WIDTH,
        "height": _LANE * len(KINDS),
        "data": {"values": list(rows)},
        "layer": [
            {
                "transform": [{"filter": f"{days} < {_SHORTEST_DAYS}"}],
                "mark": {"type": "rule", "strokeWidth": 1.1, "opacity": 0.65},
                "encoding": {
                    "x": {**x, "field": "from"},
                    "y": {**y, "field": "top"},
                    "y2": {"field": "bottom"},
                    "color": colour,
                    "tooltip": tip,
                },
            },
            {
                "transform": [{"filter": f"{days} >= {_SHORTEST_DAYS}"}],
                "mark": {"type": "rect", "opacity": 0.3},
                "encoding": {
                    "x": {**x, "field": "from"},
                    "x2": {"field": "to"},
                    "y": {**y, "field": "top"},
                    "y2": {"field": "bottom"},
                    "color": colour,
                    "tooltip": tip,
                },
            },
            _lane_names(y),
        ],
    }


def _lane_names(y: Spec) -> Spec:
    lanes = [
        {"y": i + 0.5, "label": label, "kind": kind}
        for i, (kind, (label, _)) in enumerate(KINDS.items())
    ]
    return {
        "data": {"values": lanes},
        "mark": {"type": "text", "align": "right", "dx": -10},
        "encoding": {
            "x": {"value": 0},
            "y": {**y, "field": "y"},
            "text": {"field": "label", "type": "nominal"},
        },
    }


def _entries(moments: Sequence[Mapping[str, Any]]) -> Table:
    fields = ("date", "end", "kind", "label", "severity", "channel", "confidence", "source", "id")
    return Table(
        "numbers-timeline",
        "The entries of the figure",
        tuple(Column(words(f)) for f in fields),
        tuple(
            Row(tuple(words("" if m[f] is None else str(m[f])) for f in fields)) for m in moments
        ),
    )


# --- who is tied to whom ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seat:
    """An office that carries a channel, and who holds it; `name` is empty where nobody does."""

    office: str
    name: str
    is_theirs: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A channel on a day; `strength` of its tie lies in [0, 1]."""

    channel: str
    strength: float
    is_open: bool
    is_live: bool
    last_contact: str
    seats: tuple[Seat, ...]


_STANDING = {"live": BLUE, "open": GREY, "closed": GRID}
_ROW, _LEFT, _INNER_LEFT, _INNER_RIGHT, _RIGHT = 50, 262, 362, 562, 662
_NETWORK_WIDTH = 930


def network_figure(lines: Sequence[Line], day: str) -> Figure:
    """Offices of both sides and the channels between them; the thicker, the stronger the tie."""
    live = [line for line in lines if line.is_live]
    told = ", ".join(f"{line.channel} ({line.strength:.2f})" for line in live) or "none"
    return Figure(
        "figure-network",
        f"Offices and channels on {day}. A line is as thick as the tie is strong (0 to 1); blue: "
        "live, that is open and above what counts as a tie with authority; grey: open; faint: "
        "closed. Strengths are computed from recorded contacts, a floor, grade C.",
        f"Network of offices on {day}. Live channels with the strength of their ties: {told}. "
        f"{sum(line.is_open for line in lines)} of {len(lines)} channels are open.",
        _network(lines),
        _network_numbers(lines),
    )


def _network(lines: Sequence[Line]) -> Spec:
    height = _ROW * len(lines)
    at = {line.channel: _ROW * (i + 0.5) for i, line in enumerate(lines)}
    seats = {
        side: _seats(lines, at, height, theirs=side == "theirs") for side in ("ours", "theirs")
    }
    links, names = [], []
    for line in lines:
        standing = "live" if line.is_live else "open" if line.is_open else "closed"
        width = 1.0 + 9.0 * line.strength
        y = at[line.channel]
        for seat in line.seats:
            side = "theirs" if seat.is_theirs else "ours"
            x, x2 = (_INNER_RIGHT, _RIGHT) if seat.is_theirs else (_LEFT, _INNER_LEFT)
            there = seats[side][seat.office][0]
            y1, y2 = (y, there) if seat.is_theirs else (there, y)
            links.append(
                {"x": x, "x2": x2, "y": y1, "y2": y2, "width": width, "standing": standing}
            )
        names.append({"x": _NETWORK_WIDTH / 2 - 3, "y": y, "text": line.channel})
        names.append(
            {"x": _NETWORK_WIDTH / 2 - 3, "y": y + 14, "text": _said(line, standing), "muted": True}
        )
    people = []
    for side, align in (("ours", "right"), ("theirs", "left")):
        x = _LEFT - 8 if side == "ours" else _RIGHT + 8
        for office, (y, name) in seats[side].items():
            people.append(
                {"x": x, "y": y - 7, "text": _short(office), "align": align, "muted": True}
            )
            people.append({"x": x, "y": y + 7, "text": name or "nobody recorded", "align": align})
    return _drawn(links, names, people, height)


def _short(office: str) -> str:
    """A title without what stands in brackets: `Minister of Defence`."""
    return " ".join(re.sub(r"\([^)]*\)", "", office).split())


def _said(line: Line, standing: str) -> str:
    if standing == "closed":
        return "closed"
    return f"{standing}, {line.strength:.2f}"


def _seats(
    lines: Sequence[Line], at: Mapping[str, float], height: float, *, theirs: bool
) -> dict[str, tuple[float, str]]:
    """Each office of a side once, with its place: beside the middle of its channels, in order."""
    channels: dict[str, list[float]] = {}
    names: dict[str, str] = {}
    for line in lines:
        for seat in line.seats:
            if seat.is_theirs == theirs:
                channels.setdefault(seat.office, []).append(at[line.channel])
                names[seat.office] = seat.name
    order = sorted(channels, key=lambda o: sum(channels[o]) / len(channels[o]))
    step = height / max(len(order), 1)
    return {o: (step * (i + 0.5), names[o]) for i, o in enumerate(order)}


def _drawn(
    links: Sequence[Spec], names: Sequence[Spec], people: Sequence[Spec], height: float
) -> Spec:
    x: Spec = {
        "field": "x", "type": "quantitative", "axis": None,
        "scale": {"domain": [0, _NETWORK_WIDTH], "nice": False},
    }  # fmt: skip
    y: Spec = {
        "field": "y", "type": "quantitative", "axis": None,
        "scale": {"domain": [height, 0], "nice": False},
    }  # fmt: skip

    def text(rows: Sequence[Spec], align: str) -> list[Spec]:
        return [
            {
                "data": {"values": [r for r in rows if bool(r.get("muted")) == muted]},
                "mark": {"type": "text", "align": align, "fontSize": 11 if muted else 12,
                         "limit": 250, "color": MUTED if muted else INK},
                "encoding": {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}},
            }
            for muted in (False, True)
        ]  # fmt: skip

    return {
        "width": _NETWORK_WIDTH,
        "height": height,
        "layer": [
            {
                "data": {"values": list(links)},
                "mark": {"type": "rule", "strokeCap": "round", "opacity": 0.85},
                "encoding": {
                    "x": x,
                    "x2": {"field": "x2"},
                    "y": y,
                    "y2": {"field": "y2"},
                    "strokeWidth": {"field": "width", "type": "quantitative", "scale": None},
                    "color": {
                        "field": "standing",
                        "type": "nominal",
                        "scale": {"domain": list(_STANDING), "range": [*_STANDING.values()]},
                    },
                },
            },
            *text(names, "center"),
            *text([p for p in people if p["align"] == "right"], "right"),
            *text([p for p in people if p["align"] == "left"], "left"),
        ],
    }


def _network_numbers(lines: Sequence[Line]) -> Table:
    rows = []
    for line in lines:
        sides = ("; ".join(_held(s) for s in line.seats if s.is_theirs == t) for t in (False, True))
        state = "live" if line.is_live else "open" if line.is_open else "closed"
        cells = (line.channel, state, f"{line.strength:.2f}", line.last_contact or "none", *sides)
        rows.append(Row(tuple(words(c) for c in cells), strong=line.is_live))
    return Table(
        "numbers-network",
        "Channels and those who carry them",
        (
            Column(words("Channel"), 1.4),
            Column(words("State"), 0.6),
            Column(words("Tie"), 0.5, "right"),
            Column(words("Last contact"), 0.9),
            Column(words("Our side"), 1.8),
            Column(words("Their side"), 1.8),
        ),
        tuple(rows),
        compact=True,
    )


def _held(seat: Seat) -> str:
    return f"{seat.office}: {seat.name or 'nobody recorded'}"
