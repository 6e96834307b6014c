"""Forms of the signs: which rows of the record are one, and how likely it is under each belief."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from openchannel.casefile.forms.base import Form, Id, Sources, Text

__all__ = [
    "CountedForm",
    "JudgedForm",
    "LikelihoodForm",
    "ModelledForm",
    "RowsForm",
    "SignForm",
    "SucceededForm",
]


def _values(given: Any) -> Any:
    """One value is a list of one; numbers are compared as they are written."""
    listed = given if isinstance(given, list) else [given]
    return [str(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in listed]


Values = Annotated[
    list[Text],
    BeforeValidator(_values, json_schema_input_type=int | str | list[int | str]),
    Field(min_length=1, description="a value of the column, or a list of values"),
]
Where = Annotated[
    dict[str, Values],
    Field(
        description="a mapping from column to the values that count",
        examples=[{"severity": [4, 5]}],
    ),
]
Recorded = Annotated[
    float,
    Field(gt=0, le=5, description="rows of the record for each such event, above 0 and at most 5"),
]
Chance = Annotated[float, Field(gt=0, lt=1, description="a chance, above 0 and below 1")]
Pair = Annotated[list[Chance], Field(min_length=2, max_length=2)]


class RowsForm(Form):
    """Rows of the record that are the sign."""

    table: Text = Field(description="a table of the record", examples=["provocations"])
    where: Where = Field(default_factory=dict)
    among: Where = Field(default_factory=dict)


class ModelledForm(Form):
    """A count of the model's own futures."""

    what: Text = Field(description="a count of the model", examples=["provocations"])
    under: str = Field(default="", description="the id of a policy; the status quo unless said")
    recorded: Recorded = 1.0


class CountedForm(Form):
    """A Poisson count."""

    rate: Text = Field(description="a formula, a year", examples=["lam_leth"])
    recorded: Recorded = 1.0


class SucceededForm(Form):
    """A binomial count."""

    chance: Text = Field(description="a formula, 0 to 1", examples=["rho.NYC * psi0"])
    trials: Annotated[int, Field(gt=0, description="a whole number: trials that a year may bring")]


class JudgedForm(Form):
    """A chance that is judged at two values of a belief."""

    belief: Text = Field(description="a drawn quantity", examples=["f_F"])
    at: Annotated[
        list[float],
        Field(min_length=2, max_length=2, description="`[low, high]`: two values of the belief"),
    ]
    chance: Pair = Field(description="`[at low, at high]`: chances of at least one row")
    weeks: Annotated[int, Field(gt=0, description="a whole number of weeks")] = 52


class LikelihoodForm(Form):
    """One of four ways to say how likely the sign is."""

    modelled: ModelledForm | None = None
    counted: CountedForm | None = None
    succeeded: SucceededForm | None = None
    judged: JudgedForm | None = None


class SignForm(Form):
    """A sign: where the record shows it, and how likely it is under each belief."""

    id: Id
    title: Text
    rows: RowsForm | None = Field(
        default=None, description="a mapping with table, where and among; none for a supposed sign"
    )
    likelihood: LikelihoodForm = Field(
        description="one of modelled, counted, succeeded and judged",
        examples=[{"modelled": {"what": "provocations"}}],
    )
    grade: Literal["A", "B", "C"] = Field(default="C", description="A, B or C; C is assumed")
    reasoning: Text
    sources: Sources = Field(default_factory=list)
