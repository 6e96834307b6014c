"""Policies that share their first weeks, played from where they part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from openchannel.casefile import load_case
from openchannel.casefile.triggers import parse_trigger
from openchannel.domain import Case, Rules
from openchannel.kernel.keys import Out
from openchannel.model import (
    Beliefs,
    Branches,
    Design,
    central_beliefs,
    pack_design,
    simulate_branches,
    simulate_replicates,
    world_beliefs,
)

SEED, FIRST, FUTURES = 3, 40, 24
WEEKS = 110
#: By policy: when its triggers act, its parent, and the week in which it parts from it.
ARMS = {
    "held": ((), 0, 0),
    "grown": ((("week == 30", "become P7"),), 0, 29),
    "early": ((("week == 8", "leave"),), 0, 7),
    "back": ((("week == 30", "become P7"), ("week == 75", "step back")), 1, 74),
    "again": (
        (("week == 30", "become P7"), ("week == 75", "step back"), ("week == 104", "become P7")),
        3,
        103,
    ),
}
LOOKS = (20, 29, 52, 90, WEEKS)
#: What an account tells before it is closed.
TOLD = [Out[name] for name in ("weeks", "contacts", "K_eff", "crises", "cost", "rel24", "pe_weeks")]


@pytest.fixture(scope="module")
def case() -> Case:
    korea = load_case("korea")
    return replace(korea, calendar=replace(korea.calendar, horizon_weeks=WEEKS))


@pytest.fixture(scope="module")
def beliefs(case: Case) -> Beliefs:
    """Two schools."""
    held = [world_beliefs(case, case.world(w), central_beliefs(case)) for w in ("W2", "W5")]
    return Beliefs(np.stack([b.par for b in held]), np.stack([b.ch for b in held]))


@pytest.fixture(scope="module")
def design(case: Case) -> Design:
    def timed(when: str, then: str):
        week = when.removeprefix("week == ")
        return parse_trigger(f"week >= {week} and week <= {week}", then, at_review=False)[0]

    made = tuple(
        replace(
            case.policy("P6"),
            id=name,
            rules=Rules(target="P7", triggers=tuple(timed(*t) for t in triggers)),
        )
        for name, (triggers, _, _) in ARMS.items()
    )
    return pack_design(replace(case, policies=(*case.policies, *made)), list(ARMS))


@pytest.fixture(scope="module")
def branches() -> Branches:
    _, parents, begins = zip(*ARMS.values(), strict=True)
    return Branches(np.array(parents), np.array(begins), np.array(LOOKS))


def test_a_branch_is_the_future_played_whole(
    design: Design, beliefs: Beliefs, branches: Branches
) -> None:
    """To the bit, in every world and policy; and the policies are not all one."""
    whole = simulate_replicates(design, beliefs, SEED, FIRST, FUTURES)
    parted, _ = simulate_branches(design, branches, beliefs, SEED, FIRST, FUTURES)
    assert whole.tobytes() == parted.tobytes()
    contacts = whole[..., Out.contacts].sum(axis=0)
    assert (np.diff(np.sort(contacts, axis=1), axis=1) > 0).all()


def test_a_look_is_the_account_of_a_shorter_horizon(
    design: Design, beliefs: Beliefs, branches: Branches
) -> None:
    """The luck of a week does not depend on how many follow; what has not parted yet is its parent.
    """
    _, seen = simulate_branches(design, branches, beliefs, SEED, FIRST, FUTURES)
    for week, told in zip(LOOKS, seen, strict=True):
        short = replace(
            design, inauguration=design.inauguration[:week], exercise=design.exercise[:week]
        )
        whole = simulate_replicates(short, beliefs, SEED, FIRST, FUTURES)
        assert np.array_equal(whole[..., TOLD], told[..., TOLD]), week
