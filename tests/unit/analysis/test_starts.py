"""Starts: who may grow, what is given to those who may not, and what every branch keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openchannel.analysis.hedge import _Runs
from openchannel.analysis.reviews import _arms
from openchannel.analysis.starts import arm_id, arms, growing, lasting, starts_of, thinned
from openchannel.casefile import load_case
from openchannel.domain import Case, Condition, Rules, Trigger

_SUSPEND = Trigger((Condition("severity", ">=", 5.0),), "suspend", weeks=13.0)
_LEAVE = Trigger((Condition("rung", ">=", 3.0),), "leave")


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("korea")


def test_what_is_given_is_what_the_starts_of_the_case_have(case: Case) -> None:
    """P6 given the right is P6S in all but its name: the same levers, contacts and rules."""
    given, own = growing(case.policy("P6"), "P7"), case.policy("P6S")
    assert given.rules == own.rules
    assert (given.levers, given.cadence) == (own.levers, own.cadence)
    assert growing(own, "P7") == own
    assert growing(own, "P5").rules == replace(own.rules, target="P5")
    assert own in starts_of(case)
    assert case.policy("P6") not in starts_of(case)


def test_rules_that_are_no_right_stay_in_every_branch() -> None:
    """Surge, belief and suspensions do; to leave or to become another is a right of its own."""
    rules = Rules(surge=True, belief=True, exit_deception=True, triggers=(_LEAVE, _SUSPEND))
    assert lasting(rules) == Rules(surge=True, belief=True, triggers=(_SUSPEND,))
    assert lasting(Rules(target="P7", scale_up=True, exit_review=True)) == Rules()


def test_what_cannot_lapse_before_it_grows_cannot_in_any_branch_that_waits() -> None:
    """Else a branch would differ from its rules in two things; held, there is nothing to wait for."""
    rules = Rules(target="P7", scale_up=True, exit_review=True, stays=True)
    branches = arms(replace(load_case("korea").policy("P6S"), rules=rules))
    assert {name: rules.stays for name, rules in branches.items()} == {
        "hold": False, "shock": True, "review": True, "rules": True,
    }  # fmt: skip
    timed = _arms(replace(load_case("korea").policy("P6S"), rules=rules), 2).values()
    assert all(p.rules.stays for p in timed)


def test_a_policy_is_held_as_it_stands(case: Case) -> None:
    """One with a surge in crises, held, is that policy to the bit, and not the one without it."""
    start = growing(case.policy("P7C"), "P13")
    branches = arms(start)
    assert branches["hold"] == Rules(surge=True)
    assert all(rules.surge for rules in branches.values())
    assert all(p.rules.surge for p in _arms(start, 2).values())
    held = replace(start, id=arm_id(start, "hold"), rules=branches["hold"])
    small = replace(case, policies=(*case.policies, held), worlds=(case.world("W5"),))
    levels = _Runs(small, 2, 3, 1).levels([held.id, "P7C", "P7"], [()], 2)[:, 0, 0]
    assert (levels[:, 0] == levels[:, 1]).all()
    assert (levels[:, 0] != levels[:, 2]).any()


def test_triggers_of_a_start_come_after_those_of_a_timing(case: Case) -> None:
    """Room is kept for two; a start that grows at a review does so before anything else."""
    talks = case.policy("P3")
    start = growing(replace(talks, rules=Rules(triggers=(_LEAVE, _SUSPEND))), "P7")
    for (what, *_), policy in _arms(start, 2).items():
        *timed, last = policy.rules.triggers
        assert last == _SUSPEND
        assert [t.action for t in timed] == {
            "hold": [], "leave": ["leave"], "grow": ["become"],
            "grow_leave": ["become", "leave"], "grow_pause": ["become", "step_back"],
        }[what]  # fmt: skip


def test_channels_on_which_growing_is_less(case: Case) -> None:
    """Summits are met more often under P2 than under P7, and nothing under P6 is."""
    full = case.policy("P7")
    assert [c.id for c in thinned(case, case.policy("P2"), full)] == ["SUM"]
    assert thinned(case, case.policy("P6"), full) == ()
    assert thinned(case, full, full) == ()
