"""Severity of crises on two scales: the record's rungs, and those of ICB's list where it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from openchannel.report.model import Block, Bullets, Paragraph, Row, Table, words
from openchannel.report.numbers import NOT_DEFINED, SPACE, plain
from openchannel.report.pages.history_cells import band, columns, number, row
from openchannel.report.wording import count_words, listed

__all__ = ["icb_blocks", "scale_used"]

Values = Mapping[str, Any]

_HOW = (
    "openchannel evidence import icb icb1v14.csv --actors all, with icb2v14.csv beside it, then "
    "ask again"
)
_ABSENT = {
    "no store": "you have no store yet, so its own scales of violence, gravity and outcome are not "
    "read",
    "no list": "its list of crises is not in your store, so its own scales of violence, gravity "
    "and outcome are not read",
    "no scales": "its list in your store was imported before scales were kept; import the same "
    "file again, which adds them as a later revision",
    "unread": "your store cannot be read just now, so its own scales are not shown",
}
_SCALES = {
    "viol": "Violence",
    "sevviosy": "Violence as a means",
    "gravcr": "What was at stake",
    "crismg": "Managed by",
    "outesr": "Tension after",
}


def icb_blocks(icb: Values) -> Iterator[Block]:
    """Which scale is used, how the two relate, what ICB's says, and what it cannot."""
    if icb["state"] != "read":
        yield Paragraph(words(_without(icb["state"])))
        return
    yield Paragraph(words(_which(icb)))
    if not icb["pairs"]:
        return
    yield Paragraph(words(_agreement(icb)))
    yield _pairs_table(icb)
    yield _ladder_table(icb)
    yield Paragraph(words("What so few crises can and cannot say:"))
    yield Bullets(tuple(words(x) for x in _limits(icb)))


def scale_used(icb: Values) -> str:
    """By which scale crises are judged, within a sentence."""
    found = icb.get("agreement")
    if found is None:
        return "by the rungs of this record alone"
    return (
        "by the rungs of this record (ICB's violence agrees on "
        f"{found['agree']} of {found['n']} crises)"
    )


def _without(state: str) -> str:
    return (
        "Severity here is the highest rung that this project coded for a crisis, and no other "
        "scale. From the International Crisis Behavior data comes only which crises there were: "
        f"{_ABSENT[state]}. The list is not shipped: fetch version 14 from its makers, give "
        f"{_HOW}. So few crises leave every share wide."
    )


def _which(icb: Values) -> str:
    n, absent, apart = len(icb["pairs"]), icb["absent"], icb["apart"]
    told = (
        "Two scales stand side by side. The highest rung is this project's coding, and what the "
        "moments and the parameters of the simulator are held to. The others are those of the "
        f"International Crisis Behavior list in your store ({icb['listed']} crises), which feed "
        f"nothing. Of the {n + len(absent)} crises that the record takes from the list, "
        f"{count_words(n) if n else 'none'} {'is' if n == 1 else 'are'} there."
    )
    if absent:
        told += f" Not there: {listed(absent)}; import with --actors all."
    if apart:
        told += f" In the list with North Korea and not in the record, left out: {listed(apart)}."
    return told


def _agreement(icb: Values) -> str:
    fits = "; ".join(
        f"{name} fits {'rung' if low == high else 'rungs'} "
        f"{low if low == high else f'{low} to {high}'}"
        for _, name, low, high in icb["relation"]
    )
    found = icb["agreement"]
    if found is None:
        return "The table of scales gives violence no rungs, so the two scales are not compared."
    others = [
        f"{p['name']} (rung {p['rung']}, {_level(icb, 'viol', p)})"
        for p in icb["pairs"]
        if p["agrees"] is False
    ]
    apart = f" They part over {listed(others)}." if others else ""
    return (
        "How the scales relate, by scales.csv, which can be read and changed (openchannel evidence "
        f"formats --scales): {fits}. By that the two agree on {found['agree']} of {found['n']} "
        f"crises (95{SPACE}% of the share: {band(found['low'], found['high'])}).{apart} Both were "
        "coded from the same histories, so agreement says that the two rules are alike, not that "
        "either is right."
    )


def _level(icb: Values, scale: str, pair: Values) -> str:
    """The name of a crisis's level of a scale."""
    level = pair["levels"].get(scale)
    names = {at: name for of, at, name, _ in icb["counts"] if of == scale}
    return NOT_DEFINED if level is None else str(names[level])


def _named(pair: Values) -> str:
    """The name of a crisis, with its year where the name does not say it."""
    year = pair["first"][:4]
    return str(pair["name"] if year in pair["name"] else f"{pair['name']}, {year}")


