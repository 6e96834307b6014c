"""What may be chosen: a ladder of values for each cadence and each lever.

Every rung of a ladder stands in a policy of the case, with one half-way rung where a channel is
otherwise all or nothing. So no portfolio asks for more of anything than a policy that somebody has
argued for, and the policies of the case are themselves points of the space.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from openchannel.analysis.portfolio.price import PriceRule
from openchannel.domain import Case, Policy, Rules

__all__ = ["LEVERS", "Choice", "Point", "Space"]

#: Rung on each ladder, in the order of `Space.choices`.
Point = tuple[int, ...]
Value = float | bool | int | None

#: Levers that a portfolio sets; the others are those of the status quo.
LEVERS = (
    "suspend_at_severity", "suspend_weeks", "persist", "inst", "offer", "neg", "exlev", "consult",
    "eow",
)  # fmt: skip
_NEVER = 99


@dataclass(frozen=True, slots=True)
class Choice:
    """One ladder.

    name : a channel id or a lever
    rungs : its values, from least to most
    now : rung of the status quo
    """

    name: str
    is_channel: bool
    rungs: tuple[Value, ...]
    now: int


@dataclass(frozen=True, slots=True)
class Space:
    """Every ladder of a case that has more than one rung."""

    case: Case
    price: PriceRule
    choices: tuple[Choice, ...]

    @classmethod
    def of(cls, case: Case) -> Space:
        """From the policies that the case argues for; variants add no rung."""
        usual = case.policy(case.status_quo)
        argued = [_settled(p, usual) for p in case.policies if not p.variant]
        choices = []
        for channel in (c.id for c in case.channels):
            values = {p.cadence.get(channel, 0.0) for p in argued}
            if len(values) == 2 and 0.0 in values:
                values.add(max(values) / 2.0)
            choices.append(_choice(channel, True, values, usual.cadence.get(channel, 0.0)))
        for lever in LEVERS:
            values = {getattr(p.levers, lever) for p in argued}
            choices.append(_choice(lever, False, values, getattr(usual.levers, lever)))
        return cls(case, PriceRule.of(case), tuple(c for c in choices if len(c.rungs) > 1))

    @property
    def now(self) -> Point:
        """The status quo."""
        return tuple(c.now for c in self.choices)

    @property
    def tops(self) -> Point:
        """The last rung of each ladder."""
        return tuple(len(c.rungs) - 1 for c in self.choices)

    @property
    def channels(self) -> tuple[int, ...]:
        """Places of the ladders that are channels."""
        return tuple(i for i, c in enumerate(self.choices) if c.is_channel)

    def bought(self, point: Point) -> tuple[int, ...]:
        """Places of the channels that are met more often than now."""
        return tuple(i for i in self.channels if point[i] > self.choices[i].now)

    def moved(self, point: Point, steps: Mapping[int, int]) -> Point:
        """The point with some ladders at other rungs."""
        return tuple(steps.get(i, rung) for i, rung in enumerate(point))

    def without(self, point: Point, places: tuple[int, ...]) -> Point:
        """The point with some ladders back where they are now."""
        return self.moved(point, {i: self.choices[i].now for i in places})

    def point_of(self, policy: Policy) -> Point | None:
        """Where a policy of the case stands; None where the ladders cannot say all of it."""
        asked = _settled(policy, self.case.policy(self.case.status_quo))
        at = []
        for choice in self.choices:
            value = _value(asked, choice)
            if value not in choice.rungs:
                return None
            at.append(choice.rungs.index(value))
        point = tuple(at)
        same, levers = (
            replace(p.levers, fixed_musd_per_year=0.0)
            for p in (self.policy(point, policy.id), asked)
        )
        return point if same == levers and policy.rules == Rules() else None

    def policy(self, point: Point, policy_id: str, short: str = "") -> Policy:
        """The point as a policy, with the standing cost that the price rule gives it."""
        usual = self.case.policy(self.case.status_quo)
        cadence = dict(usual.cadence)
        levers: dict[str, Any] = {}
        for choice, rung in zip(self.choices, point, strict=True):
            if choice.is_channel:
                cadence[choice.name] = float(choice.rungs[rung] or 0.0)
            else:
                levers[choice.name] = choice.rungs[rung]
        cadence = {c: n for c, n in cadence.items() if n > 0.0}
        levers["fixed_musd_per_year"] = self.price.standing(cadence)
        title = short or policy_id
        made = Policy(
            id=policy_id,
            title=title,
            short=title,
            summary="Found by search.",
            cadence=cadence,
            levers=replace(usual.levers, **levers),
        )
        return _settled(made, usual)


def _settled(policy: Policy, usual: Policy) -> Policy:
    """A policy that never suspends has no length of a suspension: it is that of the status quo."""
    if policy.levers.suspend_at_severity is not None:
        return policy
    weeks = usual.levers.suspend_weeks
    return replace(policy, levers=replace(policy.levers, suspend_weeks=weeks))


def _value(policy: Policy, choice: Choice) -> Value:
    if choice.is_channel:
        return policy.cadence.get(choice.name, 0.0)
    value: Value = getattr(policy.levers, choice.name)
    return value


def _choice(name: str, is_channel: bool, values: Collection[Value], now: Value) -> Choice:
    # A rule of suspension that never acts stands above those that do.
    rungs = tuple(sorted(values, key=lambda v: _NEVER if v is None else v))
    return Choice(name, is_channel, rungs, rungs.index(now))
