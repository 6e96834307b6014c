"""A case: who, which channels, which policies, which beliefs, each with its source.

Frozen values, standard library only. `casefile` makes them from text, `model` packs them for the
kernel; nothing here reads a file or draws a number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from openchannel.domain.laws import Law

__all__ = [
    "Actor",
    "Calendar",
    "Case",
    "Channel",
    "Collection",
    "Condition",
    "Draw",
    "Grade",
    "Levers",
    "Overlay",
    "Override",
    "Parameter",
    "Policy",
    "Proposition",
    "Reference",
    "Rules",
    "Source",
    "TieEffect",
    "Trigger",
    "ValueSet",
    "World",
]

Grade = Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True)
class Source:
    """One work of the bibliography."""

    key: str
    title: str
    author: str = ""
    year: str = ""
    publisher: str = ""
    url: str = ""
    read: str = ""  # "data", "excerpt" or "general knowledge": how far it was read
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A source and the reason it is cited."""

    source: str
    reason: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Draw:
    """One uncertain quantity of a parameter: one coordinate of the belief sample.

    `how` says what the drawn number does to each element: `value` replaces it, `times` multiplies
    it, `plus` adds to it; `dirichlet` replaces all elements by shares with concentration
    `concentration` around the central ones.
    """

    elements: tuple[str, ...]
    how: Literal["value", "times", "plus", "dirichlet"]
    law: Law | None = None
    concentration: float = 0.0


@dataclass(frozen=True, slots=True)
class TieEffect:
    """Marks a parameter through which contact changes events (the set E_tie).

    `null` is the value at which the effect is absent; `sign` is +1 where a larger value means that
    contact helps more, -1 where it means more harm, 0 where it takes no part in the copula.
    """

    null: float
    sign: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number, or one number for each element of an index, with its source and its doubt."""

    key: str
    module: str
    label: str
    unit: str
    grade: Grade
    elements: tuple[str, ...]  # ("",) for a single number
    values: tuple[float, ...]
    bounds: tuple[float, float]
    draws: tuple[Draw, ...] = ()
    index: str = ""  # "", "channel", "rung", "severity", "receptivity", "shock"
    tie_effect: TieEffect | None = None
    risk_factor: tuple[str, ...] = ()  # elements that scale with the common base-risk factor
    references: tuple[Reference, ...] = ()
    reasoning: str = ""
    provisional: bool = True  # settled only when a second reader agrees
    file: str = ""

    def __getitem__(self, element: str) -> float:
        return self.values[self.elements.index(element)]

    @property
    def value(self) -> float:
        """The number of a parameter that has just one."""
        (only,) = self.values
        return only


@dataclass(frozen=True, slots=True)
class Channel:
    """A line between the two sides. `slot` keys its luck and never changes."""

    id: str
    slot: int
    name: str
    us_office: str = ""
    them_office: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """One side of the rivalry: its name, a short form and the adjective."""

    id: str
    name: str
    short: str = ""
    adjective: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the futures start, and the weeks (from 0) at which a new administration takes office."""

    start: dt.date
    horizon_weeks: int
    inauguration_weeks: tuple[int, ...]
    exercise_weeks_of_year: tuple[int, ...]
    inaugurations_are_fixed: bool = False  # given by hand, not computed from dates

    @property
    def week_of_year_at_start(self) -> int:
        """Week of the year, from 0, in which the futures start."""
        return (self.start.timetuple().tm_yday - 1) // 7


@dataclass(frozen=True, slots=True)
class Override:
    """What a world or a ledger switch does to one parameter: set its elements, or scale them."""

    parameter: str
    elements: tuple[str, ...]  # () for all
    how: Literal["set", "times"]
    value: float


