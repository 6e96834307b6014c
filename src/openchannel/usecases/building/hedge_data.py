"""The shapes of `hedge.json`; docs/reference/hedge-file.md says every field."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from openchannel.usecases.plain import mean_and_error, plain_values

if TYPE_CHECKING:
    from openchannel.analysis.hedge import Branch, Hedge, ReviewRule, RuleCard, Start
    from openchannel.analysis.reopening import Reopening
    from openchannel.analysis.review_rules import Card, Valued
    from openchannel.domain import Capital, Case, Games

__all__ = ["findings"]


def findings(case: Case, games: Games, found: Hedge) -> dict[str, Any]:
    """What was found, in values that JSON can hold."""
    from openchannel.analysis.clarity import clarity_of

    told = {
        "belief_draws": found.draws,
        "unit": "equivalent deaths",
        "baseline": case.baseline,
        "baseline_loss": mean_and_error(found.baseline_loss),
        "focal": {"policy": case.focal, "gain": mean_and_error(found.focal)},
        "best": {
            **_leaf(found.best.leaf),
            "rival": _leaf(found.best.rival),
            "lead": mean_and_error(found.best.lead),
        },
        "starts": [_start(case, s) for s in found.starts],
        "price_of_waiting": {k: mean_and_error(v) for k, v in found.waiting.items()},
        "reopening": None if found.reopening is None else _reopening(found.reopening),
        "game_check": {
            c.rung: asdict(c) | {"agrees": c.agrees} for c in clarity_of(case, games.crisis)
        },
        "payoffs": {name: asdict(payoff) for name, payoff in games.crisis.items()},
        "capitals": [_capital(c) for c in games.capitals],
        "sources": {s.id: mean_and_error(s.value) for s in found.sources},
    }
    return dict(plain_values(told))


def _leaf(leaf: tuple[str, str]) -> dict[str, str]:
    return dict(zip(("policy", "branch"), leaf, strict=True))


def _start(case: Case, start: Start) -> dict[str, Any]:
    return {
        "policy": start.policy.id,
        "target": start.policy.rules.target,
        "is_own_rule": case.policy(start.policy.id).rules == start.policy.rules,
        "ends": [
            name
            for name, ends in (
                ("failed_reviews", start.policy.rules.exit_review),
                ("deception", start.policy.rules.exit_deception),
            )
            if ends
        ],
        "best": start.best,
        "branches": {b.id: _branch(b) for b in start.branches},
        "review": None if start.review is None else _review(start.review),
        "rule_card": None if start.card is None else _rule_card(case, start.card),
    }


def _branch(branch: Branch) -> dict[str, Any]:
    return {
        "loss": mean_and_error(branch.loss),
        "gain": mean_and_error(branch.gain),
        "value": mean_and_error(branch.value),
        "wars_avoided": mean_and_error(branch.war),
        "usd_saved": mean_and_error(branch.cost),
        "value_by_world": {k: mean_and_error(v) for k, v in branch.by_world.items()},
    }


def _review(review: ReviewRule) -> dict[str, Any]:
    return {
        "thresholds": dict(review.thresholds),
        "value": mean_and_error(review.value),
        "against_own_thresholds": mean_and_error(review.against_own),
    }


def _rule_card(case: Case, card: RuleCard) -> dict[str, Any]:
    from openchannel.analysis.review_rules import AFTER, BEFORE

    rules = card.rules
    searched = card.against_searched
    return {
        "before": _clauses(BEFORE, rules.card.before),
        "once_grown": _clauses(AFTER, rules.card.after),
        "value": mean_and_error(rules.by_card.value),
        "value_by_world": {
            w.id: mean_and_error(v)
            for w, v in zip(case.worlds, rules.by_card.by_world, strict=True)
        },
        "against_now": mean_and_error(card.against_now),
        "against_own_rules": mean_and_error(card.against_own),
        "against_searched_thresholds": None if searched is None else mean_and_error(searched),
        "shares": dict(rules.by_card.shares),
        "least_squares": _valued(rules.least_squares),
        "least_squares_on_two": _valued(rules.on_two),
        "lattice": _valued(rules.lattice) | {"expected": rules.lattice_expected},
        "least_squares_against_lattice": mean_and_error(card.squares_against_lattice),
    }


def _clauses(options: tuple[str, ...], card: Card) -> dict[str, Any]:
    return {
        option: None if clauses is None else [asdict(c) for c in clauses]
        for option, clauses in zip(options, card.clauses, strict=True)
    }


def _valued(found: Valued) -> dict[str, Any]:
    return {"value": mean_and_error(found.value), "shares": dict(found.shares)}


def _capital(capital: Capital) -> dict[str, Any]:
    from openchannel.analysis.elites import bargain_of

    found = bargain_of(capital)
    return {
        "id": capital.id,
        "title": capital.title,
        "issue": capital.issue,
        "outcome": found.outcome,
        "median": found.median,
        "moved": list(found.moved),
        "out_of_reach": found.out_of_reach,
        "players": [
            asdict(player) | asdict(pull)
            for player, pull in zip(capital.players, found.pulls, strict=True)
        ],
    }


def _reopening(found: Reopening) -> dict[str, Any]:
    return {
        "closed_after_weeks": found.after_weeks,
        "channels_built": mean_and_error(found.built),
        "closed_for_good": mean_and_error(found.for_good),
        "closings": [
            {
                "weeks": c.weeks,
                "price": mean_and_error(c.price),
                "missing": [mean_and_error(m) for m in c.missing],
            }
            for c in found.closings
        ],
    }
