"""Starts of a hedge: policies with the right to become another, and what can be done with each.

A start has the right by its own rule, or is given it: any policy can be asked what the right to
grow would be worth to it. What a start does by rules that lead nowhere else, such as a surge in a
crisis, it does in every branch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from openchannel.domain import Case, Channel, Policy, Rules

__all__ = ["BRANCHES", "arm_id", "arms", "growing", "lasting", "starts_of", "thinned", "waiting"]

#: What can be done with a start, in the order of the tree.
BRANCHES = ("hold", "shock", "review", "rules", "now")
#: What triggers do that belongs to a right to grow or to end.
_STAGES = frozenset({"become", "step_back", "leave"})


def starts_of(case: Case) -> tuple[Policy, ...]:
    """Policies that their case lets grow into another at reviews."""
    return tuple(p for p in case.policies if p.rules.scale_up)


def growing(policy: Policy, target: str) -> Policy:
    """A policy with the right to become another under the review rule, and to end under it.

    One that its case lets grow keeps its own rule, with this target.
    """
    if policy.rules.scale_up:
        return replace(policy, rules=replace(policy.rules, target=target))
    given = replace(
        lasting(policy.rules), target=target, scale_up=True, exit_review=True, exit_deception=True
    )
    return replace(policy, rules=given)


def lasting(rules: Rules) -> Rules:
    """What of the rules of a start is no right to grow or to end: in force in every branch."""
    kept = tuple(t for t in rules.triggers if t.action not in _STAGES)
    return Rules(surge=rules.surge, belief=rules.belief, triggers=kept)


def waiting(rules: Rules) -> Rules:
    """The same while the start may still become its target, which some cannot lapse before."""
    return replace(lasting(rules), target=rules.target, stays=rules.stays)


def arms(start: Policy) -> Mapping[str, Rules]:
    """The rules of each branch of a start but `now`, which is another policy."""
    waits = waiting(start.rules)
    return {
        "hold": lasting(start.rules),
        "shock": replace(waits, on_demand=True, on_demand_lapses=True),
        "review": replace(waits, scale_up=True),
        "rules": start.rules,
    }


def arm_id(start: Policy, branch: str) -> str:
    """Id of the policy that plays a branch; for `now` it is the target itself."""
    return start.rules.target if branch == "now" else f"{start.id} {branch}"


def thinned(case: Case, start: Policy, target: Policy) -> tuple[Channel, ...]:
    """Channels on which the target meets less often than the start."""
    return tuple(
        c for c in case.channels if target.cadence.get(c.id, 0.0) < start.cadence.get(c.id, 0.0)
    )
