"""`summary.json`: the findings of a run in the fixed shape that people and programs read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.estimates import Estimate, Estimates, Shares, WorldValues
from openchannel.analysis.luck import Numbers, OverLuck
from openchannel.analysis.verdict import VERDICT_RULE, WorldView, judge
from openchannel.domain import Case, World
from openchannel.ensemble import Collected, Plan
from openchannel.model.metrics import EXTRAS, METRICS, Metric

__all__ = ["SCHEMA_VERSION", "Findings", "ledger_summary", "metric_words", "summarise"]

SCHEMA_VERSION = 1
F8 = NDArray[np.float64]
_ALL = METRICS + EXTRAS


def _number(x: float) -> float | None:
    """JSON has no NaN: an undefined number is null."""
    return None if math.isnan(x) or math.isinf(x) else float(f"{x:.12g}")


def _plain(estimate: Estimate) -> dict[str, float | None]:
    return {k: _number(v) for k, v in asdict(estimate).items()}


def _with_errors(numbers: Numbers) -> dict[str, Any]:
    """Values by name, and under `mcse` their errors by the same names."""

    def side(i: int) -> dict[str, Any]:
        return {
            name: [_number(n[i]) for n in value] if isinstance(value, list) else _number(value[i])
            for name, value in numbers.items()
        }

    return {**side(0), "mcse": side(1)}


def _paired(metric: Metric, estimate: Estimate, shares: Shares) -> dict[str, float | None]:
    better, worse = (
        (shares.below, shares.above) if metric.better != "high" else (shares.above, shares.below)
    )
    return {
        **_plain(estimate),
        "pr_better": _number(better),
        "pr_worse": _number(worse),
        "pr_equal": _number(shares.equal),
    }


class Findings:
    """Findings of one run, world by world and pooled."""

    def __init__(
        self, case: Case, plan: Plan, collected: Collected, worlds: Sequence[World], vsl_musd: float
    ) -> None:
        self.case = case
        self.plan = plan
        self.run = collected
        self.worlds = tuple(worlds)
        self.vsl_usd = vsl_musd * 1e6
        self.base = plan.policies.index(plan.baseline)
        draws = self.draws = np.array([g.draw for g in plan.groups()], np.int64)
        total = sum(w.weight for w in worlds)
        raw = np.array([w.weight for w in worlds]) if total > 0 else np.ones(len(self.worlds))
        self.weights = raw / raw.sum()
        values = WorldValues(collected, draws)
        self.by_world = [Estimates(values, one) for one in np.eye(len(self.worlds))]
        self.pooled = Estimates(values, self.weights)

    def policy(self, view: Estimates, weights: F8, x: int) -> dict[str, Any]:
        """Metrics, paired differences and distributions of a policy in one view."""
        policy = self.case.policy(self.plan.policies[x])
        return {
            "title": policy.title,
            "short": policy.short,
            "metrics": {m.id: _plain(view.estimate(m.id, x)) for m in _ALL},
            "versus_baseline": {
                m.id: _paired(m, *view.difference(m.id, x, self.base)) for m in _ALL
            },
            "over_luck": _with_errors(OverLuck(self.run, weights, self.draws).alone(x)),
        }

    def wager(self, view: Estimates, weights: F8, x: int, pooled: bool) -> dict[str, Any]:
        """Wager profile of one policy against the baseline (D20 to D23)."""
        loss, shares = view.difference("composite_loss", x, self.base)
        views = self._views(x) if pooled and len(self.worlds) > 1 else ()
        verdict = judge(loss, shares, view.mean("composite_loss", self.base), views)
        return {
            **self._over_beliefs(view, x, loss, shares),
            **self._over_luck(weights, x),
            **self._prices(view, x),
            "verdict": str(verdict),
        }

    def _views(self, x: int) -> tuple[WorldView, ...]:
        """What each world says of a policy's loss."""
        return tuple(
            WorldView(float(w), self.by_world[i].difference("composite_loss", x, self.base)[0])
            for i, w in enumerate(self.weights)
        )

    def _over_beliefs(
        self, view: Estimates, x: int, loss: Estimate, shares: Shares
    ) -> dict[str, Any]:
        up, down = view.spread_errors("composite_loss", x, self.base)
        worse = shares.above
        return {
            "upside_p95": _number(-loss.p05),
            "upside_mcse": _number(up),
            "downside_p05": _number(-loss.p95),
            "downside_mcse": _number(down),
            "mean_gain": _number(-loss.mean),
            "mean_gain_mcse": _number(loss.mcse),
            "pr_worse_beliefs": _number(worse),
            "pr_worse_beliefs_mcse": _number(math.sqrt(worse * (1.0 - worse) / self.plan.n_draws)),
            "pr_equal_beliefs": _number(shares.equal),
        }

    def _over_luck(self, weights: F8, x: int) -> dict[str, Any]:
        chance = OverLuck(self.run, weights, self.draws)
        discordance, error = chance.discordance(x)
        return {
            "pr_worse_luck": _number(chance.share("loss_higher", x)),
            "discordance": _number(discordance),
            "discordance_mcse": _number(error),
            "luck": {
                "futures": int(self.run.count("futures")[:, x] @ (weights > 0)),
                **_with_errors(chance.paired(x)),
            },
        }

    def _prices(self, view: Estimates, x: int) -> dict[str, Any]:
        """What the policy costs, what it may cost at most, and what reliability costs."""
        deaths, _ = view.difference("fatalities", x, self.base)
        cost, _ = view.difference("programme_cost_usd", x, self.base)
        price, error = view.price("programme_cost_usd", "reliability_24h", x, self.base)
        return {
            "breakeven_cost_usd": _number(-deaths.mean * self.vsl_usd),
            "breakeven_cost_mcse": _number(deaths.mcse * self.vsl_usd),
            "cost_usd": _number(cost.mean),
            "cost_per_point_usd": _number(price / 100.0),
            "cost_per_point_mcse": _number(error / 100.0),
        }

    def told(self) -> list[dict[str, dict[str, Any]]]:
        """Every policy, and the wager of every one but the baseline, by world and then pooled."""
        views = [*zip(self.by_world, np.eye(len(self.worlds)), strict=True)]
        views.append((self.pooled, self.weights))
        told: list[dict[str, dict[str, Any]]] = [{"policies": {}, "wager": {}} for _ in views]
        for x, policy_id in enumerate(self.plan.policies):  # what views share is kept by policy
            for (view, weights), said in zip(views, told, strict=True):
                said["policies"][policy_id] = self.policy(view, weights, x)
                if x != self.base:
                    pooled = view is self.pooled
                    said["wager"][policy_id] = self.wager(view, weights, x, pooled)
        return told


