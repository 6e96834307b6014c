"""The fields of a file of one's own beliefs, and an example of each."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from openchannel.casefile.forms.base import Element, Form, Id, Text

__all__ = ["BeliefForm", "OwnForm", "StatementForm"]

_NUMBER = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
_SPREAD = re.compile(rf"\s*({_NUMBER})\s+to\s+({_NUMBER})\s*")
_CHANGES = frozenset({"of", "set", "times", "plus"})
_SAID = "a number, `lo to hi` (90 % sure), or `{quantiles: {0.1: x, 0.5: y, 0.9: z}}`"


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _statement(given: Any) -> Any:
    """The short ways of saying a belief, in the long form."""
    if _is_number(given):
        return {"at": given}
    if isinstance(given, str) and (found := _SPREAD.fullmatch(given)):
        return {"low": float(found[1]), "high": float(found[2])}
    return given


def _beliefs(given: Any) -> Any:
    return [_belief(each) for each in given] if isinstance(given, list) else [_belief(given)]


def _belief(given: Any) -> Any:
    """A statement alone sets the parameter."""
    if isinstance(given, dict) and (_CHANGES & set(given) or "quantiles" not in given):
        return given
    return {"set": given}


class StatementForm(Form):
    """One number held, a range, or quantiles."""

    at: float | None = None
    low: float | None = None
    high: float | None = None
    quantiles: dict[str, float] | None = Field(
        default=None,
        min_length=2,
        description="a mapping from probability to number, at least two",
        examples=[{"0.1": 0.05, "0.5": 0.2, "0.9": 0.6}],
    )


Statement = Annotated[
    StatementForm | None,
    BeforeValidator(_statement, json_schema_input_type=float | str | StatementForm),
    Field(default=None, description=_SAID, examples=["0.1 to 0.4"]),
]


class BeliefForm(Form):
    """A belief about a parameter, or about some of its elements."""

    of: list[Element] = Field(
        default_factory=list,
        description="a list of elements of the parameter; left out for all",
        examples=[["UNC"]],
    )
    set: Statement
    times: Statement
    plus: Statement


_Given = float | str | StatementForm | BeliefForm | list[BeliefForm]
Beliefs = Annotated[
    list[BeliefForm],
    BeforeValidator(_beliefs, json_schema_input_type=_Given),
    Field(
        min_length=1,
        description=f"{_SAID}; or `{{of: [ELEMENT], set: ...}}`, with `times` or `plus` for `set`",
        examples=["0.1 to 0.4"],
    ),
]


class OwnForm(Form):
    """One's own beliefs; what is not named stays as the case has it."""

    title: Text = "Own beliefs"
    note: str = Field(default="", description="a text: whose beliefs, and why")
    case: Id | None = Field(default=None, description="the id of the case that they are about")
    beliefs: dict[str, Beliefs] = Field(
        default_factory=dict,
        description="a mapping from parameter key to a belief",
        examples=[{"gamma_D": "0.1 to 0.4"}],
    )
    modules: dict[str, Text] = Field(
        default_factory=dict,
        description="a mapping from module to the id of a world",
        examples=[{"crisis": "W2"}],
    )
