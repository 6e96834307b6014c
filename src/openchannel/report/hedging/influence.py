"""The influence diagram of a case: policy, ties, the parts of the model, outcomes, loss.

It is read from the case alone. A part of the model hangs on ties where it holds an effect of ties;
an outcome hangs on a part where a benefit or a risk of the ledger, switched there, claims it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openchannel.domain import Case
from openchannel.model.metrics import EXTRAS, METRICS
from openchannel.report.model import Column, Figure, Row, Table, words
from openchannel.report.theme import BLUE, GREY, INK, MUTED, RED
from openchannel.report.wording import in_sentence

__all__ = ["influence_figure"]

Spec = dict[str, Any]

_PARTS: Mapping[str, str] = {
    "tension": "Tension",
    "crisis": "Crises",
    "nuclear": "Nuclear alarms",
    "bargaining": "Bargaining",
    "opportunities": "Opportunities",
    "downside": "Downsides",
}
_LOSS = "composite_loss"  # of all that is counted, not one of it
_TITLES = {m.id: m.title for m in (*METRICS, *EXTRAS) if m.id != _LOSS}
_WIDTH, _ROW = 570, 21
# Where the columns stand, as shares of the width.
_POLICY, _TIES, _MODEL, _OUTCOME = 0.0, 0.14, 0.28, 0.66
_COLOURS = {"benefit": BLUE, "risk": RED, "both": GREY, "effect": MUTED}


@dataclass(frozen=True, slots=True)
class _Claim:
    """What the ledger says of a part and an outcome: ids of benefits, and of risks."""

    benefits: tuple[str, ...]
    risks: tuple[str, ...]

    @property
    def kind(self) -> str:
        if self.benefits and self.risks:
            return "both"
        return "benefit" if self.benefits else "risk"


def influence_figure(case: Case) -> Figure | None:
    """The diagram with its table; None where the ledger claims nothing."""
    claims = _claims(case)
    if not claims:
        return None
    effects = _effects(case)
    parts = [p for p in _PARTS if effects.get(p) or any(p == part for part, _ in claims)]
    outcomes = _in_order(parts, claims)
    return Figure(
        "figure-influence",
        "What acts on what: blue where the ledger claims a benefit, red where it claims a risk, "
        "grey where both; a dot marks what the loss counts",
        "Influence diagram from policy over ties and the parts of the model to outcomes: "
        + "; ".join(f"{_PARTS[p]} on {in_sentence(_TITLES[m])}" for p, m in claims),
        _spec(list(_drawn(case, parts, outcomes, claims))),
        _table(parts, effects, claims),
    )


def _claims(case: Case) -> dict[tuple[str, str], _Claim]:
    """By part and outcome; a claim that is switched in many parts says nothing of one of them."""
    found: dict[tuple[str, str], _Claim] = {}
    for claim in case.propositions:
        places = {case.parameters[o.parameter].module for o in claim.off}
        (part,) = places if len(places) == 1 else ("",)
        for metric in claim.metrics:
            if part in _PARTS and metric in _TITLES:
                old = found.get((part, metric), _Claim((), ()))
                mine = (claim.id,)
                found[part, metric] = (
                    _Claim(old.benefits + mine, old.risks)
                    if claim.kind == "benefit"
                    else _Claim(old.benefits, old.risks + mine)
                )
    return found


def _effects(case: Case) -> dict[str, int]:
    """How many effects of ties each part holds."""
    found: dict[str, int] = {}
    for parameter in case.parameters.values():
        if parameter.tie_effect is not None:
            found[parameter.module] = found.get(parameter.module, 0) + 1
    return found


def _in_order(parts: Sequence[str], claims: Mapping[tuple[str, str], _Claim]) -> list[str]:
    """Outcomes by the mean place of what acts on them, so that few lines cross."""
    places: dict[str, list[int]] = {}
    for part, metric in claims:
        places.setdefault(metric, []).append(parts.index(part))
    return sorted(places, key=lambda m: (sum(places[m]) / len(places[m]), m))


def _drawn(
    case: Case,
    parts: Sequence[str],
    outcomes: Sequence[str],
    claims: Mapping[tuple[str, str], _Claim],
) -> Iterator[Spec]:
    """Lines and words, in shares of the width and rows."""
    middle = (len(outcomes) - 1) / 2.0
    pitch = (len(outcomes) - 1) / max(len(parts) - 1, 1)
    at = {p: i * pitch for i, p in enumerate(parts)}
    row = {m: i for i, m in enumerate(outcomes)}
    yield _line(_POLICY + 0.07, middle, _TIES - 0.005, middle, "effect")
    yield _word(_POLICY, middle, "Policy", "decision")
    yield _word(_TIES, middle, "Ties", "part")
    for part in parts:
        if any(p.tie_effect and p.module == part for p in case.parameters.values()):
            yield _line(_TIES + 0.05, middle, _MODEL - 0.005, at[part], "effect")
        yield _word(_MODEL, at[part], _PARTS[part], "part")
    for (part, metric), claim in claims.items():
        yield _line(_MODEL + 0.175, at[part], _OUTCOME - 0.008, row[metric], claim.kind)
    for metric in outcomes:
        counted = case.weights.get(metric.removesuffix("_usd"), 0.0) > 0.0
        yield _word(_OUTCOME, row[metric], _TITLES[metric] + (" ●" if counted else ""), "outcome")


def _line(x: float, y: float, x2: float, y2: float, kind: str) -> Spec:
    return {"x": x, "y": y, "x2": x2, "y2": y2, "kind": kind, "text": ""}


def _word(x: float, y: float, text: str, kind: str) -> Spec:
    return {"x": x, "y": y, "text": text, "kind": kind}


def _spec(marks: Sequence[Spec]) -> Spec:
    rows = max(float(m["y"]) for m in marks)
    x = {"field": "x", "scale": {"domain": [0.0, 1.0]}}
    y = {"field": "y", "scale": {"domain": [rows + 0.6, -0.6]}}
    at = {k: {**v, "type": "quantitative", "axis": None} for k, v in (("x", x), ("y", y))}
    scale = {"domain": list(_COLOURS), "range": list(_COLOURS.values())}
    colour = {"field": "kind", "type": "nominal", "scale": scale}
    ends = {**at, "x2": {"field": "x2"}, "y2": {"field": "y2"}, "color": colour}
    bold = "datum.kind == 'decision' || datum.kind == 'part'"
    said = {**at, "text": {"field": "text", "type": "nominal"}}
    texts = [
        {
            "transform": [{"filter": "datum.text != ''"}, {"filter": test}],
            "mark": {"type": "text", "align": "left", "color": INK, "fontWeight": weight},
            "encoding": said,
        }
        for test, weight in ((bold, "bold"), (f"!({bold})", "normal"))
    ]
    return {
        "width": _WIDTH,
        "height": _ROW * (rows + 1),
        "data": {"values": list(marks)},
        "layer": [
            {
                "transform": [{"filter": "datum.text == ''"}],
                "mark": {"type": "rule", "strokeWidth": 1.4, "opacity": 0.8},
                "encoding": ends,
            },
            *texts,
        ],
    }


def _table(
    parts: Sequence[str], effects: Mapping[str, int], claims: Mapping[tuple[str, str], _Claim]
) -> Table:
    rows = []
    for part in parts:
        told = []
        for (where, metric), claim in claims.items():
            if where == part:
                ids = ", ".join((*claim.benefits, *claim.risks))
                told.append(f"{in_sentence(_TITLES[metric])} ({ids})")
        cells = (_PARTS[part], str(effects.get(part, 0)), "; ".join(told))
        rows.append(Row(tuple(words(c) for c in cells)))
    return Table(
        "numbers-figure-influence",
        "What acts on what, with the claims of the ledger",
        (
            Column(words("Part of the model"), 1.1),
            Column(words("Effects of ties"), 0.8, "right"),
            Column(words("Outcomes, and who claims it"), 4.0),
        ),
        tuple(rows),
        compact=True,
    )