def summarise(findings: Findings) -> dict[str, Any]:
    """The summary of a run; see docs/reference/run-folder.md for every field."""
    case, plan = findings.case, findings.plan
    *by_world, pooled = findings.told()
    worlds = {
        world.id: {"title": world.title, "weight": float(weight), **told}
        for world, weight, told in zip(findings.worlds, findings.weights, by_world, strict=True)
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "case": case.id,
        "title": case.title,
        "seed": plan.seed,
        "n_draws": plan.n_draws,
        "n_replicates": plan.n_replicates,
        "futures": plan.futures,
        "horizon_weeks": plan.horizon_weeks,
        "beliefs": "ranges" if plan.ranges else "modes",
        "overlay": plan.overlay,
        "baseline": plan.baseline,
        "focal": case.focal,
        "isolation": case.isolation,
        "verdict_rule": VERDICT_RULE,
        **pooled,
        "worlds": worlds,
    }


def metric_words() -> Mapping[str, dict[str, str]]:
    """Title, unit and direction of every metric, for tables and pages."""
    return {m.id: {"title": m.title, "unit": m.unit, "better": m.better} for m in _ALL}


def ledger_summary(findings: Findings) -> dict[str, Any]:
    """The decision under each setting of the ledger: differences of the policies that were run."""
    result = {}
    for i, setting in enumerate(findings.worlds):
        view = findings.by_world[i]
        policies = {}
        for x, policy_id in enumerate(findings.plan.policies):
            if x == findings.base:
                continue
            policies[policy_id] = {
                "p_war": _plain(view.difference("p_war", x, findings.base)[0]),
                "composite_loss": _plain(view.difference("composite_loss", x, findings.base)[0]),
                "verdict": findings.wager(view, np.eye(len(findings.worlds))[i], x, pooled=False)[
                    "verdict"
                ],
            }
        result[setting.id] = {"title": setting.title, "policies": policies}
    return result
