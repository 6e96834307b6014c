"""Part 2: the wager in one picture: upside, downside, premium, and the chance of ending worse."""

from __future__ import annotations

import math
from typing import Any

from openchannel.report.charts import bars, intervals, stapled
from openchannel.report.findings import Findings, Wager
from openchannel.report.model import (
    Block,
    Column,
    Figure,
    Paragraph,
    Row,
    Section,
    Span,
    Table,
    Text,
    say,
    words,
)
from openchannel.report.numbers import (
    Measured,
    difference,
    is_measurable,
    level,
    percentile,
    plain,
    share,
    span,
    spoken,
)
from openchannel.report.wording import baseline_words, in_sentence

__all__ = ["wager_section"]

_LOSS, _COST = "outcome-composite_loss", "outcome-programme_cost_usd"


def wager_section(findings: Findings) -> Section:
    """Size of the two sides, the price of the ticket, and how often it ends badly."""
    wager = findings.wager(findings.focal.id)
    blocks: list[Block] = [
        Paragraph(_sides(findings, wager)),
        _figure(findings, wager),
        Paragraph(_beliefs(findings, wager)),
        Paragraph(_luck(findings, wager)),
    ]
    return Section("section-wager", "", "The wager", tuple(blocks))


def _vsl(findings: Findings) -> float | None:
    parameter = findings.case.parameters.get("vsl_musd")
    return None if parameter is None else parameter.value * 1e6


def _premium(findings: Findings) -> Measured:
    return findings.difference(findings.focal.id, "programme_cost_usd")


def _sides(findings: Findings, wager: Wager) -> Text:
    name = in_sentence(findings.focal.title)
    gain = Span(_gain_words(wager.gain), _LOSS)
    cost = _premium(findings)
    money = Span(difference(cost, "usd", sign=False), _COST)
    if not is_measurable(cost):
        price = words("nothing measurable is paid")
    elif (cost.mean or 0.0) > 0:
        price = say("a premium of {} is paid whatever happens", money)
    else:
        price = say("{} is saved whatever happens", money)
    return say(
        f"Taking up {name} in place of {baseline_words(findings.baseline)} is a wager: {{}}, and "
        "what is won or lost is mostly whether rare wars come. In the mean over futures and "
        "beliefs {}. {}",
        price,
        gain,
        _equivalent(findings, cost),
    )


def _gain_words(gain: Measured) -> str:
    if not is_measurable(gain):
        return "it makes no measurable difference to the expected loss"
    verb = "avoids" if (gain.mean or 0.0) > 0 else "adds"
    return f"it {verb} about {difference(gain, 'count', sign=False)} equivalent deaths"


def _equivalent(findings: Findings, cost: Measured) -> Text:
    vsl = _vsl(findings)
    if vsl is None or cost.mean is None:
        return ()
    weight = findings.case.weights.get("programme_cost", 0.0)
    return say(
        "(An equivalent death is one death, or ${} million spent, the {}; the premium alone is "
        "about {} of them.)",
        plain(vsl / 1e6),
        Span("value of a statistical life assumed", "parameter-vsl_musd"),
        plain(round(weight * cost.mean / vsl), 2),
    )


def _beliefs(findings: Findings, wager: Wager) -> Text:
    gain, loss = wager.gain, findings.difference(findings.focal.id, "composite_loss")
    if findings.n_draws < 2:
        return words(
            "Over beliefs: every parameter was held at its central value in this run, so it says "
            "nothing of the doubt about beliefs."
        )
    if not gain.has_spread:
        return words(
            "Over beliefs: in this run luck hides the spread of the pooled result over beliefs, "
            "so no chance of being wrong about them is given; more futures show it. The split by "
            "school of thought below does show where the answer turns."
        )
    return say(
        "Over beliefs (the headline): the policy is worse on average under {} of the beliefs "
        "drawn from the ranges; from the 5th percentile of beliefs (the downside) to the 95th (the "
        "upside) the expected gain runs from {} equivalent deaths, and half of the beliefs give "
        "less than {}.",
        Span(spoken(share(wager.number("pr_worse_beliefs"), findings.n_draws)), _LOSS),
        Span(span(gain, "count"), _LOSS),
        Span(percentile(-(loss.p50 or 0.0), gain.mcse), _LOSS),
    )


def _luck(findings: Findings, wager: Wager) -> Text:
    n = findings.futures
    costs_more = (_premium(findings).mean or 0.0) > 0
    paid = "only the premium was paid" if costs_more else "money was saved"
    head = say(
        "Over luck: with the same luck under both policies, {} of futures end with fewer deaths, "
        f"{{}} with the same deaths, so that {paid}, and {{}} with more deaths. Counting the "
        "money, {} of futures end worse.",
        *(
            Span(spoken(share(found.mean, n, found.mcse)), "trail-outcomes")
            for found in map(
                wager.luck, ("fewer_deaths", "equal_deaths", "more_deaths", "loss_higher")
            )
        ),
    )
    return (*head, *_discordance(wager))


def _discordance(wager: Wager) -> Text:
    """Wars avoided for each war caused."""
    found = wager.discordance
    if not found.mean or found.mcse is None:
        return ()
    return say(
        " Wars avoided for each war caused: {}.", Span(level(found, "plain"), "trail-outcomes")
    )


