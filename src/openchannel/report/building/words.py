"""The sentences of a design: what to build, what it would change, what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openchannel.report.building.view import (
    CAPTURE,
    COST,
    LEVERS,
    RISK,
    WAR,
    View,
    lever_words,
    money,
)
from openchannel.report.numbers import difference, is_measurable, measured, plain
from openchannel.report.wording import count_words, in_sentence, listed

__all__ = [
    "answer_words",
    "effect_words",
    "equal_words",
    "knee_words",
    "lowest_words",
    "method_words",
    "next_words",
    "price_words",
    "robust_words",
    "rollout_words",
]


def answer_words(view: View) -> str:
    """What to build under the budget."""
    one, limits = view.asked, view.data["limits"]
    start = f"Under a limit of {money(limits['budget_usd'])} a year"
    if view.buys_nothing:
        return (
            f"{start}, the search buys no contact beyond {view.now}: no purchase was measured to "
            "lower the risk or to use more openings by enough to be told from luck. "
            f"{_levers_sentence(view)}"
        )
    return (
        f"{start}, portfolio {one['id']} raises {listed(view.bought(one))}. "
        f"{_dropped(view)}A year costs at most {money(one['yearly_usd'])}, if every contact asked "
        f"for takes place, and pays for {plain(round(one['people']))} people. "
        f"{_levers_sentence(view)}"
    )


def _dropped(view: View) -> str:
    """Channels that the portfolio meets less often than now."""
    usual = view.case.policy(str(view.data["baseline"])).cadence
    less = [c for c, n in usual.items() if view.asked["cadence"].get(c, 0.0) < n]
    if not less:
        return ""
    return f"It lowers {listed([view.channel(c) for c in less])}. "


def _levers_sentence(view: View) -> str:
    usual = view.case.policy(str(view.data["baseline"])).levers
    moved = [
        name
        for name, value in view.asked["levers"].items()
        if value != getattr(usual, name) and name != "fixed_musd_per_year"
    ]
    if not moved:
        return "No other lever is moved."
    told = [
        f"{in_sentence(LEVERS[name])} ({lever_words(getattr(usual, name))} to "
        f"{lever_words(view.asked['levers'][name])})"
        for name in moved
    ]
    return f"Besides, it moves {listed(told)}."


def knee_words(view: View) -> str:
    """Why this one of the front."""
    if "knee" not in view.asked["reasons"]:
        return (
            f"Every portfolio found was measurably riskier than {view.now}, so none is put forward."
        )
    return (
        "It is the knee of the front, of which only portfolios count that are not measurably "
        f"riskier than {view.now}: with risk, cost, friction with allies, political cost at home "
        "and openings used each counted from the best to the worst among these, it gives up least "
        "over the five together. Whoever cares for one aim more than for the others should take "
        "another row of the table."
    )


def effect_words(view: View) -> str:
    """What it changes against the status quo, on fresh futures."""
    one = view.asked
    said = {
        "expected loss": view.change(one, RISK),
        "the chance of war": view.change(one, WAR),
        "the share of openings used": view.change(one, CAPTURE),
        "programme cost over the horizon, discounted": view.change(one, COST),
    }
    told = "; ".join(f"{name}, {value}" for name, value in said.items())
    return f"On fresh futures, against {view.now}: {told}. {_parts(view)}"


def _parts(view: View) -> str:
    """What levers and contacts do alone; the model gives levers no price."""
    base = view.data["portfolios"][0]["metrics"][RISK]["mean"]
    levers, contacts = (
        difference(measured(view.data["parts"][name]).times(100.0 / base), "plain", "%")
        for name in ("levers_alone", "contacts_alone")
    )
    return (
        "The levers are free in the model: offers, protection, exercises and consultation are paid "
        f"in politics, not in dollars. The levers alone change expected loss by {levers}; the "
        f"contacts alone, with levers as now, by {contacts}."
    )


def lowest_words(view: View) -> str:
    """The portfolio with the lowest risk within the limits, where it is another one."""
    one = view.lowest
    if one["id"] == view.asked["id"]:
        return "No other portfolio within the limits had less risk where it was chosen."
    buys = f"it raises {listed(view.bought(one))}" if one["bought"] else "it raises nothing"
    return (
        f"Whoever wants the lowest risk that the limits allow should take portfolio {one['id']}: "
        f"{buys}, and changes expected loss by {view.change(one, RISK)}, the share of openings "
        f"used by {view.change(one, CAPTURE)} and programme cost by {view.change(one, COST)}."
    )


def equal_words(view: View) -> str:
    """Whether the portfolios improve on the policies of the case at equal cost."""
    beyond = [view.named(p["id"]) for p in view.data["policies"] if not p["fits"]]
    cheaper = [_named(view, p) for p in view.data["cheaper_than_all"]]
    it = "it" if len(cheaper) == 1 else "them"
    told = [
        f"Held against the policies of the case: {_at_equal_cost(view)}.",
        f"Every portfolio costs more than {listed(cheaper)}, so none is held against {it}."
        if cheaper
        else "",
        f"Policies that would break the limits: {listed(beyond)}." if beyond else "",
    ]
    return " ".join(t for t in told if t)


def _at_equal_cost(view: View) -> str:
    found = view.data["equal_cost"]
    by = {
        a: [e for e in found if e["answer"] == a]
        for a in ("better", "worse", "no_measurable_difference")
    }
    better, worse = (
        listed([_named(view, str(e["policy"])) for e in by[a]]) for a in ("better", "worse")
    )
    parts = [
        f"at no more than its cost, a portfolio has measurably less risk than {better}"
        if better
        else "no portfolio has measurably less risk than a policy of the case of the same cost",
        f"measurably more than {worse}{_why(view, by['worse'])}" if worse else "",
        f"for {count_words(len(by['no_measurable_difference']))} of {count_words(len(found))} no "
        "difference in risk is measurable"
        if by["no_measurable_difference"]
        else "",
    ]
    return "; ".join(p for p in parts if p)


def _why(view: View, worse: Sequence[Mapping[str, Any]]) -> str:
    """Whether policies that do better are such as the limits do not allow."""
    fits = {p["id"]: p["fits"] for p in view.data["policies"]}
    if any(fits[e["policy"]] for e in worse):
        return ""
    return (
        ", which the limits do not allow" if len(worse) == 1 else ", none of which the limits allow"
    )


def _named(view: View, policy_id: str) -> str:
    policy = view.case.policy(policy_id)
    return f"{in_sentence(policy.short)} ({policy.id})"


def robust_words(view: View) -> str:
    """Which portfolio is first by other ways of weighing schools of thought."""
    worst = view.first_by("lowest risk in the worst world")
    regret = view.first_by("least regret")
    parts = []
    if worst is not None:
        parts.append(
            f"Whoever looks at the worst school of thought should take portfolio {worst['id']}"
            f"{_buys(view, worst)}: {_worst(view, worst)}"
        )
    if regret is not None:
        parts.append(
            f"portfolio {regret['id']}{_buys(view, regret)} has the least regret: at most "
            f"{plain(100 * regret['regret'], 2)} % more risk than the best tested policy of any "
            "school"
        )
    return "; ".join(parts) + "."


def _buys(view: View, one: Mapping[str, Any]) -> str:
    if one["id"] == view.data["portfolios"][0]["id"]:
        return f", which is {view.now}"
    return "" if one["bought"] else ", which buys nothing"


def _worst(view: View, one: Mapping[str, Any]) -> str:
    share = measured(one["risk_by_world"][one["worst_world"]]).times(100.0)
    if not is_measurable(share):
        return f"nowhere is its risk measurably above that of {view.now}"
    return f"there its risk differs from that of {view.now} by {difference(share, 'plain', '%')}"


def next_words(view: View) -> str:
    """What the next dollar would bring."""
    rows = [m for m in view.data["next_dollar"] if m["contacts_per_year"] is not None]
    told = [m for m in rows if any(m["per_million_usd"][k]["mean"] is not None for k in _GAINS)]
    if not told:
        return (
            "The next dollar: for no channel was the gain of one more step measurable, in risk or "
            "in openings used."
        )
    if len(told) == len(rows):
        which, rest = "each channel", ""
    else:
        which = f"{count_words(len(told))} of {count_words(len(rows))} channels"
        rest = "; for the others the value of a dollar is not measurable in this run"
    return (
        f"The next dollar: for {which} that could be met more often, one more step changes risk or "
        f"the use of openings measurably{rest}."
    )


_GAINS = ("risk", "capture")


def rollout_words(view: View) -> str:
    """How long it takes to build, and in what order."""
    built = {k: r for k, r in view.data["rollouts"].items() if r["steps"]}
    if not built:
        return "There is nothing to roll out."
    people = plain(view.data["limits"]["people_a_year"])
    took = listed([f"{_years(r['steps'][-1]['year'])} for portfolio {k}" for k, r in built.items()])
    at_once = [f"portfolio {k}" for k, r in built.items() if r["delay"] is None]
    told = [
        f"At most {people} people can be added in a year, so the roll-out takes {took}.",
        f"Every channel of {listed(at_once)} begins in the first year." if at_once else "",
        *(_order(view, k) for k in built if built[k]["delay"] is not None),
    ]
    return " ".join(t for t in told if t)


def _order(view: View, portfolio: str) -> str:
    """What comes first, and what it costs that a portfolio does not stand from the first week."""
    found = view.data["rollouts"][portfolio]
    return (
        f"{_kept_order(view, portfolio, found)} With all that does not begin in the first year put "
        f"off to the last, the delay changes expected loss by {_risk(view, found['delay'])} and "
        f"openings used by {_used(found['delay'])}, against the whole portfolio from the first "
        "week, which is what the test plays."
    )


def _kept_order(view: View, portfolio: str, found: Mapping[str, Any]) -> str:
    usual = "those that need fewest people first, so that no one waits for work"
    start = f"Of portfolio {portfolio} "
    if not found["tried"]:
        return f"{start}no other first year fits: channels begin {usual}."
    tried = f"{count_words(found['tried'])} sets of channels were tried"
    if found["gain"] is None:
        return (
            f"{start}{tried}; none was measured to lower the risk below the usual order, "
            f"{usual}, so that one stands."
        )
    kept = (
        "the first year kept"
        if found["differs"] == 1
        else f"what it has begun after {_years(found['differs'])}, where it first differs,"
    )
    return (
        f"{start}{tried}; on fresh futures {kept} changes expected loss by "
        f"{_risk(view, found['gain'])} and openings used by {_used(found['gain'])} against the "
        f"usual order, {usual}."
    )


def _risk(view: View, gap: Mapping[str, Any]) -> str:
    base = view.data["portfolios"][0]["metrics"][RISK]["mean"]
    return difference(measured(gap[RISK]).times(100.0 / base), "plain", "%")


def _used(gap: Mapping[str, Any]) -> str:
    return difference(measured(gap[CAPTURE]), "points")


def _years(n: int) -> str:
    return "one year" if n == 1 else f"{count_words(n)} years"


def price_words(view: View) -> str:
    """Where the standing cost of a portfolio comes from."""
    price = view.data["price"]
    return (
        "What a portfolio costs while it stands is spread from the standing costs that the case "
        "gives its policies: the lowest prices for each contact asked for at which no policy of "
        "the case is priced below what the case says. The rule prices none of them more than "
        f"{money(1e6 * price['most_above_musd'])} a year above it. People are counted at "
        "$350 thousand a year each (△ assumed, 250 to 600)."
    )


def method_words(view: View) -> str:
    """How it was found."""
    sizes, n = view.data["sizes"], len(view.data["worlds"])
    schools = "one school of thought" if n == 1 else f"{count_words(n)} schools of thought"
    return (
        f"How this was found: {count_words(sizes['searches'])} searches (NSGA-III, "
        f"{sizes['generations']} generations of 36) over cadences and levers, each rung of which "
        f"stands in a policy of the case; {sizes['search']:,} futures of each portfolio in each of "
        f"{schools}, the same luck for all; every second search seeks a low risk in the worst "
        f"school. The fronts were looked at again ({sizes['choice']:,} futures, other luck); all "
        "purchases of a portfolio together had to lower risk or use more openings by three "
        "standard errors, and each alone had to help, or they were taken off. What remained was "
        f"tested on {sizes['test']:,} fresh futures. Seed {view.data['seed']}."
    )