@dataclass(frozen=True, slots=True)
class World:
    """A school of thought: named overrides with the argument in words."""

    id: str
    title: str
    argument: str
    weight: float
    overrides: tuple[Override, ...] = ()
    null_tie_effects: bool = False
    sources: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Levers:
    """What a government sets. Shares lie in [0, 1] unless said; money in millions a year."""

    suspend_at_severity: int | None
    suspend_weeks: float
    persist: float
    inst: float
    offer: float
    irritant: float
    neg: float
    exlev: float  # 0 to 1.5
    consult: float
    eow: bool
    info_musd_per_year: float
    rights: bool
    fixed_musd_per_year: float
    travel_ban: bool
    conc_exempt: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that could be seen, compared with a number or a parameter of the module `rules`."""

    seen: str
    sign: Literal[">=", ">", "<=", "<"]
    bound: float | str


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a policy does at the end of a week, or at a yearly review, where all conditions hold."""

    conditions: tuple[Condition, ...]
    action: Literal[
        "become", "step_back", "leave", "suspend", "surge", "bargain_more", "bargain_less"
    ]
    at_review: bool = False
    weeks: float = 0.0  # of what lasts for some weeks


@dataclass(frozen=True, slots=True)
class Rules:
    """Adaptive rules; `target` is the policy that stage 1 stands for.

    `stays`: the policy cannot lapse before its second stage begins.
    """

    target: str = ""
    on_demand: bool = False
    on_demand_lapses: bool = False
    scale_up: bool = False
    exit_review: bool = False
    exit_deception: bool = False
    surge: bool = False
    belief: bool = False
    triggers: tuple[Trigger, ...] = ()
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """What one government plan does: contacts by channel, levers, rules, and the case for it."""

    id: str
    title: str
    short: str  # at most 28 characters, for tables and charts
    summary: str
    cadence: Mapping[str, float]  # contacts a year by channel id
    levers: Levers
    rules: Rules = field(default_factory=Rules)
    case_for: str = ""
    case_against: str = ""
    risks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    variant: bool = False  # run only when asked for by name
    file: str = ""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A change to the design of several policies at once."""

    id: str
    title: str
    argument: str
    applies_to: tuple[str, ...]
    offer_plus: float = 0.0
    conc_exempt: bool = False
    suspension_exempt: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposition:
    """A line of the ledger: a benefit (`B1`...) or a risk (`R1`...) as its holders put it."""

    id: str
    kind: Literal["benefit", "risk"]
    claim: str
    mechanism: str
    metrics: tuple[str, ...]
    size_evidence: str
    off: tuple[Override, ...]
    argument: str = ""
    switch_note: str = ""  # what switching it off means in the model, and what it leaves out
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueSet:
    """What one kind of stakeholder wants: weights by metric, summing to one, with the reasons."""

    id: str
    title: str
    reasoning: str
    grade: Grade
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Collection:
    """Something that could be observed, and how its outcome depends on beliefs.

    `of` names the quantities whose product, times `times`, is what the observation is about:
    `counted` is Poisson with that rate over `size` units of time, `succeeded` binomial with that
    chance in `size` trials, `measured` a reading of it with a normal error of `size`.
    """

    id: str
    title: str
    how: Literal["counted", "succeeded", "measured"]
    of: tuple[str, ...]
    times: float
    size: float
    reasoning: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Case:
    """Everything an assessment needs, checked."""

    id: str
    title: str
    question: str
    actors: tuple[Actor, ...]
    channels: tuple[Channel, ...]
    parameters: Mapping[str, Parameter]
    worlds: tuple[World, ...]
    policies: tuple[Policy, ...]
    overlays: tuple[Overlay, ...]
    propositions: tuple[Proposition, ...]
    sources: Mapping[str, Source]
    calendar: Calendar
    baseline: str  # policy that the others are compared with
    status_quo: str  # policy that a lapsed one falls back to
    focal: str  # policy the brief is about
    isolation: str  # policy that stands for isolation
    weights: Mapping[str, float]  # outcome weights of the composite loss
    limits: tuple[str, ...] = ()  # honest limits, in words
    counted_from: Mapping[str, dt.date] = field(default_factory=dict)  # by table of the record
    evidence_folder: str = ""
    folder: str = ""
    fingerprint: str = ""

    def policy(self, policy_id: str) -> Policy:
        """The policy of this id; StopIteration if there is none."""
        return next(p for p in self.policies if p.id == policy_id)

    def world(self, world_id: str) -> World:
        """The world of this id; StopIteration if there is none."""
        return next(w for w in self.worlds if w.id == world_id)