def _pairs_table(icb: Values) -> Table:
    fits = {True: "yes", False: "no", None: NOT_DEFINED}
    rows: list[Row] = [
        row(
            _named(p),
            str(p["rung"]),
            *(_level(icb, scale, p) for scale in _SCALES),
            fits[p["agrees"]],
        )
        for p in sorted(icb["pairs"], key=lambda p: p["first"])
    ]
    return Table(
        "table-icb",
        "Crises on both scales",
        columns(
            ("Crisis", 2.2),
            ("Rung", 0.6, "right"),
            *((title, 1.5) for title in _SCALES.values()),
            ("Fits", 0.6),
        ),
        tuple(rows),
        words(
            "Rung: the highest by this record's codebook. The rest as ICB codes the crisis as a "
            "whole. Violence counts all of it, violence as a means only what was used to manage "
            "the crisis. Tension rose where a crisis of the same sides came within five years."
        ),
        compact=True,
    )


def _ladder_table(icb: Values) -> Table:
    pooled = {p["level"]: p for p in icb["pooled"]}
    n_world, n_groups, reached = icb["world"]
    rows = [
        row(
            f"{r['name']} or worse" if r["level"] < icb["ladder"][-1]["level"] else r["name"],
            f"{r['reached']} of {r['n']}",
            _share(r),
            _share(pooled.get(r["level"])),
            f"{reached[place]} of {n_world}" if pooled else NOT_DEFINED,
        )
        for place, r in enumerate(icb["ladder"])
    ]
    return Table(
        "table-icb-violence",
        "Share of crises that reach a level of violence",
        columns(
            ("Level", 1.5),
            ("Found", 0.9, "right"),
            (f"Alone (95{SPACE}%)", 1.5, "right"),
            (f"Drawn towards the world (95{SPACE}%)", 1.8, "right"),
            ("World", 0.9, "right"),
        ),
        tuple(rows),
        words(
            "Bayesian, each step by the share that climbs it. Alone: Jeffreys' prior. "
            f"{_towards(n_world, n_groups, is_drawn=bool(pooled))}"
        ),
        compact=True,
    )


def _towards(n_world: int, n_groups: int, *, is_drawn: bool) -> str:
    """What the shares are drawn towards, or why they are not."""
    if is_drawn:
        return (
            "Drawn towards the world: a beta law over groups, whose mean and weight are fitted, so "
            f"as far as groups are alike. World: {n_world} crises since the armistice without "
            f"North Korea and outside wars, in {n_groups} groups: each protracted conflict, and "
            "each crisis outside of one by itself."
        )
    if n_world and not n_groups:
        return (
            "Not drawn towards the world: which of its crises belong to no protracted conflict was "
            "not kept when the list was imported; import the same file again, which adds it."
        )
    return "The store holds no crises of other states to draw towards: import with --actors all."


def _share(rise: Values | None) -> str:
    return (
        NOT_DEFINED
        if rise is None
        else f"{number(rise['mean'])} ({_least(rise['low'])} to {number(rise['high'])})"
    )


def _least(share: float) -> str:
    """The lower end of a share, which sampling cannot give below a thousandth."""
    return number(share) if share >= 0.001 else "below 0.001"


def _limits(icb: Values) -> Iterator[str]:
    limits = icb["limits"]
    wars = count_words(limits["wars"]) if limits["wars"] else "none"
    yield (
        f"how likely war is: {wars} in {limits['n']} crises, which by itself holds the share of "
        f"wars under {number(limits['war_high'])} (95{SPACE}%, one-sided) and no lower; "
        f"{limits['no_war_needed']} crises without a war would be needed to hold it under one in "
        "twenty; the ladder's bound is lower because it takes wars to come by lesser violence"
    )
    if not limits["closed"]:
        yield (
            "what an open line does: one was open at the trigger of every one of these crises, so "
            "there is nothing to compare with"
        )
    split = limits["answered"]
    if split is not None:
        yield (
            f"what an answered line does to violence: {split['violent_answered']} of "
            f"{split['n_answered']} crises with an answer on record saw violence, "
            f"{split['violent_other']} of {split['n_other']} others did (exact p "
            f"{plain(split['p'], 2)}); had an answer halved violence, a test would see it in "
            f"{100 * split['power']:.0f} of 100 such records, and about {split['needed']} crises "
            "would be needed to see it in 80; and answers were not given at random"
        )
    if limits["tau"] is not None:
        yield (
            "one severity: what was at stake and how violent it got have a rank correlation of "
            f"{plain(limits['tau'], 1)} (permutation p {plain(limits['tau_p'], 1)}, one look of "
            "several), so no single number is made of them"
        )
    most = max(Counter(p["first"][:3] for p in icb["pairs"]).values())
    yield f"change over time: no decade has more than {count_words(most)} of these crises"
