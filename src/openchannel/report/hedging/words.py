"""Sentences about the hedge: the tree, the rule card, what waiting and reopening cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openchannel.domain.lengths import WEEKS_A_YEAR
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
    "CARD_USE",
    "answer_words",
    "best_words",
    "card_rows",
    "card_worth",
    "chosen_words",
    "reopening_words",
    "school_words",
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

CARD_USE = (
    "Use a card once a year, at the review: look at the year before it and take the first line "
    "whose conditions all hold. Where none holds, go on as you are. After a pause the start does "
    "not grow again. Reliability and effective channels are the model's own: an official sees "
    "them roughly."
)


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


def chosen_words(view: View) -> Iterator[str]:
    """Rights that the case does not give, or gives toward another policy, and where no start grows.

    A start that its case lets grow keeps its own rule, whatever it is asked to become.
    """
    other = [s for s in view.starts if not s["is_own_rule"]]
    own = {s["policy"]: view.case.policy(s["policy"]).rules for s in other}
    given = [view.told(p) for p, rules in own.items() if not rules.scale_up]
    if given:
        yield (
            f"The right to grow is no rule of the case for {listed(given)}: it was given for this "
            "question, with the review rule of the case and its ends."
        )
    for start in other:
        if (rules := own[start["policy"]]).scale_up:
            yield (
                f"By the case {view.told(start['policy'])} may grow into "
                f"{view.told(rules.target)}; here it is asked what {view.told(start['target'])} "
                "would be worth instead, under the same rule."
            )
    for start in view.starts:
        if less := view.thinned(start):
            yield (
                f"To become {view.told(start['target'])}, {view.told(start['policy'])} meets less "
                f"often on {listed(less)}."
            )


def school_words(view: View) -> str:
    """Schools of thought by the short marks that tables use."""
    told = [f"{w.id} {w.title}" for w in view.case.worlds]
    return f"Schools of thought: {'; '.join(told)}."


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


def card_rows(start: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The rule card: what to do, and when; scale up, pause, stop."""
    card = start["rule_card"]
    yield "Scale up", _when(card["before"]["grow"], "Never at a review")
    yield (
        "Pause: go back to the start",
        _when(card["once_grown"]["pause"], "Nothing seen at reviews measurably calls for it"),
    )
    before, after = card["before"]["stop"], card["once_grown"]["stop"]
    if before is None and after is None:
        yield "Stop", "Nothing seen at reviews measurably calls for it"
        return
    for when, clauses in (("before it has grown", before), ("once grown", after)):
        if clauses is not None:
            yield f"Stop {when}", _when(clauses, "")


def _when(clauses: Sequence[Mapping[str, Any]] | None, never: str) -> str:
    """All conditions of an action; without one it is taken at the first review."""
    if clauses is None:
        return never
    if not clauses:
        return "At the first review, whatever it shows"
    told = [_clause(c) for c in clauses if c["seen"] != "year"]
    years = [_year(c) for c in clauses if c["seen"] == "year"]
    seen = f"if in the year before the review {listed(told)}" if told else "whatever it shows"
    return _capital(f"{' and '.join(years)}, {seen}" if years else seen)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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


def card_worth(view: View, start: Mapping[str, Any]) -> str:
    """What the card of a start is worth, and against what."""
    card = start["rule_card"]
    own = card["against_own_rules"]
    parts = [
        f"against holding {deaths(card['value'])}",
        f"against {_other_rule(start)} {deaths(own)}",
    ]
    if card["against_searched_thresholds"] is not None:
        parts.append(
            f"against the searched thresholds {deaths(card['against_searched_thresholds'])}"
        )
    parts.append(f"against full size now {deaths(card['against_now'])}")
    better, worse = (
        listed([f"“{view.case.world(w).title}”" for w in found]) or "no school of thought"
        for found in better_and_worse(card["value_by_world"])
    )
    return (
        f"Worth of this rule card on fresh beliefs, in equivalent deaths: {'; '.join(parts)}. "
        f"Against holding it is better in {better}, worse in {worse}. "
        f"{_used(card['shares'])}"
    )


_ACTS = {
    "grow": "grow",
    "stop": "stop before",
    "pause_once_grown": "pause",
    "stop_once_grown": "stop after",
}


def _used(shares: Mapping[str, float]) -> str:
    """How often each line of a card is acted on, those that ever are."""
    told = [f"{percent(shares[k])} {act}" for k, act in _ACTS.items() if shares[k] > 0.0]
    return f"Of all futures under it {listed(told)}." if told else "No line of it is ever acted on."


def _other_rule(start: Mapping[str, Any]) -> str:
    """The rule under which a start grows and ends without a card."""
    return "the rules in the file of the policy" if start["is_own_rule"] else "the review rule"


def threshold_lines(view: View, start: Mapping[str, Any]) -> Iterator[str]:
    """The searched thresholds of the review rule, and its ends."""
    if (review := start["review"]) is None:
        return
    rel, channels = review["thresholds"]["up_rel"], review["thresholds"]["up_K"]
    ends = [_end(view, e) for e in start["ends"]]
    end = f"; end {' or '.join(ends)}" if ends else ""
    yield (
        f"If {_other_rule(start)} is kept: grow at a chance of at least {plain(rel)} that "
        f"a message gets through within a day and at least {plain(channels)} effective channels, "
        f"without a grave compromise{end}. Against holding: {deaths(review['value'])}; against the "
        f"thresholds of the case: {deaths(review['against_own_thresholds'])}."
    )


def _end(view: View, why: str) -> str:
    if why == "deception":
        return "after a deception"
    failures = round(view.case.parameters["exit_failures"].value)
    return f"after {count_words(failures)} failed reviews running"


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
        "channels, on the same draws, is the check: it asks many coarse cells, so it may fall "
        "short of least squares, and should not lie above it. Worth against holding, "
        f"{'; '.join(told)}."
    )


def reopening_words(view: View) -> str:
    """What closing and opening again costs, and how long the ties are missing."""
    data = view.data["reopening"]
    year = next(c for c in data["closings"] if c["weeks"] == WEEKS_A_YEAR)
    missing = [level(measured(m), "percent") for m in year["missing"]]
    price = measured(year["price"])
    years = count_words(round(data["closed_after_weeks"] / WEEKS_A_YEAR))
    worth = (
        f"Its price is {deaths(year['price'])} equivalent deaths"
        if is_measurable(price)
        else "Its price in expected loss is not measurable"
    )
    good = difference(measured(data["closed_for_good"]), "count")
    return (
        f"Closing is not undone by opening again. If {view.told(view.data['focal']['policy'])} is "
        f"closed for a year after {years} years and opened again with the same levers, "
        f"{listed(missing)} of what it had added in effective channels are missing in the first, "
        "second and third year after. "
        f"{worth}; that of closing for good, {good}."
    )
