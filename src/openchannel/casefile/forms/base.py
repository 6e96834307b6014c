"""What all forms share: strictness, and the small types their fields are made of."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

__all__ = ["Amount", "Element", "Form", "Id", "Number", "Share", "Sources", "Text", "as_list"]


class Form(BaseModel):
    """No field but those named, no conversion of one type into another."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def as_list(given: Any) -> Any:
    """A list of one where the short form, a single mapping, is written."""
    return [given] if isinstance(given, dict) else given


def _element(given: Any) -> Any:
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


Number = float
Text = Annotated[
    str,
    StringConstraints(pattern=r"\S"),
    Field(description="a text; in quotes where YAML would read a number or a truth value"),
]
Id = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$"),
    Field(description="an id: a letter, then letters, digits, hyphens or underscores"),
]
Share = Annotated[float, Field(ge=0, le=1, description="a number from 0 to 1")]
Amount = Annotated[float, Field(ge=0, description="a number, 0 or more")]
Element = Annotated[
    str,
    BeforeValidator(_element, json_schema_input_type=int | str),
    Field(description="an element of the index: a channel id, a number or a word"),
]
Sources = Annotated[
    list[Text],
    Field(description="a list of keys of sources.bib, such as `[S26]`", examples=[["S26"]]),
]
