"""A small case with a made-up run: numbers are fixed by hand and stand for nothing real."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from openchannel.analysis import VERDICT_RULE
from openchannel.domain import (
    Actor,
    Calendar,
    Case,
    Channel,
    Draw,
    Levers,
    Override,
    Parameter,
    Pert,
    Policy,
    Proposition,
    Reference,
    Source,
    TieEffect,
    World,
)
from openchannel.model.metrics import EXTRAS, METRICS
from openchannel.report import Findings

EVIL = "<b>*x*</b> & #evil"  # markup of every renderer, to be printed as it stands


def _levers(**changes: Any) -> Levers:
    values: dict[str, Any] = {
        "suspend_at_severity": None,
        "suspend_weeks": 26.0,
        "persist": 0.0,
        "inst": 0.0,
        "offer": 0.0,
        "irritant": 0.0,
        "neg": 0.0,
        "exlev": 1.0,
        "consult": 0.0,
        "eow": False,
        "info_musd_per_year": 0.0,
        "rights": False,
        "fixed_musd_per_year": 1.0,
        "travel_ban": False,
    }
    return Levers(**(values | changes))


def _parameter(
    key: str, module: str, label: str, value: float, grade: Any, **more: Any
) -> Parameter:
    return Parameter(
        key,
        module,
        label,
        "share",
        grade,
        ("",),
        (value,),
        (0.0, 100.0),
        reasoning=f"Made up for {key}.",
        **more,
    )


def example_case() -> Case:
    """Three policies, two schools of thought, one benefit, one risk; no record."""
    parameters = (
        _parameter(
            "e_f", "crisis", "Fewer false readings", 0.3, "C",
            draws=(Draw(("",), "value", Pert(0.0, 0.3, 0.6)),),
            tie_effect=TieEffect(0.0, 1),
            references=(Reference("T1", "the idea", "p. 3"),),
        ),
        _parameter("q_on", "crisis", "Onset of a crisis", 0.1, "A"),
        _parameter("unit_cost", "cost", "Cost of a meeting", 0.25, "B"),
        _parameter("vsl_musd", "cost", "Value of a statistical life", 10.0, "C"),
    )  # fmt: skip
    policies = (
        Policy("N0", "Status quo: the line as it is", "Status quo", "As it is.",
               {"LINE": 2.0}, _levers(), case_for="Cheap.", case_against="Thin."),
        Policy("N1", "Standing talks", "Standing talks", "Talk every month.",
               {"LINE": 12.0}, _levers(), case_for=EVIL, case_against="They may be used.",
               sources=("T1",)),
        Policy("N2", "Silence", "Silence", "No talk.", {"LINE": 0.0}, _levers()),
    )  # fmt: skip
    worlds = (
        World("V1", "Talk helps", "Talk calms. It informs. It lasts.", 0.6, sources=("T1",)),
        World("V2", "Talk does nothing", "Nothing moves. Politics decides. So be it.", 0.4,
              null_tie_effects=True),
    )  # fmt: skip
    propositions = (
        Proposition("B1", "benefit", "Talk calms", "Readings (e_f)", ("p_war", "crises"), "C",
                    (Override("e_f", (), "set", 0.0),), "Who can ask need not guess.",
                    "No reading changes.", ("T1",)),
        Proposition("R1", "risk", "Talk is used", "Costs", ("programme_cost_usd",), "value choice",
                    (), f"Critics say {EVIL}.", "Nothing in the model.", ()),
    )  # fmt: skip
    return Case(
        id="example",
        title="Talks between two neighbours",
        question="Should they talk every month?",
        actors=(Actor("us", "Upland"), Actor("them", "Lowland")),
        channels=(Channel("LINE", 0, "The line"),),
        parameters={p.key: p for p in parameters},
        worlds=worlds,
        policies=policies,
        overlays=(),
        propositions=propositions,
        sources={
            "T1": Source("T1", "On talking", "Author, A.", "2001", "Press", "https://example.org/t1",
                         "excerpt"),
        },
        calendar=Calendar(dt.date(2027, 1, 4), 520, (), ()),
        baseline="N0",
        status_quo="N0",
        focal="N1",
        isolation="N2",
        weights={"fatalities": 1.0, "programme_cost": 1.0, "p_war": 0.0},
        limits=("These neighbours do not exist.",),
        fingerprint="0123456789abcdef" * 4,
    )  # fmt: skip


_LEVELS = {
    "p_war": 0.05, "p_nuclear_use": 0.0001, "crises": 3.0, "fatalities": 50_000.0,
    "economic_loss_usd": 2e11, "programme_cost_usd": 3e7, "composite_loss": 50_003.0,
    "contacts_per_year": 4.0, "thickness_channels": 1.2, "reliability_24h": 0.1,
    "provocations_per_year": 18.0, "closed_share": 0.55,
}  # fmt: skip
_DIFFERENCES = {
    "N1": {"p_war": -0.004, "crises": -0.2, "fatalities": -4000.0, "programme_cost_usd": 1.2e8,
           "composite_loss": -3988.0, "contacts_per_year": 8.0, "thickness_channels": 0.6,
           "reliability_24h": 0.06, "provocations_per_year": -1.0},
    "N2": {"p_war": 0.0004, "programme_cost_usd": -2e7, "contacts_per_year": -3.0,
           "thickness_channels": -0.3, "reliability_24h": -0.03, "composite_loss": 10.0},
}  # fmt: skip
_ERROR = 0.1  # of a difference
_NOT_MEASURABLE = {"N2": ("p_war", "composite_loss")}


def _estimate(mean: float, error: float, spread: float) -> dict[str, float]:
    return {
        "mean": mean, "mcse": error,
        "p05": mean - spread, "p50": mean, "p95": mean + spread,
    }  # fmt: skip


def _difference(policy: str, metric: str, factor: float) -> dict[str, float]:
    mean = factor * _DIFFERENCES.get(policy, {}).get(metric, 0.0)
    error = abs(mean) * (_ERROR if metric not in _NOT_MEASURABLE.get(policy, ()) else 0.8)
    shares = {"pr_better": 0.7, "pr_worse": 0.3, "pr_equal": 0.0}
    return _estimate(mean, error, 2.0 * abs(mean)) | shares


def _block(policy: str, factor: float) -> dict[str, Any]:
    metrics, paired = {}, {}
    for m in (*METRICS, *EXTRAS):
        level = _LEVELS.get(m.id, 0.5)
        own = factor * _DIFFERENCES.get(policy, {}).get(m.id, 0.0)
        metrics[m.id] = _estimate(level + own, 0.05 * level, 0.4 * level)
        paired[m.id] = _difference(policy, m.id, factor)
    return {"metrics": metrics, "versus_baseline": paired}


def _wager(policy: str, verdict: str, factor: float) -> dict[str, Any]:
    loss = _difference(policy, "composite_loss", factor)
    cost = _DIFFERENCES[policy]["programme_cost_usd"]
    return {
        "upside_p95": -loss["p05"], "downside_p05": -loss["p95"],
        "upside_mcse": 0.1 * abs(loss["p05"]), "downside_mcse": 0.1 * abs(loss["p95"]),
        "pr_worse_beliefs_mcse": 0.03, "mean_gain": -loss["mean"], "mean_gain_mcse": loss["mcse"],
        "pr_worse_beliefs": 0.3, "pr_equal_beliefs": 0.0, "pr_worse_luck": 0.9,
        "discordance": 2.0, "discordance_mcse": 0.4,
        "cost_per_point_usd": abs(cost) / 6.0, "cost_per_point_mcse": abs(cost) / 60.0,
        "breakeven_cost_usd": -loss["mean"] * 1e7, "breakeven_cost_mcse": loss["mcse"] * 1e7,
        "cost_usd": cost, "verdict": verdict,
        "luck": {
            "futures": 8000.0, "war_avoided": 0.008, "war_caused": 0.004, "fewer_deaths": 0.1,
            "equal_deaths": 0.86, "more_deaths": 0.04, "loss_higher": 0.9, "loss_lower": 0.1,
            "mcse": {
                "war_avoided": 0.001, "war_caused": 0.001, "fewer_deaths": 0.004,
                "equal_deaths": 0.005, "more_deaths": 0.003, "loss_higher": 0.004,
                "loss_lower": 0.004,
            },
        },
    }  # fmt: skip


def _over_luck() -> dict[str, Any]:
    one = {
        "deaths_p95": 200.0, "deaths_p99": 90_000.0, "deaths_over_100": 0.12,
        "deaths_over_10k": 0.05, "deaths_over_1m": 0.01, "crisis_weeks_p50": 60.0,
        "crisis_weeks_p95": 180.0, "arsenal_p05": 90.0, "arsenal_p50": 140.0,
        "arsenal_p95": 230.0, "political_cost_p95": 0.1, "friction_p95": 0.05,
    }  # fmt: skip
    many = {"peaks": [0.1, 0.4, 0.2, 0.2, 0.05, 0.05], "war_causes": [0.03, 0.01, 0.01, 0.0]}
    errors = {name: 0.1 * value for name, value in one.items()}
    return {
        **one, **many,
        "mcse": {**errors, **{name: [0.1 * v for v in values] for name, values in many.items()}},
    }  # fmt: skip


def example_summary(
    pooled: str = "depends_on_beliefs", worlds: tuple[str, str] = ("better", "worse")
) -> dict[str, Any]:
    """A summary with the verdicts asked for; `worlds` are those of V1 and V2."""
    case = example_case()
    factors = {"V1": 2.0, "V2": -0.5}
    signs = {"better": 1.0, "worse": -1.0, "depends_on_beliefs": 1.0,
             "no_measurable_difference": 0.0}  # fmt: skip

    def view(verdict: str, factor: float) -> dict[str, Any]:
        return {
            "policies": {
                p.id: {
                    "title": p.title,
                    "short": p.short,
                    **_block(p.id, factor),
                    "over_luck": _over_luck(),
                }
                for p in case.policies
            },
            "wager": {
                "N1": _wager("N1", verdict, factor),
                "N2": _wager("N2", "no_measurable_difference", factor),
            },
        }

    ledger = {
        key: {
            "title": title,
            "policies": {
                p: {
                    "p_war": _difference(p, "p_war", f),
                    "composite_loss": _difference(p, "composite_loss", f),
                    "verdict": "better" if f > 0 else "no_measurable_difference",
                }
                for p in ("N1", "N2")
            },
        }
        for key, title, f in (("both_on", "Both as believed", 1.0), ("both_off", "Both off", 0.0))
    }
    return {
        "schema_version": 1, "case": case.id, "title": case.title, "seed": 7,
        "n_draws": 200, "n_replicates": 20, "futures": 4000, "horizon_weeks": 520,
        "beliefs": "ranges", "overlay": "", "baseline": "N0", "focal": "N1", "isolation": "N2",
        "verdict_rule": VERDICT_RULE,
        **view(pooled, signs[pooled]),
        "worlds": {
            w.id: {"title": w.title, "weight": w.weight,
                   **view(verdict, abs(factors[w.id]) * signs[verdict])}
            for w, verdict in zip(case.worlds, worlds, strict=True)
        },
        "ledger": ledger,
    }  # fmt: skip


MANIFEST = {
    "openchannel": "0.0", "code": "feedface", "case": "example", "case_source": "example",
    "case_fingerprint": "0123456789abcdef" * 4, "evidence_fingerprint": None, "seed": 7,
    "beliefs": "ranges", "overlay": "", "horizon_weeks": 520,
    "platform": {"python": "3.11", "system": "any"},
}  # fmt: skip


def example_findings(summary: dict[str, Any] | None = None) -> Findings:
    """Findings of the example, without a record."""
    return Findings(example_case(), copy.deepcopy(summary or example_summary()), MANIFEST)
