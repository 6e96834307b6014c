"""A design in values that JSON can hold: portfolios, comparisons, the next dollar, the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from openchannel.usecases.plain import mean_and_error, plain_values

if TYPE_CHECKING:
    from openchannel.analysis.measured import Measured
    from openchannel.analysis.portfolio.designer import Designer
    from openchannel.analysis.portfolio.examine import Margin, Tested
    from openchannel.analysis.portfolio.rollout import RollOut
    from openchannel.analysis.portfolio.workshop import Chosen
    from openchannel.domain import Policy

__all__ = ["built", "findings", "recommended"]

KNEE, LOWEST = "knee", "lowest risk"


def recommended(tested: Tested) -> Chosen:
    """The knee, or the status quo where every portfolio was measurably riskier."""
    return next((c for c in tested.chosen if KNEE in c.reasons), tested.chosen[0])


def built(tested: Tested) -> list[Chosen]:
    """Portfolios whose roll-out is told: the one put forward, and that with the lowest risk."""
    asked = recommended(tested)
    return [c for c in tested.chosen if c is asked or LOWEST in c.reasons]


def findings(
    made: Designer,
    tested: Tested,
    margins: Sequence[Margin],
    parts: tuple[Measured, Measured],
    rollouts: Mapping[str, RollOut],
) -> dict[str, Any]:
    """All that a page, a chapter or a program needs."""
    from openchannel.analysis.portfolio.front import undominated

    n = len(tested.chosen)
    front = set(undominated(tested.outcomes.aims()[:n]).tolist())
    portfolios = [
        {
            **_policy(made, tested, tested.policies[i]),
            **_names(made, c),
            "reasons": list(c.reasons),
            "bought": [made.space.choices[b].name for b in made.space.bought(c.point)],
            "undominated": i in front,
        }
        for i, c in enumerate(tested.chosen)
    ]
    asked = recommended(tested)
    price = made.space.price
    found = {
        "baseline": made.usual.id,
        "aims": list(_aims()),
        "price": {
            "base_musd": price.base,
            "standing_musd_per_contact": dict(price.standing_of),
            "contact_musd": dict(price.contact),
            "most_above_musd": price.most_above_musd,
        },
        "recommended": asked.id,
        "portfolios": portfolios,
        "policies": [_policy(made, tested, p) for p in tested.policies[n:]],
        **_against_policies(tested, made.rivals),
        "next_dollar": [_margin(m) for m in margins],
        "parts": {
            name: mean_and_error(p)
            for name, p in zip(("levers_alone", "contacts_alone"), parts, strict=True)
        },
        "rollouts": {portfolio: _rollout(r) for portfolio, r in rollouts.items()},
    }
    return dict(plain_values(found))


def _rollout(found: RollOut) -> dict[str, Any]:
    """What begins when, and what the order and the delay change."""
    return {
        "steps": [asdict(s) for s in found.steps],
        "tried": found.tried,
        "differs": found.differs,
        **{
            name: None if gap is None else {m: mean_and_error(x) for m, x in gap.items()}
            for name, gap in (("delay", found.delay), ("gain", found.gain))
        },
    }


def _names(made: Designer, chosen: Chosen) -> dict[str, str]:
    """What a portfolio is called; the status quo is called what it is."""
    name = f"Portfolio {chosen.id}"
    if chosen.point == made.space.now:
        name = f"{made.usual.short} ({chosen.id})"
    return {"short": name, "title": name}


def _aims() -> Sequence[str]:
    from openchannel.analysis.portfolio.trial import AIMS

    return tuple(AIMS)


def _policy(made: Designer, tested: Tested, policy: Policy) -> dict[str, Any]:
    from openchannel.analysis.portfolio.trial import NUCLEAR, WAR

    found, base = tested.outcomes, made.usual.id
    metrics = (*_aims(), WAR, NUCLEAR)
    worlds = {w.id: _risk_share(tested, policy.id, base, i) for i, w in enumerate(made.case.worlds)}
    at = found.policies.index(policy.id)
    return {
        "id": policy.id,
        "short": policy.short,
        "title": policy.title,
        "cadence": {
            c.id: policy.cadence[c.id] for c in made.case.channels if c.id in policy.cadence
        },
        "levers": {
            f.name: getattr(policy.levers, f.name)
            for f in fields(policy.levers)
            if f.name != "conc_exempt"
        },
        "yearly_usd": made.space.price.yearly_usd(policy),
        "people": made.space.price.people(policy),
        "fits": made.limits.allow(made.space.price, policy),
        "metrics": {m: mean_and_error(found.level(m, policy.id)) for m in metrics},
        "versus_baseline": {
            m: mean_and_error(found.difference(m, policy.id, base)) for m in metrics
        },
        "risk_by_world": {w: mean_and_error(m) for w, m in worlds.items()},
        "worst_world": max(worlds, key=lambda w: worlds[w].mean),
        "regret": float(found.regret()[at]),
    }


def _risk_share(tested: Tested, policy: str, base: str, world: int) -> Measured:
    """Risk above the baseline's in one world, as a share of it."""
    from openchannel.analysis.portfolio.trial import RISK

    gap = tested.outcomes.difference(RISK, policy, base, world)
    return _share(gap, tested.outcomes.mean(RISK, base, world))


