"""The language of triggers: what it reads, and what it refuses."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openchannel.casefile import load_case
from openchannel.casefile.layers import CASES
from openchannel.casefile.observables import BOUNDS, OBSERVABLES
from openchannel.casefile.triggers import MOST_CONDITIONS, TriggerError, parse_trigger
from openchannel.domain import Condition
from openchannel.errors import CaseError
from openchannel.kernel.language import Bound, Seen
from openchannel.kernel.records import MOST_CONDITIONS as ROOM


def test_the_language_and_the_kernel_know_the_same_names() -> None:
    """Observables, bounds, and how many conditions there is room for."""
    assert set(OBSERVABLES) == set(Seen.__members__)
    assert set(BOUNDS) == set(Bound.__members__) - {"number"}
    assert MOST_CONDITIONS == ROOM


def test_a_trigger_is_read() -> None:
    """Comparisons with numbers and parameters, events, negations, and the actions."""
    trigger, target = parse_trigger(
        "reliability_24h >= up_rel and thickness > 3 and not agreement",
        "become P7",
        at_review=True,
    )
    assert trigger.conditions == (
        Condition("reliability_24h", ">=", "up_rel"),
        Condition("thickness", ">", 3.0),
        Condition("agreement", "<", 0.5),
    )
    assert (trigger.action, target, trigger.at_review) == ("become", "P7", True)
    assert parse_trigger("deception", "leave", at_review=False)[0].action == "leave"
    assert parse_trigger("deception", "step back", at_review=False)[0].action == "step_back"
    assert parse_trigger("severity >= 5", "suspend 13 weeks", at_review=False)[0].weeks == 13.0
    assert parse_trigger("rung >= 2", "surge 1 week", at_review=False)[0].action == "surge"
    less = parse_trigger("belief_in_trade < mu_lo", "bargain less 4 weeks", at_review=False)[0]
    assert (less.action, less.weeks) == ("bargain_less", 4.0)


@pytest.mark.parametrize(
    ("when", "then", "says"),
    [
        ("tension > 1", "leave", "`tension` is nothing that can be seen"),
        ("rung", "leave", "compared with nothing"),
        ("deception > 0", "leave", "holds or does not"),
        ("rung >= 6", "leave", "`rung` never takes such a value"),
        ("reliability_24h > 1", "leave", "never takes such a value"),
        ("rung >= 3 and rung < 2", "leave", "contradict each other"),
        ("agreement and not agreement", "leave", "contradict each other"),
        ("rung > 2 and rung < 3", "leave", "contradict each other"),
        ("severity > 0 and severity < 2", "leave", "contradict each other"),
        ("thickness >= up_K and thickness < up_K", "leave", "contradict each other"),
        ("belief_in_trade > mu_hi and belief_in_trade <= mu_hi", "leave", "contradict each other"),
        ("rung >= 2 and scaled_up", "become P7", "once `scaled_up` holds there is nothing more"),
        ("not scaled_up", "step back", "where `scaled_up` does not hold there is nothing to step"),
        ("failed_reviews >= 2", "leave", "known at a yearly review alone"),
        ("rung >= up_K", "leave", "`up_K` is a bound on `thickness`"),
        ("rung >= nan", "leave", "`nan` is no number"),
        ("rung >= __import__", "leave", "is no number"),
        ("rung >= 2 or deception", "leave", "is no condition"),
        ("rung >= 2", "fire", "`fire` is no action"),
        ("rung >= 2", "suspend 0 weeks", "`suspend` for 0 weeks"),
        (" and ".join(["rung >= 2"] * 7), "leave", "7 conditions"),
    ],
)
def test_what_is_not_of_the_language_is_refused(when: str, then: str, says: str) -> None:
    """Each with what is wrong, what is allowed and how to mend it."""
    with pytest.raises(TriggerError) as told:
        parse_trigger(when, then, at_review=False)
    assert says in told.value.wrong
    assert told.value.allowed
    assert told.value.mend


@pytest.mark.parametrize(
    ("when", "then"),
    [
        ("thickness >= up_K and thickness <= up_K", "leave"),
        ("belief_in_trade > mu_lo and belief_in_trade < mu_hi", "leave"),
        ("thickness >= up_K and thickness < 3", "leave"),
        ("rung > 2 and rung < 4", "leave"),
        ("week >= 53 and week <= 60", "leave"),
        ("not scaled_up", "become P7"),
        ("scaled_up", "step back"),
    ],
)
def test_what_some_state_could_meet_is_read(when: str, then: str) -> None:
    """Where parameters or several values decide, nothing is refused."""
    assert parse_trigger(when, then, at_review=False)[0].conditions


def test_a_review_is_held_in_no_other_week() -> None:
    """Weeks 53 to 60 hold no review, 53 to 104 do; the message says which weeks there are."""
    with pytest.raises(TriggerError) as told:
        parse_trigger("week >= 53 and week <= 60", "leave", at_review=True)
    assert told.value.allowed == "multiples of 52 of weeks since the start from 52 on"
    assert parse_trigger("week >= 53 and week <= 104", "leave", at_review=True)


@given(st.text(max_size=60), st.text(max_size=30))
def test_no_text_does_anything_but_be_read_or_refused(when: str, then: str) -> None:
    """Nothing is evaluated: any text gives a trigger or a `TriggerError`."""
    try:
        trigger, _ = parse_trigger(when, then, at_review=True)
    except TriggerError:
        return
    assert trigger.conditions


def problems_of(tmp_path: Path, rules: str) -> list[str]:
    """What the loader says of a case whose policy P6 has these rules: `line: words`."""
    folder = tmp_path / "mine"
    (folder / "policies").mkdir(parents=True)
    (folder / "case.yaml").write_text("id: mine\nextends: korea\n", encoding="utf-8")
    text = (CASES / "korea/policies/P6.yaml").read_text("utf-8")
    text = re.sub(r"^rules: \{\}\n", rules, text, flags=re.MULTILINE)
    (folder / "policies/P6.yaml").write_text(text, encoding="utf-8")
    try:
        load_case(folder)
    except CaseError as error:
        return [f"{p.line - text[: text.index('rules:')].count(chr(10))}: {p.wrong}"
                for p in error.problems]  # fmt: skip
    finally:
        shutil.rmtree(folder)
    return []


HEAD = "rules:\n  triggers:\n"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["- {when: rung >= 3, then: become P7}"], []),
        (["- {when: rung >= 9, then: leave}"], ["3: `rung` never takes such a value"]),
        (
            ["- {when: rung >= 2, then: leave}", "- {when: rung >= 3, then: become P7}"],
            ["4: it contradicts trigger 1, which holds whenever this one does"],
        ),
        (
            ["- {when: rung >= 2, then: leave}", "- {when: rung >= 3, then: leave}"],
            ["4: trigger 1 holds whenever this one does, and comes first"],
        ),
        (["- {when: rung >= 3, then: leave}", "- {when: rung >= 2, then: become P7}"], []),
        (
            [
                "- {when: crisis_begins, then: become P7}",
                "- {when: crisis_begins and scaled_up, then: leave}",
            ],
            [],
        ),
        (
            [
                "- {when: crisis_begins, then: become P7}",
                "- {when: crisis_begins and not scaled_up, then: leave}",
            ],
            ["4: it contradicts trigger 1, which holds whenever this one does"],
        ),
        (
            ["- {when: rung >= 2, then: become P7}", "- {when: rung >= 3, then: become P7}"],
            ["4: trigger 1 holds whenever this one does, and comes first"],
        ),
        (["- {when: rung >= 2, then: become P7}", "- {when: rung >= 2, then: step back}"], []),
        (["- {when: rung >= 2, then: suspend 9 weeks}", "- {when: rung >= 3, then: leave}"], []),
        (
            ["- {when: rung >= 2, then: surge 4 weeks}", "- {when: rung >= 3, then: leave}"],
            ["4: it contradicts trigger 1, which holds whenever this one does"],
        ),
        (
            [
                "- {when: deception, then: surge 40 weeks}",
                "- {when: rung >= 2, then: surge 4 weeks}",
                "- {when: rung >= 3, then: leave}",
            ],
            [],
        ),
        (
            [
                "- {when: thickness >= up_K and rung >= 0, then: leave}",
                "- {when: thickness > up_K, then: become P7}",
            ],
            ["4: it contradicts trigger 1, which holds whenever this one does"],
        ),
        (
            ["- {when: deception, then: step back}"],
            ["3: there is no second stage to be in, or to step back from"],
        ),
        (["- {when: rung >= 3, then: become P6}"], ["3: the policy leads to itself"]),
        (
            ["- {when: rung >= 3, then: become P7}", "- {when: deception, then: become P5}"],
            ["4: the rules lead to different policies"],
        ),
        (["- {when: rung >= 3, then: become P99}"], ["3: there is no policy `P99`"]),
    ],
)
def test_impossible_and_contradictory_triggers_are_told_with_their_line(
    tmp_path: Path, lines: list[str], says: list[str]
) -> None:
    """Lines are counted from `rules:`, the first."""
    rules = HEAD + "".join(f"    {line}\n" for line in lines)
    assert problems_of(tmp_path, rules) == says


def test_a_policy_that_waits_for_nothing_has_nothing_to_keep(tmp_path: Path) -> None:
    """`lapses: false` beside triggers that lead to no second stage."""
    idle = "rules:\n  triggers:\n    - {when: rung >= 3, then: leave}\n  lapses: false\n"
    assert problems_of(tmp_path, idle) == [
        "4: the policy waits for no second stage, so it has nothing to keep until then"
    ]
    assert problems_of(tmp_path, idle.replace("leave", "become P7")) == []
    for reached in ("scale_up: {to: P7}", "on_demand: {to: P7}"):
        assert problems_of(tmp_path, f"{idle}  {reached}\n") == []
