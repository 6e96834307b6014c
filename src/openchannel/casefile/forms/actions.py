"""Forms of policies and overlays: cadences, levers, rules, and the case for and against."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from openchannel.casefile.forms.base import Amount, Form, Id, Share, Sources, Text

__all__ = [
    "ExitForm",
    "LeversForm",
    "OnDemandForm",
    "OverlayForm",
    "PolicyForm",
    "RulesForm",
    "ScaleUpForm",
    "TriggerForm",
]

Cadence = Annotated[
    float, Field(ge=0, le=8760, description="contacts a year, from 0 to 8760 (one an hour)")
]


class LeversForm(Form):
    """What a government sets."""

    suspend_at_severity: Literal[4, 5, "none"] = Field(
        description="4, 5 or none", examples=["none"]
    )
    suspend_weeks: Amount
    persist: Share
    inst: Share
    offer: Share
    irritant: Share
    neg: Share
    exlev: float = Field(ge=0, le=1.5, description="a number from 0 to 1.5", examples=[1.0])
    consult: Share
    eow: bool = Field(description="true or false", examples=[False])
    info_musd_per_year: Amount
    rights: bool = Field(description="true or false", examples=[False])
    fixed_musd_per_year: Amount
    travel_ban: bool = Field(description="true or false", examples=[True])


class OnDemandForm(Form):
    to: Text = Field(description="the id of a policy", examples=["P7"])
    lapses: bool = Field(default=False, description="true or false", examples=[False])


class ScaleUpForm(Form):
    to: Text = Field(description="the id of a policy", examples=["P7"])


class ExitForm(Form):
    after_failed_reviews: bool = Field(default=False, description="true or false", examples=[True])
    after_deception: bool = Field(default=False, description="true or false", examples=[True])


class TriggerForm(Form):
    at: Literal["week", "review"] = Field(
        default="week", description="week or review", examples=["review"]
    )
    when: Text = Field(
        description="comparisons and events joined by `and`",
        examples=["reliability_24h >= 0.15 and thickness >= up_K"],
    )
    then: Text = Field(
        description="`become ID`, `step back`, `leave`, `suspend N weeks`, `surge N weeks`, "
        "`bargain more N weeks` or `bargain less N weeks`",
        examples=["become P7"],
    )


class RulesForm(Form):
    """Adaptive rules; each is off unless written."""

    on_demand: OnDemandForm | None = Field(
        default=None, description="`{to: ID, lapses: false}`", examples=[{"to": "P7"}]
    )
    scale_up: ScaleUpForm | None = Field(
        default=None, description="`{to: ID}`", examples=[{"to": "P7"}]
    )
    exit: ExitForm | None = Field(
        default=None,
        description="`{after_failed_reviews: true, after_deception: true}`",
        examples=[{"after_deception": True}],
    )
    crisis_surge: bool = Field(default=False, description="true or false", examples=[True])
    belief: bool = Field(default=False, description="true or false", examples=[True])
    triggers: list[TriggerForm] = Field(
        default_factory=list,
        max_length=8,
        description="a list of at most 8 triggers",
        examples=[[{"when": "rung >= 3", "then": "leave"}]],
    )
    lapses: bool = Field(
        default=True,
        description="false where the policy cannot lapse before a trigger makes it another",
        examples=[True],
    )


class PolicyForm(Form):
    id: Id
    title: Text
    short: Text = Field(
        max_length=28, description="a text of at most 28 characters", examples=["Full engagement"]
    )
    summary: Text
    cadence: dict[str, Cadence] = Field(
        description="a mapping from channel id to contacts a year", examples=[{"SUM": 0.15}]
    )
    levers: LeversForm
    rules: RulesForm = Field(
        default_factory=RulesForm, description="a mapping of rules, or `{}`", examples=[{}]
    )
    case_for: str = Field(default="", description="a text")
    case_against: str = Field(default="", description="a text")
    risks: list[Text] = Field(
        default_factory=list, description="a list of ledger ids or texts", examples=[["R1", "R7"]]
    )
    sources: Sources = Field(default_factory=list)
    variant: bool = Field(default=False, description="true or false", examples=[True])


class OverlayForm(Form):
    """A change to the design of several policies at once."""

    id: Id
    title: Text
    argument: Text
    applies_to: list[Text] = Field(
        min_length=1, description="a list of policy ids", examples=[["P3", "P4"]]
    )
    offer_plus: float = Field(
        default=0.0, ge=-1, le=1, description="a number from -1 to 1", examples=[0.1]
    )
    conc_exempt: bool = Field(default=False, description="true or false", examples=[True])
    suspension_exempt: list[Text] = Field(
        default_factory=list, description="a list of channel ids", examples=[["T15", "HUM"]]
    )
    sources: Sources = Field(default_factory=list)