def _against_policies(tested: Tested, rivals: Sequence[Policy]) -> dict[str, list[Any]]:
    """Policies by the portfolio that can be paid for at their cost, and those without one."""
    found = {r.id: _equal_cost(tested, r) for r in rivals}
    return {
        "equal_cost": [e for e in found.values() if e is not None],
        "cheaper_than_all": [policy for policy, e in found.items() if e is None],
    }


def _equal_cost(tested: Tested, rival: Policy) -> dict[str, Any] | None:
    """The portfolio chosen for the cost of a policy, held against it on fresh futures.

    None where every portfolio costs more than the policy.
    """
    from openchannel.analysis.portfolio.trial import CAPTURE, COST, RISK

    why = f"at the cost of {rival.id}"
    chosen = next((c for c in tested.chosen if why in c.reasons), None)
    if chosen is None:
        return None
    found = tested.outcomes
    risk, used, cost = (found.difference(m, chosen.id, rival.id) for m in (RISK, CAPTURE, COST))
    return {
        "policy": rival.id,
        "portfolio": chosen.id,
        "risk": mean_and_error(risk),
        "risk_share": mean_and_error(_share(risk, found.mean(RISK, rival.id))),
        "capture": mean_and_error(used),
        "cost_usd": mean_and_error(cost),
        "answer": _answer(risk),
    }


def _share(gap: Measured, level: float) -> Measured:
    from openchannel.analysis.measured import Measured

    return Measured(gap.mean / level, gap.mcse / level)


def _answer(risk: Measured) -> str:
    """Whether the portfolio has less risk, as the verdict rule would say it."""
    if not risk.is_measurable:
        return "no_measurable_difference"
    return "better" if risk.mean < 0.0 else "worse"


def _margin(margin: Margin) -> dict[str, Any]:
    """What one more rung brings, and for each million dollars spent on it."""
    per_million = {}
    for name in ("risk", "capture"):
        gain = getattr(margin, name)
        spends = margin.cost.is_measurable and margin.cost.mean > 0.0
        told = spends and gain.is_measurable
        scale = 1e6 / margin.cost.mean if told else float("nan")
        per_million[name] = {"mean": gain.mean * scale, "mcse": gain.mcse * abs(scale)}
    return {
        "channel": margin.channel,
        "contacts_per_year": margin.rung,
        "yearly_usd": margin.yearly_usd,
        "fits": margin.fits,
        "risk": mean_and_error(margin.risk),
        "capture": mean_and_error(margin.capture),
        "cost_usd": mean_and_error(margin.cost),
        "per_million_usd": per_million,
    }
