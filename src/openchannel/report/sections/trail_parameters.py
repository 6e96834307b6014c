"""The parameters in the appendix: value, range and grade of each, with reasoning and sources."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from openchannel.domain import (
    Case,
    Discrete,
    Draw,
    LogNormal,
    LogUniform,
    Parameter,
    Pert,
    Uniform,
)
from openchannel.ensemble.design import quantile
from openchannel.report.grades import GRADE_WORDS, marker
from openchannel.report.model import Column, Row, Span, Table, Text, words
from openchannel.report.numbers import plain, share
from openchannel.report.wording import in_sentence, listed

__all__ = ["MODULES", "marker_words", "module_title", "parameter_marks", "parameter_tables"]

#: Groups of parameters in the order of the causal chain, with words for a heading.
MODULES: Mapping[str, str] = {
    "ties": "Ties and channels",
    "tension": "Tension and provocations",
    "crisis": "Crises",
    "nuclear": "Nuclear alarm, war and its losses",
    "bargaining": "Bargaining and agreements",
    "opportunities": "Openings and shocks",
    "downside": "Downsides of contact",
    "cost": "Costs",
    "rules": "Rules of adaptive policies",
    "beliefs": "Common factors of belief",
}
_MOST_VALUES = 12  # a law of more is a table of quantiles, not a choice


def module_title(module: str) -> str:
    """A group of parameters as a heading names it."""
    return MODULES.get(module, module.capitalize())


def parameter_marks(case: Case) -> dict[str, str]:
    """Anchor of each parameter to its short mark, numbered in the order of the appendix."""
    return {f"parameter-{p.key}": f"p{i}" for i, p in enumerate(_ordered(case), 1)}


def marker_words(case: Case) -> Text:
    """What the grades say, which parameters are settled, and what the codes of channels mean."""
    named = listed([f"{c.id} {in_sentence(c.name)}" for c in case.channels])
    channels = f"Channels: {named}." if named else ""
    said = ", ".join(f"{marker(g)} {g}: {w}" for g, w in GRADE_WORDS.items())
    return words(
        f"Markers: {said}. Ranges are meant to be wide enough that few informed critics would put "
        "the truth outside. A value is provisional until a second reader has taken it from the "
        f"source without seeing the first reading; {_settled(case)}. {channels}"
    )


def _settled(case: Case) -> str:
    """Which parameters two readers agree on."""
    settled = [in_sentence(p.label) for p in _ordered(case) if not p.provisional]
    return f"settled so far: {listed(settled)}" if settled else "none is settled so far"


def parameter_tables(case: Case) -> tuple[Table, ...]:
    """The parameters, a table a group."""
    ordered, marks = _ordered(case), parameter_marks(case)
    modules = dict.fromkeys(p.module for p in ordered)
    return tuple(
        Table(
            f"group-{module}",
            module_title(module),
            (
                Column(words("No."), 0.45),
                Column(words("Parameter"), 1.7),
                Column(words("Value and unit"), 1.6),
                Column(words("Range"), 1.3),
                Column(words("Grade"), 0.75),
                Column(words("Reasoning and sources"), 3.6),
            ),
            tuple(_parameter_row(p, marks) for p in ordered if p.module == module),
            compact=True,
        )
        for module in modules
    )


def _ordered(case: Case) -> list[Parameter]:
    order = list(MODULES)
    rank = {m: i for i, m in enumerate(order)}
    return sorted(
        case.parameters.values(), key=lambda p: (rank.get(p.module, len(order)), p.module, p.key)
    )


def _parameter_row(p: Parameter, marks: Mapping[str, str]) -> Row:
    why: list[Span] = [Span(p.reasoning or "No reasoning is given.")]
    for reference in p.references:
        place = f" ({reference.locator})" if reference.locator else ""
        why += [
            Span(" "),
            Span(reference.source, f"source-{reference.source}"),
            Span(f": {reference.reason}{place}."),
        ]
    return Row(
        (
            words(marks[f"parameter-{p.key}"]),
            (Span(p.label), Span(f" ({p.key})")),
            words(f"{_values(p)} {p.unit}"),
            words(_range(p)),
            words(f"{marker(p.grade)} {p.grade} {GRADE_WORDS[p.grade]}"),
            tuple(why),
        ),
        f"parameter-{p.key}",
    )


def _values(p: Parameter) -> str:
    if p.elements == ("",):
        return plain(p.values[0])
    if len(set(p.values)) == 1:
        return f"{plain(p.values[0])} each,"
    return ", ".join(f"{e}: {plain(v)}" for e, v in zip(p.elements, p.values, strict=True)) + ";"


def _range(p: Parameter) -> str:
    if not p.draws:
        return "not varied"
    return "; ".join(_draw(d, len(p.draws) > 1) for d in p.draws)


def _draw(draw: Draw, is_one_of_many: bool) -> str:
    which = f"{', '.join(draw.elements)}: " if is_one_of_many else ""
    if draw.how == "dirichlet":
        return f"{which}shares around the value, concentration {plain(draw.concentration)}"
    how = {"times": "times ", "plus": "plus ", "value": ""}[draw.how]
    return f"{which}{how}{_law(draw)}"


def _law(draw: Draw) -> str:
    match draw.law:
        case Pert(low, mode, high):
            return f"{plain(low)} to {plain(high)}, most likely {plain(mode)}"
        case Uniform(low, high) if low == high:
            return f"held at {plain(low)}"
        case Uniform(low, high):
            return f"{plain(low)} to {plain(high)}, even"
        case LogUniform(low, high):
            return f"{plain(low)} to {plain(high)}, even in the logarithm"
        case LogNormal(median, sigma):
            return f"log-normal, median {plain(median)}, spread {plain(sigma)}"
        case Discrete(values, _) if len(values) > _MOST_VALUES:
            low, middle, high = quantile(draw.law, np.array([0.05, 0.5, 0.95])).tolist()
            return f"{plain(low)} to {plain(high)} (5 to 95 %), middle {plain(middle)}"
        case Discrete(values, weights):
            pairs = zip(values, weights, strict=True)
            return ", ".join(f"{plain(v)} ({share(w)})" for v, w in pairs)
    return "not varied"
