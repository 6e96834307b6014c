"""Policies that share their first weeks, played from where they part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from openchannel.casefile import load_case
from openchannel.casefile.triggers import parse_trigger
from openchannel.domain import Case, Rules, Trigger
from openchannel.kernel.keys import Out
from openchannel.model import (
    Beliefs,
    Forks,
    Design,
    central_beliefs,
    pack_design,
    simulate_forks,
    simulate_replicates,
    world_beliefs,
)

SEED, FIRST, FUTURES = 3, 40, 24
WEEKS = 110
GROW, STOP, BACK, AGAIN = (30, "become P7"), (8, "leave"), (75, "step back"), (104, "become P7")
#: By policy: in which week what is done, its parent, and the week with which it begins.
ARMS = {
    "held": ((), 0, 0),
    "grown": ((GROW,), 0, 29),
    "stopped": ((STOP,), 0, 7),
    "back": ((GROW, BACK), 1, 74),
    "again": ((GROW, BACK, AGAIN), 3, 103),
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
    def timed(week: int, then: str) -> Trigger:
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
def forks() -> Forks:
    _, parents, begins = zip(*ARMS.values(), strict=True)
    return Forks(np.array(parents), np.array(begins), np.array(LOOKS))


def test_a_fork_is_the_future_played_whole(
    design: Design, beliefs: Beliefs, forks: Forks
) -> None:
    """To the bit, in every world and policy; and the policies are not all one."""
    whole = simulate_replicates(design, beliefs, SEED, FIRST, FUTURES)
    parted, _ = simulate_forks(design, forks, beliefs, SEED, FIRST, FUTURES)
    assert whole.tobytes() == parted.tobytes()
    contacts = whole[..., Out.contacts].sum(axis=0)
    assert (np.diff(np.sort(contacts, axis=1), axis=1) > 0).all()


def test_a_look_is_the_account_of_a_shorter_horizon(
    design: Design, beliefs: Beliefs, forks: Forks
) -> None:
    """The luck of a week does not depend on how many follow; who has not begun is as the parent."""
    _, seen = simulate_forks(design, forks, beliefs, SEED, FIRST, FUTURES)
    for week, told in zip(LOOKS, seen, strict=True):
        short = replace(
            design, inauguration=design.inauguration[:week], exercise=design.exercise[:week]
        )
        whole = simulate_replicates(short, beliefs, SEED, FIRST, FUTURES)
        assert np.array_equal(whole[..., TOLD], told[..., TOLD]), week
