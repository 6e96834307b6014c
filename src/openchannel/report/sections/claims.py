"""The ledger claim by claim: the waterfall from all off to all on, and what it lets one say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openchannel.domain import Case
from openchannel.report.model import Block, Figure, Paragraph, words
from openchannel.report.numbers import is_measurable, measured
from openchannel.report.sections.steps import Step, Steps, outcome_words, with_unit
from openchannel.report.wording import baseline_words, count_words, in_sentence, listed

__all__ = ["claims_blocks"]

_MOST_NAMED = 3
_CHANCE = 20  # one share in so many looks measurable where there is nothing


def claims_blocks(case: Case, table: Mapping[str, Any]) -> Iterator[Block]:
    """What each claim adds to the chance of war and to the expected loss, from `ledger.json`."""
    yield Paragraph(words(_how(case, table)))
    for metric in table["waterfall"]:
        yield _figure(case, table, metric)
        yield Paragraph(words(_said(table, metric)))
    yield Paragraph(words(_limits(table)), "note")


def _how(case: Case, table: Mapping[str, Any]) -> str:
    policy = in_sentence(case.policy(table["policy"]).title)
    base = baseline_words(case.policy(table["baseline"]))
    own = table["own"]
    whose = f"the beliefs of “{own['title']}”" if own else "the default beliefs"
    return (
        f"Each claim was switched on alone, as the last one, and in {table['orders']:,} orders "
        f"between, under {whose}: exact runs on the same luck, {table['futures']:,} futures of "
        "each policy for each set of claims. Shown is what it adds to the difference between "
        f"{policy} and {base}. The average over orders (Shapley) adds up from all off to all on; "
        "where circle and diamond part, what a claim adds depends on which others are believed."
    )


def _figure(case: Case, table: Mapping[str, Any], metric: str) -> Figure:
    fall = table["waterfall"][metric]
    shares = [_step(table, claim, metric) for claim in fall["steps"]]
    falling = [s for s in shares if (s.share.mean or 0.0) < 0]
    n_rest = sum(metric in c for c in table["claims"].values()) - len(shares)
    rest = [Step(f"The {n_rest} others together", "same", measured(fall["rest"]))] if n_rest else []
    steps = Steps(
        f"figure-claims-{metric.replace('_', '-')}",
        metric,
        ("All claims off", measured(fall["all_off"])),
        ("All claims on", measured(fall["all_on"])),
        [*falling, *rest, *shares[len(falling) :]],
        "Claim switched on",
    )
    policy = in_sentence(case.policy(table["policy"]).short)
    return steps.figure(
        f"From all claims off to all claims on: change in the {outcome_words(metric)} under "
        f"{policy}. Blue: benefits, vermilion: risks, grey: levels and what cannot be told from "
        "nothing. Lines are two standard errors of a step."
    )


def _step(table: Mapping[str, Any], claim: str, metric: str) -> Step:
    told = table["claims"][claim]
    found = told[metric]
    return Step(
        f"{claim} {told['claim']}",
        "good" if told["kind"] == "benefit" else "bad",
        measured(found["shapley"]),
        measured(found["first"]),
        measured(found["last"]),
        depends_on_order=found["depends_on_order"],
    )


def _said(table: Mapping[str, Any], metric: str) -> str:
    """The largest shares each way, and the claims whose order matters most."""
    fall = table["waterfall"][metric]

    def named(claims: list[str]) -> str:
        told = [
            f"{c} ({with_unit(measured(table['claims'][c][metric]['shapley']), metric)})"
            for c in claims[:_MOST_NAMED]
        ]
        return listed(told) or "no claim"

    shares = {c: table["claims"][c][metric]["shapley"]["mean"] for c in fall["steps"]}
    falls = [c for c in fall["steps"] if shares[c] < 0]
    rises = [c for c in reversed(fall["steps"]) if shares[c] > 0]
    text = (
        f"What lowers the {outcome_words(metric)} most: {named(falls)}. What raises it most: "
        f"{named(rises)}."
    )
    parted = [c for c in fall["steps"] if table["claims"][c][metric]["depends_on_order"]]
    alone = [c for c in parted if not is_measurable(measured(table["claims"][c][metric]["first"]))]
    if parted:
        text += f" The order matters measurably for {listed(parted)}"
        text += f"; alone, {listed(alone)} would add nothing measurable." if alone else "."
    return text


def _limits(table: Mapping[str, Any]) -> str:
    claims = table["claims"]
    idle = [c for c, told in claims.items() if told["idle"]]
    absent = [c for c, told in claims.items() if not told["modelled"]]
    n = len(claims) - len(absent)
    text = (
        f"{count_words(n).capitalize()} claims can be switched; by chance alone about one in "
        f"{count_words(_CHANCE)} would seem measurable."
    )
    if idle:
        text += f" No future at all is changed by {listed(idle)} under these beliefs."
    if absent:
        text += f" The model has no switch for {listed(absent)}."
    return text
