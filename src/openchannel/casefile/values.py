"""Stakeholders' weights: a file of value sets, beside a case or the one that comes with us."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from openchannel.casefile.document import CaseFile, Document, read_document
from openchannel.casefile.forms.base import Amount, Form, Id, Text
from openchannel.casefile.layers import CASES, find_layers
from openchannel.casefile.wording import fill_in
from openchannel.casefile.words import nearest
from openchannel.domain import ValueSet
from openchannel.errors import Problem, UserError

__all__ = ["VALUES", "ValueSetForm", "load_values"]

#: Name of the file in a case folder.
VALUES = "values.yaml"


class ValueSetForm(Form):
    """What one kind of stakeholder wants, as weights on outcomes."""

    id: Id
    title: Text
    grade: Literal["A", "B", "C"] = "C"
    reasoning: Text
    weights: Annotated[
        dict[str, Amount],
        Field(
            min_length=1,
            description="a mapping from metric to a weight, 0 or more; they are scaled to sum to 1",
            examples=[{"fatalities": 0.8, "p_nuclear_use": 0.2}],
        ),
    ]


def load_values(case: str | Path, metrics: tuple[str, ...]) -> tuple[ValueSet, ...]:
    """The value sets of a case: its own file, that of a case it extends, or the package's.

    Parameters
    ----------
    metrics : ids that a weight may be given to

    Raises
    ------
    UserError
        With every problem of the file.
    """
    problems: list[Problem] = []
    file = _file(case, problems)
    document = None if problems else read_document(file, problems)
    forms = fill_in(list[ValueSetForm], document, problems) if document else None
    sets = tuple(_sets(forms, document, metrics, problems)) if document and forms else ()
    if problems:
        raise UserError(problems)
    return sets


def _file(case: str | Path, problems: list[Problem]) -> CaseFile:
    for layer in find_layers(case, problems):
        found = layer.file(VALUES)
        if found.path.exists():
            return found
    return CaseFile(CASES / VALUES, f"openchannel/cases/{VALUES}", VALUES, "openchannel")


def _sets(
    forms: list[ValueSetForm],
    document: Document,
    metrics: tuple[str, ...],
    problems: list[Problem],
) -> list[ValueSet]:
    made: list[ValueSet] = []
    for i, form in enumerate(forms):
        if form.id in {s.id for s in made}:
            problems.append(
                document.problem(
                    [i, "id"],
                    f"`{form.id}` names a second set",
                    "each id once",
                    "give this set another id",
                )
            )
        problems += [
            document.problem(
                [i, "weights", metric],
                f"`{metric}` is no metric",
                "the metrics of docs/reference/metrics.md",
                f"write {nearest(metric, metrics)[0]}, or take it out",
                key=True,
            )
            for metric in form.weights
            if metric not in metrics
        ]
        total = sum(form.weights.values())
        if total <= 0:
            problems.append(
                document.problem(
                    [i, "weights"],
                    "all weights are 0",
                    "at least one above 0",
                    "give what matters a weight",
                )
            )
            continue
        made.append(
            ValueSet(
                form.id,
                form.title.strip(),
                form.reasoning.strip(),
                form.grade,
                {m: w / total for m, w in form.weights.items()},
            )
        )
    return made
