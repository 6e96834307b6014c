"""A policy in plain words: whom it meets how often, what it moves, when it reacts, what it costs.

No future is played for these words: they say what the policy asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from openchannel.domain import Case, Condition, Levers, Policy, Trigger
from openchannel.report.building.view import LEVERS, lever_words, money
from openchannel.report.numbers import plain
from openchannel.report.wording import baseline_words, count_words, in_sentence, listed

if TYPE_CHECKING:
    from openchannel.analysis.portfolio.price import PriceRule

__all__ = ["PolicyCost", "cost_words", "policy_words", "priced"]

_MILLION = 1e6
_PRICED = ("fixed_musd_per_year", "info_musd_per_year")  # told with the cost
#: Below this share the standing cost and the prices of the case are told to agree.
_CLOSE = 0.05
_SIGNS = {">=": "at least", ">": "above", "<=": "at most", "<": "below"}
_ACTIONS = {"step_back": "returns to its first form", "leave": "ends for good"}


@dataclass(frozen=True, slots=True)
class PolicyCost:
    """What a year costs if every contact takes place, in dollars, and by its parts.

    suggested_usd : the standing cost that the case's own policies would lead one to expect
    """

    yearly_usd: float
    standing_usd: float
    contacts_usd: float
    information_usd: float
    people: float
    suggested_usd: float


def priced(price: PriceRule, policy: Policy) -> PolicyCost:
    """The cost of a policy by the prices of its case."""
    yearly, levers = price.yearly_usd(policy), policy.levers
    standing = _MILLION * levers.fixed_musd_per_year
    information = _MILLION * levers.info_musd_per_year
    return PolicyCost(
        yearly,
        standing,
        yearly - standing - information,
        information,
        price.people(policy),
        _MILLION * price.standing(policy.cadence),
    )


def cost_words(cost: PolicyCost, usual: PolicyCost, base: Policy) -> list[str]:
    """The cost in sentences, beside that of the baseline, and whether it is in line."""
    parts = [f"{money(cost.standing_usd)} standing", f"{money(cost.contacts_usd)} for contacts"]
    if cost.information_usd:
        parts.append(f"{money(cost.information_usd)} for information access")
    most = (
        f"A year costs at most {money(cost.yearly_usd)}, if every contact asked for takes place: "
        f"{listed(parts)}. Under {baseline_words(base)} it is {money(usual.yearly_usd)}."
    )
    words = [
        most,
        f"The standing cost pays for about {plain(round(cost.people))} people.",
    ]
    if abs(cost.standing_usd - cost.suggested_usd) > _CLOSE * max(cost.suggested_usd, 1.0):
        side = "less" if cost.standing_usd < cost.suggested_usd else "more"
        words.append(
            f"That is {side} than the case's other policies would suggest for these contacts, "
            f"{money(cost.suggested_usd)} a year."
        )
    return words


def policy_words(case: Case, policy: Policy, base: Policy) -> list[str]:
    """The policy in sentences, held against the baseline."""
    return [
        _contacts(case, policy),
        *_more_and_less(case, policy, base),
        _levers(policy.levers, base.levers, baseline_words(base)),
        *_suspension(policy.levers),
        *_rules(case, policy),
    ]


def _contacts(case: Case, policy: Policy) -> str:
    asked = [(c.name, policy.cadence[c.id]) for c in case.channels if policy.cadence.get(c.id)]
    if not asked:
        return f"{policy.title}: no contact is asked for on any channel."
    asked.sort(key=lambda pair: -pair[1])
    named = listed([f"{name} {_often(n)}" for name, n in asked])
    total = plain(round(sum(n for _, n in asked)))
    channels = "one channel" if len(asked) == 1 else f"{count_words(len(asked))} channels"
    return f"{policy.title}: contact on {channels}, about {total} a year. {named}."


def _often(n: float) -> str:
    """How often, as people say it.

    Examples
    --------
    >>> _often(0.1), _often(1), _often(12)
    ('once in 10 years', 'once a year', '12 times a year')
    """
    if n < 1.0:
        return f"once in {plain(round(1.0 / n, 1))} years"
    if n == 1.0:
        return "once a year"
    return "twice a year" if n == 2.0 else f"{plain(n)} times a year"


def _more_and_less(case: Case, policy: Policy, base: Policy) -> Iterator[str]:
    sides: dict[str, list[str]] = {"more": [], "less": []}
    for channel in case.channels:
        ours, usual = (p.cadence.get(channel.id, 0.0) for p in (policy, base))
        if ours != usual:
            sides["more" if ours > usual else "less"].append(channel.name)
    told = [f"{word} often on {listed(names)}" for word, names in sides.items() if names]
    if told:
        yield f"Compared with {baseline_words(base)} it meets {', and '.join(told)}."


def _levers(ours: Levers, usual: Levers, base: str) -> str:
    moved = [
        f"{in_sentence(LEVERS[f.name])} {lever_words(now)} instead of {lever_words(was)}"
        for f in fields(ours)
        if f.name in LEVERS
        and f.name not in _PRICED
        and not (f.name == "suspend_weeks" and ours.suspend_at_severity is None)
        and (now := getattr(ours, f.name)) != (was := getattr(usual, f.name))
    ]
    if not moved:
        return f"Every lever stands as under {base}."
    return f"Levers moved from {base}: {listed(moved)}."


def _suspension(levers: Levers) -> Iterator[str]:
    if levers.suspend_at_severity is not None:
        yield (
            f"An event of severity {levers.suspend_at_severity} or more suspends contact for "
            f"{plain(levers.suspend_weeks)} weeks."
        )


def _rules(case: Case, policy: Policy) -> Iterator[str]:
    rules = policy.rules
    target = f"“{case.policy(rules.target).short}”" if rules.target else ""
    if rules.on_demand:
        may = "the plan may be dropped before" if rules.on_demand_lapses else "the plan is kept"
        yield f"After the first crisis or succession it becomes {target}; until then {may}."
    if rules.scale_up:
        yield f"After a good yearly review it becomes {target}."
    ends = [
        words
        for given, words in (
            (rules.exit_review, "failed reviews running"),
            (rules.exit_deception, "a deception"),
        )
        if given
    ]
    if ends:
        yield f"It ends for good after {' or '.join(ends)}."
    if rules.surge:
        yield "From shows of force on, marked channels are manned around the clock."
    if rules.belief:
        yield "Its will to bargain follows the belief that the other side would trade."
    for trigger in rules.triggers:
        yield _trigger(trigger, target)


def _trigger(trigger: Trigger, target: str) -> str:
    when = "At a yearly review" if trigger.at_review else "In any week"
    seen = " and ".join(_condition(c) for c in trigger.conditions)
    action = {
        "become": f"becomes {target}",
        "suspend": f"suspends contact for {plain(trigger.weeks)} weeks",
        **_ACTIONS,
    }[trigger.action]
    return f"{when}, with {seen}, it {action}."


def _condition(condition: Condition) -> str:
    from openchannel.casefile.observables import OBSERVABLES  # noqa: PLC0415  # only for triggers

    known = OBSERVABLES[condition.seen]
    what = known.meaning.partition(",")[0]
    if known.is_event:
        return what if condition.sign == ">=" else f"without: {what}"
    bound = condition.bound
    number = plain(bound) if isinstance(bound, float | int) else f"the bound {bound}"
    return f"{what} {_SIGNS[condition.sign]} {number}"
