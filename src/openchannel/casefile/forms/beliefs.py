"""Forms of parameters, worlds and propositions: the numbers, and who would set them otherwise."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from openchannel.casefile.forms.base import Element, Form, Id, Share, Sources, Text, as_list
from openchannel.casefile.forms.laws import RangeForm

__all__ = [
    "ALL",
    "OverrideForm",
    "ParameterForm",
    "PropositionForm",
    "ReferenceForm",
    "TieEffectForm",
    "WorldForm",
]

#: Stands for every element where `true` is written.
ALL = "*"


def _numbers(given: Any) -> Any:
    """A single number is the value of the one element without a name."""
    return given if isinstance(given, dict) else {"": given}


def _elements(given: Any) -> Any:
    return {True: [ALL], False: []}[given] if isinstance(given, bool) else given


def _overrides(given: Any) -> Any:
    """A number sets the parameter; a mapping is one change, a list several."""
    return [_override(each) for each in given] if isinstance(given, list) else [_override(given)]


def _override(given: Any) -> Any:
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    return {"set": given} if is_number else given


class ReferenceForm(Form):
    source: Text = Field(description="a key of sources.bib", examples=["S31"])
    reason: Text
    locator: str = Field(
        default="", description="a text: page, table or paragraph", examples=["p. 12"]
    )


class TieEffectForm(Form):
    null: float = Field(description="the value at which contact has no effect", examples=[0])
    sign: Literal[-1, 0, 1] = Field(description="1, 0 or -1", examples=[1])


class ParameterForm(Form):
    label: Text
    unit: Text = Field(description="a text; `share`, `per year`", examples=["share"])
    value: Annotated[
        dict[str, float],
        BeforeValidator(_numbers, json_schema_input_type=float | dict[str, float]),
        Field(
            min_length=1,
            description="a number; with `index`, a mapping from element to number",
            examples=[0.3],
        ),
    ]
    bounds: list[float | None] = Field(
        min_length=2,
        max_length=2,
        description="`[low, high]`; null where there is no bound",
        examples=[[0, 1]],
    )
    range: Annotated[
        list[RangeForm],
        BeforeValidator(as_list, json_schema_input_type=RangeForm | list[RangeForm]),
        Field(
            default_factory=list,
            description="a mapping with one law, or a list of such mappings",
            examples=[{"pert": [0, 0.8]}],
        ),
    ]
    grade: Literal["A", "B", "C"] = Field(description="A, B or C", examples=["C"])
    index: Literal["channel", "receptivity", "severity", "rung", "shock"] | None = Field(
        default=None, description="channel, receptivity, severity, rung or shock", examples=["rung"]
    )
    tie_effect: TieEffectForm | None = Field(
        default=None, description="`{null: 0, sign: 1}`", examples=[{"null": 0, "sign": 1}]
    )
    risk_factor: Annotated[
        list[Element],
        BeforeValidator(_elements, json_schema_input_type=bool | list[int | str]),
        Field(
            default_factory=list,
            description="true for all elements, or a list of elements",
            examples=[True],
        ),
    ]
    references: list[ReferenceForm] = Field(
        default_factory=list,
        description="a list of `{source: KEY, reason: ..., locator: ...}`",
        examples=[[{"source": "S31", "reason": "..."}]],
    )
    reasoning: str = Field(default="", description="a text: from the source to the number")
    provisional: bool = Field(default=True, description="true or false", examples=[True])


class OverrideForm(Form):
    """A change of one parameter: `set` or `times`, for all elements or those of `of`."""

    of: list[Element] = Field(
        default_factory=list, description="a list of elements of the parameter", examples=[["UNC"]]
    )
    set: float | None = Field(default=None, description="a number", examples=[0.1])
    times: float | None = Field(default=None, description="a number", examples=[0.5])


Overrides = Annotated[
    list[OverrideForm],
    BeforeValidator(
        _overrides, json_schema_input_type=float | OverrideForm | list[float | OverrideForm]
    ),
    Field(
        min_length=1,
        description="a number, `{times: x}`, or `{of: [ELEMENT], set: x}`",
        examples=[0.1],
    ),
]


class WorldForm(Form):
    id: Id
    title: Text
    argument: Text
    weight: Share
    overrides: dict[str, Overrides] = Field(
        default_factory=dict,
        description="a mapping from parameter key to its change",
        examples=[{"gamma_D": -0.05}],
    )
    null_tie_effects: bool = Field(default=False, description="true or false", examples=[True])
    sources: Sources = Field(default_factory=list)


class PropositionForm(Form):
    id: Id
    kind: Literal["benefit", "risk"] = Field(description="benefit or risk", examples=["benefit"])
    claim: Text
    argument: str = Field(default="", description="a text")
    mechanism: Text
    metrics: list[Text] = Field(
        default_factory=list, description="a list of metric ids", examples=[["crises", "p_war"]]
    )
    size_evidence: Text = Field(description="a text; a grade or a few words", examples=["C"])
    off: dict[str, Overrides] = Field(
        default_factory=dict,
        description="a mapping from parameter key to its change",
        examples=[{"e_f": 0}],
    )
    switch_note: str = Field(default="", description="a text")
    sources: Sources = Field(default_factory=list)
