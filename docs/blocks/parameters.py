"""The parameters of a case: values, ranges, grades, and where each number comes from."""

from __future__ import annotations

from docs.blocks.markdown import line, sentences, source_link, table

from openchannel.domain import (
    Case,
    Discrete,
    Draw,
    Law,
    LogNormal,
    LogUniform,
    Parameter,
    Pert,
    Uniform,
)
from openchannel.report.grades import GRADE_WORDS, marker
from openchannel.report.sections.trail_parameters import MODULES

__all__ = ["grades", "parameters"]


def parameters(case: Case) -> str:
    """Every parameter: a table a module, then each with its sources and reasoning."""
    parts = []
    for module, title in MODULES.items():
        members = sorted(
            (p for p in case.parameters.values() if p.module == module), key=lambda p: p.key.lower()
        )
        rows = (
            (f"[`{p.key}`](#{p.key})", p.label, _value(p), _range(p), p.unit, _marks(p))
            for p in members
        )
        head = ("key", "meaning", "value", "range", "unit", "grade and marks")
        parts.append(f"## {title}\n\n{table(head, rows)}")
        parts += [_parameter(p) for p in members]
    return "\n\n".join(parts)


def _parameter(parameter: Parameter) -> str:
    cited = [
        f"- {source_link(r.source)}{f', {r.locator}' if r.locator else ''}: {line(r.reason)}."
        for r in parameter.references
    ]
    words = [
        f'<a id="{parameter.key}"></a>',
        f"### `{parameter.key}`",
        "",
        parameter.label + ".",
        "",
    ]
    if parameter.reasoning:
        words += [sentences(parameter.reasoning), ""]
    return "\n".join([*words, *cited]).rstrip()


def grades(case: Case) -> str:
    """How many parameters have each grade."""
    every = list(case.parameters.values())
    rows = [
        (
            f"{marker(grade)} {grade}",
            str(sum(p.grade == grade for p in every)),
            str(sum(p.grade == grade and p.tie_effect is not None for p in every)),
            str(sum(p.grade == grade and not p.provisional for p in every)),
        )
        for grade in GRADE_WORDS
    ]
    rows.append(
        (
            "all",
            str(len(every)),
            str(sum(p.tie_effect is not None for p in every)),
            str(sum(not p.provisional for p in every)),
        )
    )
    return table(
        ("grade", "parameters", "of them effects of ties", "settled by a second reader"), rows
    )


def _value(parameter: Parameter) -> str:
    if not parameter.index:
        return f"{parameter.value:g}"
    pairs = zip(parameter.elements, parameter.values, strict=True)
    return ", ".join(f"{element}: {value:g}" for element, value in pairs)


def _range(parameter: Parameter) -> str:
    return "; ".join(_draw(parameter, d) for d in parameter.draws) or "not varied"


def _draw(parameter: Parameter, draw: Draw) -> str:
    if draw.how == "dirichlet" or draw.law is None:
        return f"Dirichlet, concentration {draw.concentration:g}"
    sign = {"value": "", "times": "× ", "plus": "+ "}[draw.how]
    some = "" if draw.elements == parameter.elements else f" ({', '.join(draw.elements)})"
    return f"{sign}{_law(draw.law)}{some}"


def _law(law: Law) -> str:
    match law:
        case Pert(low, mode, high):
            return f"PERT({low:g}, {mode:g}, {high:g})"
        case Uniform(low, high):
            return f"uniform({low:g}, {high:g})"
        case LogUniform(low, high):
            return f"log-uniform({low:g}, {high:g})"
        case LogNormal(median, sigma):
            return f"log-normal(median {median:g}, log-sd {sigma:g})"
        case Discrete(values, weights):
            pairs = (f"{v:g} ({w:g})" for v, w in zip(values, weights, strict=True))
            return "one of " + ", ".join(pairs)


def _marks(parameter: Parameter) -> str:
    marks = [f"{marker(parameter.grade)} {parameter.grade}"]
    if parameter.tie_effect is not None:
        marks.append(f"tie effect, null {parameter.tie_effect.null:g}")
    if parameter.risk_factor:
        marks.append("scales with base risk")
    if not parameter.provisional:
        marks.append("settled")
    return "; ".join(marks)
