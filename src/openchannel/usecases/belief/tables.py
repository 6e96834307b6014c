"""The tables of `believe` for a spreadsheet: thresholds, choice, values and what to find out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["tables"]

Row = Sequence[Any]


def tables(data: Mapping[str, Any]) -> dict[str, str]:
    """CSV texts by file name."""
    return {
        "believe-thresholds.csv": _text(_thresholds(data)),
        "believe-choice.csv": _text(_choice(data["robust"])),
        "believe-values.csv": _text(_values(data["values"])),
        "believe-information.csv": _text(_information(data)),
    }


def _text(rows: Iterable[Row]) -> str:
    held = io.StringIO()
    csv.writer(held, lineterminator="\n").writerows(
        ["" if cell is None else cell for cell in row] for row in rows
    )
    return held.getvalue()


def _thresholds(data: Mapping[str, Any]) -> Iterable[Row]:
    yield ("quantity", "label", "unit", "low", "default", "high", "rival", "reading", "status",
           "threshold", "threshold_mcse", "distance", "distance_mcse", "gain_low", "gain_low_mcse",
           "gain_high", "gain_high_mcse")  # fmt: skip
    found = data["thresholds"]
    for belief in (*found["beliefs"], *found["factors"]):
        words = data["quantities"][belief["quantity"]]
        for name in ("central", "drawn"):
            for rival, reading in (belief[name] or {}).items():
                t, first, last = reading["threshold"], reading["points"][0], reading["points"][-1]
                distance = None if t["place"] is None else abs(t["place"])
                yield (belief["quantity"], words["label"], words["unit"], belief["low"],
                       belief["default"], belief["high"], rival, name, t["status"], t["value"],
                       t["value_mcse"], distance, t["place_mcse"], first["mean"], first["mcse"],
                       last["mean"], last["mcse"])  # fmt: skip


def _choice(found: Mapping[str, Any]) -> Iterable[Row]:
    yield ("world", "criterion", "policy", "value", "versus_baseline", "versus_baseline_mcse",
           "rank", "share_first")  # fmt: skip
    for world, view in found["views"].items():
        for criterion, scores in view["scores"].items():
            for policy, s in scores["policies"].items():
                versus = s["versus_baseline"]
                yield (world, criterion, policy, s["value"], versus["mean"], versus["mcse"],
                       s["rank"], s["first"])  # fmt: skip


def _values(found: Mapping[str, Any]) -> Iterable[Row]:
    yield ("world", "values", "policy", "score", "score_mcse", "share_first")
    for world, view in found["views"].items():
        for name, judged in view["sets"].items():
            for policy, s in judged["policies"].items():
                yield (world, name, policy, s["mean"], s["mcse"], s["first"])


def _information(data: Mapping[str, Any]) -> Iterable[Row]:
    yield ("kind", "name", "label", "worth", "worth_mcse", "told_from_nought")
    found = data["information"]
    for q in found["questions"]:
        yield "question", q["name"], q["title"], q["mean"], q["mcse"], q["told"]
    for kind in ("beliefs", "modules"):
        for i in found[kind]["ranked"]:
            label = data["quantities"].get(i["name"], {}).get("label", i["name"])
            yield kind[:-1], i["name"], label, i["mean"], i["mcse"], True
