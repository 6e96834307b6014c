"""How evidence moves schools of thought, beliefs and the answer: its sentences, tables, charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openchannel.domain import Case
from openchannel.report.charts import intervals
from openchannel.report.model import Block, Column, Figure, Paragraph, Row, Table, words
from openchannel.report.numbers import (
    SPACE,
    Measured,
    difference,
    is_measurable,
    level,
    measured,
    plain,
)
from openchannel.report.wording import baseline_words, in_sentence, shortened, verdict_words

__all__ = [
    "NOT_TOLD",
    "answer_words",
    "beliefs_blocks",
    "change_words",
    "gain_words",
    "policies_table",
]

Data = Mapping[str, Any]
_UNIT = "equivalent deaths"
#: A move that cannot be told from nothing, in a cell.
NOT_TOLD = "none measurable"
_LONGEST = 56  # characters of a name beside the chart


def gain_words(found: Data) -> str:
    """A gain with its error, an expected loss saved."""
    return level(measured(found), "count", _UNIT)


def change_words(found: Data, *, enough: bool = True) -> str:
    """How a gain has moved; nothing is claimed of too few draws."""
    if not enough:
        return "too few draws"
    return _told(measured(found["change"]))


def _told(found: Measured) -> str:
    return difference(found, "count") if is_measurable(found) else NOT_TOLD


def answer_words(case: Case, policy: str, moved: Data) -> str:
    """Whether the assessment would change, in sentences."""
    found = moved["policies"][policy]
    name = in_sentence(case.policy(policy).short)
    base = baseline_words(case.policy(case.baseline))
    if not moved["possible"]:
        return (
            "No draw of the run could have brought this, so Bayes' rule says nothing: the case, or "
            "the signs, must be thought over."
        )
    if not moved["enough"]:
        return (
            f"It cannot be said: of {moved['draws']:,} belief draws only "
            f"{plain(moved['effective_draws'], 2)} carry the weight. Assess again with more "
            "futures, or read the signs one by one."
        )
    before, after = (verdict_words(found[f"verdict_{w}"]) for w in ("before", "after"))
    change = measured(found["gain"]["change"])
    size = "its gain has not measurably moved"
    if is_measurable(change):
        move = difference(change, "count", _UNIT)
        size = f"its gain moves by {move}, to {gain_words(found['gain']['after'])}"
    match found["changes"]:
        case "no":
            head = f"No: the verdict on {name} against {base} stays “{after}”"
        case "yes":
            head = f"Yes: the verdict on {name} against {base} turns from “{before}” to “{after}”"
        case _:
            return (
                f"Not measurably: the verdict on {name} against {base} would read “{after}” in "
                f"place of “{before}”, but {size}, and no more may be said of so small a move."
            )
    return f"{head}; {size}."


# --- beliefs -------------------------------------------------------------------------------------


def beliefs_blocks(moved: Data, place: str) -> Iterator[Block]:
    """Schools and beliefs before and after; `place` makes the anchors of tables unique."""
    yield _worlds(moved["worlds"], place, enough=moved["enough"])
    if not moved["enough"]:
        return
    yield _figure(moved["beliefs"], place)
    yield Paragraph(
        words(
            f"{plain(moved['effective_draws'], 2)} of {moved['draws']:,} belief draws carry the "
            f"weight. A belief's move is told from {plain(moved['bar'], 2)} of its errors on, so "
            "that among all beliefs hardly one is told by accident, and from a fiftieth of a "
            "standard deviation. Worlds that hold a belief fixed do not move it, and move as a "
            "whole."
        ),
        "note",
    )


def _worlds(worlds: Data, place: str, *, enough: bool) -> Table:
    def share(found: Data) -> str:
        return level(measured(found), "percent")

    return Table(
        f"table-{place}-worlds",
        "Weight of each school of thought",
        (
            Column(words("School"), 2.2),
            Column(words("Before"), 0.8, "right"),
            Column(words("After"), 1.1, "right"),
            Column(words("Move"), 1.5, "right"),
        ),
        tuple(
            Row(
                (
                    words(f"{key}: {w['title']}"),
                    words(share(w["before"])),
                    words(share(w["after"]) if enough else "too few draws"),
                    words(_points(w["change"]) if enough else ""),
                )
            )
            for key, w in worlds.items()
        ),
        compact=True,
    )


def _points(found: Data) -> str:
    gap = measured(found)
    return difference(gap, "points") if is_measurable(gap) else NOT_TOLD


def _figure(beliefs: Sequence[Data], place: str) -> Figure:
    rows = [row for b in beliefs for row in _bars(b)]
    return Figure(
        f"figure-{place}-beliefs",
        "Beliefs before the evidence (grey) and after it (blue): mean and 5 % to 95 %, in standard "
        "deviations from what was believed. Those that the answer turns on stand here whether they "
        "moved or not.",
        "Each belief before and after the evidence, as a mean and a band.",
        intervals(rows, "Standard deviations from the mean before", long_names=True),
        Table(
            f"table-{place}-beliefs",
            "",
            (
                Column(words("Belief"), 2.4),
                Column(words("Before"), 1.0, "right"),
                Column(words("After"), 1.0, "right"),
                Column(words("5 % to 95 % after"), 1.3, "right"),
                Column(words("Move, s.d."), 1.2, "right"),
                Column(words("Key"), 0.9),
            ),
            tuple(_row(b) for b in beliefs),
            compact=True,
        ),
    )


def _bars(belief: Data) -> Iterator[dict[str, Any]]:
    before, after = belief["before"], belief["after"]
    sd = before["sd"] or 1.0
    name = shortened(belief["label"], _LONGEST)
    for series, role, found in (("before", "same", before), ("after", "focal", after)):
        middle, low, high = ((found[k] - before["mean"]) / sd for k in ("mean", "p05", "p95"))
        yield {
            "row": name,
            "series": series,
            "role": role,
            "mean": middle,
            "low2": None,
            "high2": None,
            "p05": low,
            "p95": high,
            "label": _move(belief) if series == "after" else "",
        }


def _move(belief: Data) -> str:
    found = measured(belief["change_in_sd"])
    if not belief["told"]:
        return NOT_TOLD
    return f"{difference(found, 'plain')}{SPACE}s.d."


def _row(belief: Data) -> Row:
    before, after = belief["before"], belief["after"]
    cells = (
        f"{belief['label']}{', decides' if belief['decides'] else ''}",
        plain(before["mean"], 2),
        plain(after["mean"], 2),
        f"{plain(after['p05'], 2)} to {plain(after['p95'], 2)}",
        _move(belief).removesuffix(f"{SPACE}s.d."),
        belief["quantity"],
    )
    return Row(tuple(words(c) for c in cells))


# --- the answer ----------------------------------------------------------------------------------


def policies_table(case: Case, policy: str, moved: Data, place: str) -> Table:
    """Every policy before and after: gain, share of losing beliefs, verdict."""
    enough = moved["enough"]
    base = baseline_words(case.policy(case.baseline))
    return Table(
        f"table-{place}-policies",
        f"Gain over {base}, in equivalent deaths saved, and verdict",
        (
            Column(words("Policy"), 1.8),
            Column(words("Before"), 1.3, "right"),
            Column(words("Move"), 1.4, "right"),
            Column(words("Verdict before"), 1.3),
            Column(words("Verdict after"), 1.3),
            Column(words("Changes?"), 1.0),
        ),
        tuple(
            _policy(found, enough=enough, strong=key == policy)
            for key, found in moved["policies"].items()
        ),
        compact=True,
    )


def _policy(found: Data, *, enough: bool, strong: bool) -> Row:
    before: Measured = measured(found["gain"]["before"])
    cells = (
        found["title"],
        _told(before),
        change_words(found["gain"], enough=enough),
        verdict_words(found["verdict_before"]),
        verdict_words(found["verdict_after"]) if enough else "",
        found["changes"],
    )
    return Row(tuple(words(c, strong=strong) for c in cells), strong=strong)