# --- the picture ------------------------------------------------------------------------------


def _figure(findings: Findings, wager: Wager) -> Figure:
    sides, chances = _side_rows(findings, wager), _chance_rows(findings, wager)
    chart = stapled(
        intervals(
            sides,
            "Equivalent deaths avoided (logarithmic on both sides of nought)",
            title="What is at stake",
            scale=_axis(sides),
        ),
        bars(chances, "Per cent", title="How often"),
    )
    numbers = Table(
        "numbers-wager",
        "Numbers of the figure",
        (Column(words("Row"), 2.2), Column(words("Value"), 2.0)),
        tuple(Row((words(str(r["row"])), words(str(r["label"])))) for r in (*sides, *chances)),
        compact=True,
    )
    worse = next((r["label"] for r in chances if r["row"] == "Luck: more deaths"), "")
    alt = (
        f"Two charts of the wager on {in_sentence(findings.focal.title)}. Above: "
        + "; ".join(f"{in_sentence(str(r['row']))}, {r['label']}" for r in sides)
        + f". Below: shares of futures and of beliefs; more deaths in {worse} of futures."
    )
    return Figure(
        "figure-wager",
        f"The wager on {in_sentence(findings.focal.title)} against "
        f"{baseline_words(findings.baseline)}. Thick lines are two standard errors, the thin "
        "line spans the 5th to the 95th percentile of beliefs.",
        alt,
        chart,
        numbers,
    )


def _axis(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A symmetric logarithm with few round ticks, wide enough for every row."""
    ends = [abs(v) for r in rows for v in (r["mean"], r["p05"], r["p95"], r["low2"], r["high2"])
            if v is not None]  # fmt: skip
    top = 10.0 ** math.ceil(math.log10(max([*ends, 10.0])))
    # Small powers crowd round nought, where a symmetric logarithm is all but straight.
    first, step = (3, 2) if top >= 1e4 else (1, 1)
    powers = [10.0**k for k in range(round(math.log10(top)), first - 1, -step)][::-1]
    values = [*(-p for p in reversed(powers)), 0, *powers]
    return {
        "scale": {"type": "symlog", "constant": 5, "domain": [-top, top], "nice": False},
        "axis": {"values": values, "format": ",.0f", "labelOverlap": "parity"},
    }


def _blank(row: str, role: str) -> dict[str, Any]:
    return {"row": row, "series": "", "role": role, "mean": None, "low2": None, "high2": None,
            "p05": None, "p95": None, "label": ""}  # fmt: skip


def _side_rows(findings: Findings, wager: Wager) -> list[dict[str, Any]]:
    rows = []
    cost, vsl = _premium(findings), _vsl(findings)
    if vsl and cost.mean is not None:
        weight = findings.case.weights.get("programme_cost", 0.0)
        rows.append(
            _blank("Premium: programme cost", "same")
            | {"mean": -weight * cost.mean / vsl, "label": level(cost, "usd")}
        )
    gain = wager.gain
    mean = _blank("Expected gain", "focal") | {"mean": gain.mean}
    mean["label"] = difference(gain, "count")
    if gain.mean is not None and gain.mcse is not None:
        mean |= {"low2": gain.mean - 2 * gain.mcse, "high2": gain.mean + 2 * gain.mcse}
    rows.append(mean)
    spread = _blank("Over beliefs, 5 to 95 %", "focal")
    if gain.has_spread:
        spread |= {"p05": gain.p05, "p95": gain.p95, "label": span(gain, "count")}
    else:
        spread["label"] = "not told from luck" if findings.n_draws > 1 else "beliefs held fixed"
    rows.append(spread)
    return rows


def _chance_rows(findings: Findings, wager: Wager) -> list[dict[str, Any]]:
    costs_more = (_premium(findings).mean or 0.0) > 0
    same = "Luck: same deaths, premium paid" if costs_more else "Luck: same deaths, money saved"
    rows = [
        _luck_row("Luck: fewer deaths", "good", wager.luck("fewer_deaths"), findings.futures),
        _luck_row(same, "same", wager.luck("equal_deaths"), findings.futures),
        _luck_row("Luck: more deaths", "bad", wager.luck("more_deaths"), findings.futures),
    ]
    if wager.gain.has_spread:
        worse = wager.number("pr_worse_beliefs") or 0.0
        better = max(0.0, 1.0 - worse - (wager.number("pr_equal_beliefs") or 0.0))
        rows += [
            _chance("Beliefs: better on average", "good", better, findings.n_draws),
            _chance("Beliefs: worse on average", "bad", worse, findings.n_draws),
        ]
    return rows


def _luck_row(row: str, role: str, found: Measured, n: int) -> dict[str, Any]:
    return _chance(row, role, found.mean or 0.0, n, found.mcse)


def _chance(
    row: str, role: str, p: float, n: int, known_error: float | None = None
) -> dict[str, Any]:
    error = known_error or math.sqrt(p * (1.0 - p) / n)
    return {
        "row": row,
        "role": role,
        "value": 100.0 * p,
        "low2": max(0.0, 100.0 * (p - 2 * error)),
        "high2": min(100.0, 100.0 * (p + 2 * error)),
        "label": share(p, n, known_error),
    }
