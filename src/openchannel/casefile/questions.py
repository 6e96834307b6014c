"""Collection questions of a case: what could be observed, and which beliefs it would inform."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from openchannel.casefile.document import Document, read_document
from openchannel.casefile.forms.base import Form, Id, Text
from openchannel.casefile.layers import find_layers
from openchannel.casefile.wording import fill_in
from openchannel.casefile.words import nearest
from openchannel.domain import Collection
from openchannel.errors import Problem, UserError

__all__ = ["QUESTIONS", "QuestionForm", "load_questions"]

#: Name of the file in a case folder.
QUESTIONS = "questions.yaml"
_SIZE = {"counted": "exposure", "succeeded": "trials", "measured": "error"}


class QuestionForm(Form):
    """Something that could be observed; one of `exposure`, `trials` and `error` goes with `how`."""

    id: Id
    title: Text
    how: Literal["counted", "succeeded", "measured"]
    of: Annotated[
        list[Text],
        Field(min_length=1, description="a list of drawn quantities, such as `[psi, rho_times]`"),
    ]
    times: Annotated[float, Field(gt=0, description="a number above 0")] = 1.0
    exposure: Annotated[float | None, Field(gt=0, description="a length of time, above 0")] = None
    trials: Annotated[int | None, Field(gt=0, description="a whole number above 0")] = None
    error: Annotated[float | None, Field(gt=0, description="a standard error, above 0")] = None
    grade: Literal["A", "B", "C"] = "C"
    reasoning: Text


def load_questions(case: str | Path, quantities: Sequence[str]) -> tuple[Collection, ...]:
    """The questions of a case or of a case it extends; none where there is no such file.

    Parameters
    ----------
    quantities : names of the drawn quantities; questions about others are a problem

    Raises
    ------
    UserError
        With every problem of the file.
    """
    problems: list[Problem] = []
    files = [layer.file(QUESTIONS) for layer in find_layers(case, problems)]
    found = next((f for f in files if f.path.exists()), None)
    document = read_document(found, problems) if found and not problems else None
    forms = fill_in(list[QuestionForm], document, problems) if document else None
    made = [_question(i, f, document, quantities, problems) for i, f in enumerate(forms or ())
            if document]  # fmt: skip
    if problems:
        raise UserError(problems)
    return tuple(q for q in made if q is not None)


def _question(
    i: int,
    form: QuestionForm,
    document: Document,
    quantities: Sequence[str],
    problems: list[Problem],
) -> Collection | None:
    wanted = _SIZE[form.how]
    size = getattr(form, wanted)
    others = [n for n in _SIZE.values() if n != wanted and getattr(form, n) is not None]
    if size is None or others:
        problems.append(
            document.problem(
                [i, "how"],
                f"`{form.how}` goes with `{wanted}` and with nothing else",
                "counted with exposure, succeeded with trials, measured with error",
                f"write `{wanted}: ...`" + (f" and take out {', '.join(others)}" if others else ""),
            )
        )
    unknown = [(j, name) for j, name in enumerate(form.of) if name not in quantities]
    problems += [
        document.problem(
            [i, "of", j],
            f"`{name}` is no drawn quantity of the case",
            "a belief.NAME column of draws.parquet, without `belief.`",
            f"write {nearest(name, quantities)[0]}" if quantities else "give it a range",
        )
        for j, name in unknown
    ]
    if size is None or others or unknown:
        return None
    return Collection(
        form.id,
        form.title.strip(),
        form.how,
        tuple(form.of),
        form.times,
        float(size),
        form.reasoning.strip(),
        form.grade,
    )
