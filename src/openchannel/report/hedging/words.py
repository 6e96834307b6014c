"""Sentences about the hedge: the tree, the rule card, what waiting and reopening cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openchannel.report.hedging.view import (
    BRANCHES,
    View,
    better_and_worse,
    deaths,
    percent,
)
from openchannel.report.numbers import difference, is_measurable, level, measured, plain
from openchannel.report.wording import count_words, in_sentence, listed

__all__ = [
    "answer_words",
    "best_words",
    "card_lines",
    "card_worth",
    "reopening_words",
    "solver_words",
    "threshold_lines",
    "waiting_words",
]

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
#: Things seen in the year before a review; `{}` holds the bound, with `at least` or `at most`.
_SEEN: Mapping[str, str] = {
    "contacts": "{} contacts took place",
    "refusal": "the other side refused all contact in {} weeks",
    "reliability": "a message got through within a day with a chance of {}",
    "channels": "there were {} effective channels",
    "provocations": "there were {} provocations of severity 3 or more",
    "crisis": "there were {} weeks of crisis",
    "agreement": "an agreement was in force for {} weeks",
    "political_cost": "the index of political cost at home was {}",
    "friction": "the index of friction with allies was {}",
}


def answer_words(view: View) -> str:
    """What did best, and how sure that is."""
    best = view.data["best"]
    if not best["branch"]:
        return f"No branch is measurably better than {view.base}: the hedge is worth nothing here."
    gain = deaths(view.gain(best), sign=False)
    told = (
        f"Of all branches this did best: {view.leaf(best)}. It saves {gain} equivalent deaths "
        f"against {view.base}."
    )
    rival, lead = view.leaf(best["rival"]), measured(best["lead"])
    if not is_measurable(lead):
        return f"{told} It cannot be told from the next best, {rival}."
    if (lead.mean or 0.0) < 0.0:
        return f"{told} On the other half of the draws the next best did better: {rival}."
    ahead = f"{told} It lies {deaths(best['lead'], sign=False)} ahead of the next best, {rival}"
    if best["branch"] == "now":
        return f"{ahead}: the right to wait is worth less than what waiting gives up."
    return f"{ahead}."


def best_words(start: Mapping[str, Any]) -> str:
    """Which branch of a start did best."""
    if start["best"] == "hold":
        return "No branch is measurably better than holding the start as it is."
    told = f"Best of its branches: {in_sentence(BRANCHES[start['best']])}."
    card = start["rule_card"]
    if start["best"] != "now" or card is None:
        return told
    gap = measured(card["against_now"])
    if is_measurable(gap) and (gap.mean or 0.0) < 0.0:
        return f"{told} Under these beliefs do not wait; if it is to wait:"
    return told


def waiting_words(view: View) -> Iterator[str]:
    """The price of waiting, one sentence a policy built on demand."""
    for policy_id, price in view.data["price_of_waiting"].items():
        target = view.case.policy(policy_id).rules.target
        yield (
            f"Price of waiting, the loss of {view.told(policy_id)} above that of "
            f"{view.told(target)} now: {deaths(price)}."
        )


def card_lines(start: Mapping[str, Any]) -> Iterator[str]:
    """The rule card: scale up, pause, stop."""
    card = start["rule_card"]
    yield _line("Scale up", card["before"]["grow"], "do not scale up at a review")
    yield _line(
        "Pause, that is, go back to the start,",
        card["once_grown"]["pause"],
        "once grown, nothing seen at reviews measurably calls for a pause",
    )
    before, after = card["before"]["stop"], card["once_grown"]["stop"]
    if before is None and after is None:
        yield "Stop: nothing seen at reviews measurably calls for an end."
        return
    for when, clauses in (("before it has grown", before), ("once grown", after)):
        if clauses is not None:
            yield _line(f"Stop {when}", clauses, "")


def _line(action: str, clauses: Sequence[Mapping[str, Any]] | None, never: str) -> str:
    if clauses is None:
        return f"{action.partition(',')[0]}: {never}."
    if not clauses:
        return f"{action} at the first review, whatever it shows."
    told = [_clause(c) for c in clauses if c["seen"] != "year"]
    years = [_year(c) for c in clauses if c["seen"] == "year"]
    head = f"{action} {' and '.join(years)}" if years else action
    return f"{head} when, over the year before the review, {listed(told)}." if told else f"{head}."


def _clause(clause: Mapping[str, Any]) -> str:
    bound = "at least" if clause["at_least"] else "at most"
    if clause["bound"] == 0.0 and not clause["at_least"]:
        if clause["seen"] == "agreement":
            return "no agreement was in force"
        return _SEEN[clause["seen"]].format("no" if clause["seen"] in _COUNTED else "0")
    return _SEEN[clause["seen"]].format(f"{bound} {plain(clause['bound'])}")


_COUNTED = frozenset({"contacts", "refusal", "provocations", "crisis"})


def _year(clause: Mapping[str, Any]) -> str:
    nth = _ORDINALS[round(clause["bound"]) - 1]
    return f"from the {nth} review on" if clause["at_least"] else f"up to the {nth} review"


def card_worth(start: Mapping[str, Any]) -> str:
    """What the card is worth, and against what."""
    card = start["rule_card"]
    own = card["against_own_rules"]
    parts = [
        f"against holding {deaths(card['value'])}",
        f"against the rules in the file of the policy {deaths(own)}",
    ]
    if card["against_searched_thresholds"] is not None:
        parts.append(
            f"against the searched thresholds {deaths(card['against_searched_thresholds'])}"
        )
    parts.append(f"against full size now {deaths(card['against_now'])}")
    shares = card["shares"]
    better, worse = (listed(w) or "none" for w in better_and_worse(card["value_by_world"]))
    return (
        f"Worth of this rule card on fresh beliefs, in equivalent deaths: {'; '.join(parts)}. "
        f"Against holding it is better in {better}, worse in {worse}. "
        f"Under it {percent(shares['grow'])} of futures grow, {percent(shares['stop'])} stop "
        f"before, {percent(shares['pause_once_grown'])} pause and "
        f"{percent(shares['stop_once_grown'])} stop after."
    )


def threshold_lines(view: View, start: Mapping[str, Any]) -> Iterator[str]:
    """The searched thresholds of the case's own rule, and its ends."""
    if (review := start["review"]) is None:
        return
    rel, channels = review["thresholds"]["up_rel"], review["thresholds"]["up_K"]
    rules = view.case.policy(start["policy"]).rules
    ends = []
    if rules.exit_review:
        failures = round(view.case.parameters["exit_failures"].value)
        ends.append(f"after {count_words(failures)} failed reviews running")
    if rules.exit_deception:
        ends.append("after a deception")
    end = f"; end {' or '.join(ends)}" if ends else ""
    yield (
        f"If the rule of the policy's file is kept: grow at a chance of at least {plain(rel)} that "
        f"a message gets through within a day and at least {plain(channels)} effective channels, "
        f"without a grave compromise{end}. Against holding: {deaths(review['value'])}; against the "
        f"thresholds of the case: {deaths(review['against_own_thresholds'])}."
    )


