"""Form of `case.yaml`: who, which channels, when, and which policies play which part."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from openchannel.casefile.forms.base import Form, Id, Text

__all__ = [
    "ActorForm",
    "ActorsForm",
    "CalendarForm",
    "CaseForm",
    "ChannelForm",
    "CountedFromForm",
    "InaugurationsForm",
]

Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class ActorForm(Form):
    name: Text
    short: str = Field(default="", description="a text", examples=["US"])
    adjective: str = Field(default="", description="a text", examples=["American"])


class ActorsForm(Form):
    us: ActorForm = Field(
        description="the side whose policy is assessed", examples=[{"name": "United States"}]
    )
    them: ActorForm = Field(description="the other side", examples=[{"name": "North Korea"}])


class ChannelForm(Form):
    slot: int = Field(
        ge=0,
        le=63,
        description="a whole number from 0 to 63, its own for each channel, never changed",
        examples=[0],
    )
    name: Text
    us_office: str = Field(default="", description="a text")
    them_office: str = Field(default="", description="a text")
    note: str = Field(default="", description="a text")


class InaugurationsForm(Form):
    """Either `weeks`, or `every_years` with `first`."""

    weeks: list[int] | None = Field(
        default=None, description="a list of whole weeks from 0, in order", examples=[[106, 315]]
    )
    every_years: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="a whole number of years from 1 to 100",
        examples=[4],
    )
    first: Date | None = Field(
        default=None, description="a date as year-month-day, in quotes", examples=["2029-01-20"]
    )


class CalendarForm(Form):
    start: Date = Field(
        description="a date as year-month-day, in quotes, from 1900 to 2199",
        examples=["2027-01-04"],
    )
    horizon_weeks: int = Field(
        ge=52, le=1560, description="a whole number of weeks from 52 to 1560", examples=[520]
    )
    inaugurations: InaugurationsForm = Field(
        description='`{every_years: 4, first: "2029-01-20"}` or `{weeks: [106, 315]}`',
        examples=[{"every_years": 4, "first": "2029-01-20"}],
    )
    exercise_weeks_of_year: list[
        Annotated[int, Field(ge=0, le=51, description="a whole number from 0 to 51")]
    ] = Field(
        default_factory=list,
        description="a list of weeks of the year from 0 to 51, in order",
        examples=[[10, 11, 12]],
    )


class CountedFromForm(Form):
    """First days of tables of the record; a table that is left out counts from its first row."""

    provocations: Date | None = Field(
        default=None, description="a date as year-month-day, in quotes", examples=["1984-01-02"]
    )
    crises: Date | None = Field(
        default=None, description="a date as year-month-day, in quotes", examples=["1984-01-02"]
    )
    contacts: Date | None = Field(
        default=None, description="a date as year-month-day, in quotes", examples=["1988-01-04"]
    )


class CaseForm(Form):
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$")] = Field(
        description="letters, digits and hyphens; the name of the folder", examples=["korea"]
    )
    title: Text
    question: Text
    extends: Text | None = Field(
        default=None,
        description="a built-in case, or the path of another case folder",
        examples=["korea"],
    )
    actors: ActorsForm
    channels: dict[Id, ChannelForm] = Field(
        min_length=1,
        description="a mapping from channel id to its fields",
        examples=[{"SUM": {"slot": 0, "name": "Leader to leader"}}],
    )
    calendar: CalendarForm
    baseline: Text = Field(description="the id of a policy", examples=["P0"])
    status_quo: Text = Field(description="the id of a policy", examples=["P0"])
    focal: Text = Field(description="the id of a policy", examples=["P7"])
    isolation: Text = Field(description="the id of a policy", examples=["P1"])
    weights: dict[str, float] = Field(
        description="a mapping from metric id to a number", examples=[{"fatalities": 1.0}]
    )
    counted_from: CountedFromForm = Field(
        default_factory=CountedFromForm,
        description="the day from which each table of the record is complete enough to be counted",
        examples=[{"provocations": "1984-01-02"}],
    )
    limits: list[Text] = Field(
        default_factory=list, description="a list of texts, one sentence each"
    )
