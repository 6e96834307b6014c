"""Triggers in futures: the named rules written in the language, and what each action does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from openchannel.casefile import load_case
from openchannel.casefile.triggers import parse_trigger
from openchannel.domain import Case, Rules
from openchannel.kernel.keys import Out
from openchannel.model import Beliefs, central_beliefs, pack_design, simulate_replicates

SEED, FUTURES = 11, 128
GOOD = "reliability_24h >= up_rel and thickness >= up_K and compromise <= up_ci"


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("korea")


def rules(target: str, *triggers: tuple[str, str, bool], stays: bool = False) -> Rules:
    """Rules that consist of triggers: condition, action, whether at a review."""
    made = tuple(parse_trigger(when, then, at_review=at)[0] for when, then, at in triggers)
    return Rules(target=target, triggers=made, stays=stays)


def played(case: Case, *policies: tuple[str, Rules]) -> np.ndarray:
    """Futures of policies of the case under other rules: float64[replicate, policy, Out]."""
    changed = {p: replace(case.policy(p), rules=r) for p, r in policies}
    others = tuple(p for p in case.policies if p.id not in changed)
    held = central_beliefs(case)
    out = simulate_replicates(
        pack_design(replace(case, policies=(*others, *changed.values())), [p for p, _ in policies]),
        Beliefs(held.par[None], held.ch[None]),
        SEED,
        0,
        FUTURES,
    )
    return out[:, 0]


NAMED = {
    "P6S": (
        ("P6S", "P7"),
        ((GOOD, "become P7", True), ("failed_reviews >= exit_failures", "leave", True),
         ("deception", "leave", False)),
    ),
    "P15S": (
        ("P15S", "P7"),
        ((GOOD, "become P7", True), ("failed_reviews >= exit_failures", "leave", True),
         ("deception", "leave", False)),
    ),
    "P16": (
        ("P16", "P7"),
        (("crisis_begins", "become P7", False), ("succession", "become P7", False)),
    ),
    "P7C": (("P7C", ""), (("rung >= 2", "surge 1 week", False),)),
    "P4B": (
        ("P4B", ""),
        (("belief_in_trade > mu_hi", "bargain more 1 week", False),
         ("belief_in_trade < mu_lo", "bargain less 1 week", False)),
    ),
    "P16L": (
        ("P16L", "P7"),
        (("crisis_begins", "become P7", False), ("succession", "become P7", False)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("policy", NAMED)
def test_a_named_rule_written_in_the_language_gives_the_same_futures(
    case: Case, policy: str
) -> None:
    """Scale-up, exit, on demand, crisis surge and belief: every rule of B4, to the bit."""
    (_, target), triggers = NAMED[policy]
    named = played(case, (policy, case.policy(policy).rules))
    written = played(case, (policy, rules(target, *triggers, stays=policy == "P16")))
    assert named.tobytes() == written.tobytes()
    assert named.tobytes() != played(case, (policy, Rules())).tobytes()


def test_a_trigger_that_never_holds_changes_nothing(case: Case) -> None:
    """A week beyond the horizon; the same bytes as without it."""
    idle = rules("P7", ("week >= 100000", "become P7", False))
    assert played(case, ("P6", idle)).tobytes() == played(case, ("P6", Rules())).tobytes()


def test_becoming_another_policy_at_once_is_that_policy_but_for_its_first_week(case: Case) -> None:
    """Contacts of a whole decade lie near those of full engagement, not near the pilot's."""
    at_once = played(case, ("P6", rules("P7", ("week >= 1", "become P7", False))))
    full, pilot = played(case, ("P7", Rules())), played(case, ("P6", Rules()))
    contacts = [o[..., Out.contacts].mean() for o in (at_once, full, pilot)]
    assert abs(contacts[0] - contacts[1]) < 0.05 * abs(contacts[1] - contacts[2])


def test_leaving_at_once_is_the_status_quo_for_all_but_the_first_week(case: Case) -> None:
    """Time in force is one week."""
    left = played(case, ("P7", rules("", ("week >= 1", "leave", False))))
    assert left[..., Out.pe_weeks].max() <= 1.0


def test_stepping_back_ends_what_becoming_began(case: Case) -> None:
    """Scaled up in crises alone: contacts lie between pilot and full engagement."""
    back = rules(
        "P7", ("rung >= 1", "become P7", False), ("rung < 1 and scaled_up", "step back", False)
    )
    contacts = [
        played(case, ("P6", r))[..., Out.contacts].mean()
        for r in (Rules(), back, rules("P7", ("week >= 1", "become P7", False)))
    ]
    assert contacts[0] < contacts[1] < contacts[2]


def test_a_suspension_takes_contacts_away(case: Case) -> None:
    """After every event of severity 4, as the lever of P11 does: fewer contacts than without.

    Within a tenth of P11, whose protection at an inauguration is lower.
    """
    paused = played(case, ("P7", rules("", ("severity >= 4", "suspend 26 weeks", False))))
    free, suspended = played(case, ("P7", Rules())), played(case, ("P11", Rules()))
    contacts = [o[..., Out.contacts].mean() for o in (suspended, paused, free)]
    assert contacts[1] < 0.8 * contacts[2]
    assert contacts[1] == pytest.approx(contacts[0], rel=0.1)


def test_the_first_trigger_that_holds_is_taken(case: Case) -> None:
    """Both hold from the first week; the order decides."""
    stay, go = ("week >= 1", "become P7", False), ("week >= 1 and rung >= 0", "leave", False)
    left = played(case, ("P6", rules("P7", go, stay)))
    assert left[..., Out.pe_weeks].max() <= 1.0
    grown = played(case, ("P6", rules("P7", stay, go)))
    assert grown[..., Out.pe_weeks].max() == pytest.approx(2.0)