def solver_words(view: View) -> str:
    """How the card was found, and whether the lattice agrees."""
    told = []
    for start in view.starts:
        if (card := start["rule_card"]) is None:
            continue
        gap = card["least_squares_against_lattice"]
        two, lattice = (deaths(card[k]["value"]) for k in ("least_squares_on_two", "lattice"))
        told.append(
            f"{view.told(start['policy'])}: least squares "
            f"{deaths(card['least_squares']['value'])}, on reliability and channels alone {two}, "
            f"lattice {lattice}, difference of the last two {deaths(gap)}"
        )
    if not told:
        return ""
    return (
        "The rule card comes nearest, with at most two conditions an action, to a rule by "
        "least-squares Monte Carlo on nine things that an official sees of the year before a "
        "review; terms under two standard errors are left out. It was found on one half of the "
        "belief draws and valued on the other. Backward induction on a lattice of reliability and "
        f"channels, on the same draws, is the check. Worth against holding, {'; '.join(told)}."
    )


def reopening_words(view: View) -> str:
    """What closing and opening again costs, and how long the ties are missing."""
    data = view.data["reopening"]
    year = next(c for c in data["closings"] if c["weeks"] == 52)
    missing = [level(measured(m), "percent") for m in year["missing"]]
    price = measured(year["price"])
    worth = (
        f"It costs {deaths(year['price'], sign=False)} equivalent deaths"
        if is_measurable(price)
        else "Its price in expected loss is not measurable"
    )
    good = difference(measured(data["closed_for_good"]), "count")
    return (
        f"Closing is not undone by opening again. If {view.told(view.data['focal']['policy'])} is "
        f"closed for a year after {count_words(round(data['closed_after_weeks'] / 52))} years and "
        f"opened again with the same levers, {listed(missing)} of what it had added in effective "
        "channels are missing in the first, second and third year after. "
        f"{worth}; to close it for good, {good}."
    )
