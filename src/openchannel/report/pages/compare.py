"""The page of two runs: what they say, where their beliefs part, and what carries the gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openchannel.domain import Case
from openchannel.report.model import (
    Block,
    Brief,
    Bullets,
    Column,
    Figure,
    Paragraph,
    Row,
    Section,
    Table,
    words,
)
from openchannel.report.numbers import Measured, difference, is_measurable, measured, plain
from openchannel.report.pages.layout import page_of
from openchannel.report.sections.steps import Step, Steps, outcome_words, with_unit
from openchannel.report.wording import (
    baseline_words,
    count_words,
    in_sentence,
    listed,
    verdict_words,
)

__all__ = ["compare_page"]

_MOST_NAMED = 3


def compare_page(case: Case, data: Mapping[str, Any]) -> Brief:
    """What `compare.json` holds."""
    one, two = data["titles"]
    sections = [
        Section(
            "section-carries", "", "What carries the disagreement", tuple(_carries(case, data))
        ),
        Section("section-beliefs", "", "Beliefs that differ", tuple(_beliefs(data))),
        Section("section-results", "", "What the two runs say", tuple(_results(case, data))),
    ]
    lines = (f"first: {data['first']}, {one}", f"second: {data['second']}, {two}")
    return page_of("Two runs compared", case, (*lines, f"seed {data['seed']}"), sections)


# --- what carries it --------------------------------------------------------------------------


def _carries(case: Case, data: Mapping[str, Any]) -> Iterator[Block]:
    found = data["disagreement"]
    if found is None:
        said = "The two runs rest on the same beliefs."
        if data["beliefs"]:
            said = (
                "Which belief carries how much of the disagreement was not measured here; "
                "the command compare swaps the beliefs one by one and says it."
            )
        yield Paragraph(words(said), "note" if data["beliefs"] else "answer")
        return
    for metric in found["metrics"]:
        yield Paragraph(words(_answer(case, data, metric)), "answer")
        yield _figure(data, metric)
    yield _modules(found)
    yield Paragraph(words(_how(case, found)), "note")


def _answer(case: Case, data: Mapping[str, Any], metric: str) -> str:
    """Whether the sides disagree on an outcome, and which beliefs carry it."""
    found = data["disagreement"]["metrics"][metric]
    total = measured(found["total"])
    policy = in_sentence(case.policy(data["disagreement"]["policy"]).short)
    base = baseline_words(case.policy(data["disagreement"]["baseline"]))
    said = f"{outcome_words(metric).capitalize()} under {policy}, against {base}: "
    if not is_measurable(total):
        return said + "the two sets of beliefs lead to no measurably different change."
    lower = (total.mean or 0.0) < 0
    gap = with_unit(total.times(-1.0) if lower else total, metric).removeprefix("+")
    said += f"{gap} {'lower' if lower else 'higher'} with the second run's beliefs than with the "
    return f"{said}first's. {_carriers(data, metric, total)}"


def _carriers(data: Mapping[str, Any], metric: str, total: Measured) -> str:
    """The beliefs with the largest shares in the direction of the whole."""
    found = data["disagreement"]["metrics"][metric]
    labels = {b["parameter"]: in_sentence(b["label"]) for b in data["beliefs"]}
    sign = 1.0 if (total.mean or 0.0) > 0 else -1.0
    shares = {k: sign * found["beliefs"][k]["shapley"]["mean"] for k in found["waterfall"]}
    ahead = sorted((k for k in shares if shares[k] > 0), key=lambda k: -shares[k])
    if not ahead:
        return "No single belief carries a measurable part."
    share = with_unit(measured(found["beliefs"][ahead[0]]["shapley"]), metric)
    is_most = 2 * shares[ahead[0]] > abs(total.mean or 0.0)
    text = f"{'Most' if is_most else 'The largest part'} hangs on {labels[ahead[0]]} ({share})"
    then = [labels[k] for k in ahead[1:_MOST_NAMED]]
    return f"{text}, then on {listed(then)}." if then else f"{text}."


def _figure(data: Mapping[str, Any], metric: str) -> Figure:
    found = data["disagreement"]["metrics"][metric]
    one, two = data["titles"]
    labels = {b["parameter"]: b["label"] for b in data["beliefs"]}
    shares = [_step(labels[k], found["beliefs"][k]) for k in found["waterfall"]]
    falling = [s for s in shares if (s.share.mean or 0.0) < 0]
    n_rest = len(found["beliefs"]) - len(shares)
    name = f"The {n_rest} others together" if n_rest > 1 else "The other belief"
    rest = [Step(name, "same", measured(found["rest"]))] if n_rest else []
    steps = Steps(
        f"figure-carries-{metric.replace('_', '-')}",
        metric,
        (f"First: {one}", measured(found["first"])),
        (f"Second: {two}", measured(found["second"])),
        [*falling, *rest, *shares[len(falling) :]],
        "Belief taken over",
    )
    return steps.figure(
        f"From the first run's beliefs to the second's, {outcome_words(metric)}: each belief taken "
        "over, on average over orders. Grey: levels and what cannot be told from nothing. Lines "
        "are two standard errors of a step."
    )


def _step(name: str, found: Mapping[str, Any]) -> Step:
    return Step(
        name,
        "focal",
        measured(found["shapley"]),
        measured(found["first"]),
        measured(found["last"]),
        depends_on_order=found["depends_on_order"],
    )


def _modules(found: Mapping[str, Any]) -> Table:
    metrics = list(found["metrics"])
    modules = list(found["metrics"][metrics[0]]["modules"])
    heads = [Column(words(in_sentence(outcome_words(m)).capitalize()), 1.0, "right")
             for m in metrics]  # fmt: skip
    rows = tuple(
        Row(
            (
                words(module),
                *(words(_told(found["metrics"][m]["modules"][module], m)) for m in metrics),
            )
        )
        for module in modules
    )
    columns = (Column(words("Module"), 1.0), *heads)
    return Table("table-modules", "The same by module of the model", columns, rows, compact=True)


def _told(data: Mapping[str, Any], metric: str) -> str:
    found = measured(data)
    return with_unit(found, metric) if is_measurable(found) else "–"


def _how(case: Case, found: Mapping[str, Any]) -> str:
    policy = in_sentence(case.policy(found["policy"]).title)
    base = baseline_words(case.policy(found["baseline"]))
    text = (
        f"Shown is the change under {policy} against {base}, on the same luck "
        f"({found['futures']:,} futures of each policy for each set of beliefs). Each belief was "
        "taken from the first side to the second alone, as the last one, and on average over "
        "orders (Shapley), so that the shares add up."
    )
    if found["idle"]:
        text += f" Believed otherwise to no effect at all: {listed(found['idle'])}."
    return text


# --- beliefs and results ----------------------------------------------------------------------


def _beliefs(data: Mapping[str, Any]) -> Iterator[Block]:
    if data["notes"]:
        yield Bullets(tuple(words(f"{n[:1].upper()}{n[1:]}.") for n in data["notes"]))
    beliefs = data["beliefs"]
    if not beliefs:
        yield Paragraph(words("No parameter of the case is believed otherwise."))
        return
    n = len(beliefs)
    many = "One parameter is" if n == 1 else f"{count_words(n).capitalize()} parameters are"
    yield Paragraph(words(f"{many} believed otherwise: 5 %, 50 % and 95 % points of each side."))
    yield Table(
        "table-beliefs",
        "",
        (
            Column(words("Belief"), 2.4),
            Column(words("Elements"), 1.0),
            Column(words("First"), 1.3, "right"),
            Column(words("Second"), 1.3, "right"),
            Column(words("Key"), 0.8),
        ),
        tuple(row for b in beliefs for row in _belief(b)),
        compact=True,
    )


def _belief(belief: Mapping[str, Any]) -> Iterator[Row]:
    """A line for each group of elements of which the same is believed."""
    groups: dict[tuple[str, str], list[str]] = {}
    for element, sides in belief["elements"].items():
        points = _points(sides["first"]), _points(sides["second"])
        groups.setdefault(points, []).append("" if element == "value" else element)
    label, key = belief["label"], belief["parameter"]
    for (one, two), elements in groups.items():
        yield Row(tuple(words(c) for c in (label, ", ".join(elements), one, two, key)))
        label = key = ""  # said once


def _points(side: Mapping[str, float]) -> str:
    """The three points of a belief; one where it is held."""
    return ", ".join(dict.fromkeys(plain(side[p]) for p in ("p05", "p50", "p95")))


def _results(case: Case, data: Mapping[str, Any]) -> Iterator[Block]:
    if data["settings"]:
        yield Table(
            "table-settings",
            "Settings that differ",
            (Column(words("Setting")), Column(words("First")), Column(words("Second"))),
            tuple(
                Row(tuple(words(str(s[k])) for k in ("name", "first", "second")))
                for s in data["settings"]
            ),
            compact=True,
        )
    if not data["results"]:
        yield Paragraph(words("No policy but the baseline was run in both."))
        return
    yield Table(
        "table-results",
        "Change against the baseline in each run, as it was",
        (
            Column(words("Policy"), 1.3),
            Column(words("Outcome"), 0.9),
            Column(words("First"), 1.2, "right"),
            Column(words("Second"), 1.2, "right"),
            Column(words("Verdicts"), 1.6),
        ),
        tuple(_result(case, r) for r in data["results"]),
        words("–: smaller than two standard errors. Verdicts are about the expected loss."),
        compact=True,
    )


def _result(case: Case, row: Mapping[str, Any]) -> Row:
    metric, ids = row["metric"], [p.id for p in case.policies]
    short = case.policy(row["policy"]).short if row["policy"] in ids else row["policy"]
    verdicts = [verdict_words(v) for v in row["verdicts"]]
    told = " / ".join(dict.fromkeys(verdicts)) if metric == "composite_loss" else ""
    values = (_gap(row[side], metric) for side in ("first", "second"))
    name = outcome_words(metric)
    return Row(tuple(words(c) for c in (short, name, *values, told)))


def _gap(data: Mapping[str, Any], metric: str) -> str:
    found = measured(data)
    if found.mcse is None or not is_measurable(found):
        return "–"
    return difference(found, "points" if metric == "p_war" else "count")
