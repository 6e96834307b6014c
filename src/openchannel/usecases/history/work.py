"""The parts of what history says, each as values that JSON can hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from openchannel.calibration.history.backcast import (
    BackCast,
    count_back_cast,
    simulator_back_casts,
)
from openchannel.calibration.history.data import TIERS, History
from openchannel.calibration.history.measured import posteriors, severity_posterior
from openchannel.calibration.history.models import (
    Fit,
    Forecast,
    block_error,
    fit,
    forecasts,
    models_of,
)
from openchannel.calibration.history.sampler import Sizes
from openchannel.calibration.history.study import (
    event_study,
    secret_sweep,
    stratified_ratios,
    window_ratios,
)
from openchannel.domain import Case
from openchannel.evidence import Record

__all__ = ["evidence_values", "measured_values", "model_values", "study_values"]

F8 = NDArray[np.float64]
Values = dict[str, Any]

_TUNE = 500
#: Years and past events compete in the event study, so its chains move slowly.
_STUDY = 3
_FUTURES = 800  # of the simulator's back-casts


def evidence_values(record: Record, history: History) -> Values:
    """What the findings rest on, and weekly counts since 2012 for the age of the evidence."""
    modern = history.year >= 2012
    return {
        "fingerprint": record.fingerprint,
        "start": history.start.isoformat(),
        "end": history.end.isoformat(),
        "last_contact": record.last_contact.isoformat() if record.last_contact else None,
        "weeks": history.n_weeks,
        "events": {str(t): int(history.events(t).sum()) for t in TIERS},
        "contact_weeks": int(history.contact.sum()),
        "exercise_weeks": int(history.exercise.sum()),
        "weekly_since_2012": history.events(2)[modern].tolist(),
    }


def model_values(
    case: Case,
    record: Record,
    history: History,
    draws: int,
    seed: int,
    tell: Callable[[str], None],
) -> Values:
    """Fits, scores and checks of every model, and back-casts of those that count all events."""
    full, short = Sizes(4, _TUNE, draws), Sizes(2, 300, max(50, draws // 2))
    models: list[Values] = []
    casts: list[BackCast] = []
    for tier in TIERS:
        fits, ahead = [], []
        for model in models_of(history, tier):
            tell(f"severity {tier} and more: {model.label}...")
            fits.append(fit(model, seed, full))
            scored = []
            for forecast, chains in forecasts(model, history, seed, short):
                scored.append(forecast)
                if tier == TIERS[0]:
                    casts.append(count_back_cast(model, chains, history, forecast.origin, seed))
            ahead.append(scored)
        models += _compared(tier, fits, ahead)
    tell("the simulator from 1994, 2001, 2012 and 2019...")
    casts += simulator_back_casts(case, record, history, seed, _FUTURES)
    return {"models": models, "back_casts": [_cast_values(c) for c in casts]}


def _compared(tier: int, fits: Sequence[Fit], ahead: Sequence[Sequence[Forecast]]) -> list[Values]:
    """Models of one severity, each beside the best by each score."""
    loo = [f.loo.pointwise for f in fits]
    scores = [np.concatenate([x.scores for x in scored]) for scored in ahead]
    best_loo = max(loo, key=lambda x: x.sum())
    best_ahead = max(scores, key=lambda x: x.sum())
    rows = []
    for found, own, own_ahead, scored in zip(fits, loo, scores, ahead, strict=True):
        rows.append(
            {
                "tier": tier,
                "id": found.model.id,
                "label": found.model.label,
                "passes": found.passes,
                "diagnostics": found.chains.diagnostics.as_dict(),
                "checks": [{**asdict(c), "passes": c.passes} for c in found.checks],
                "elpd_loo": found.loo.elpd,
                "elpd_loo_se": found.loo.error,
                "effective_parameters": found.loo.effective_parameters,
                "unstable_weeks": found.loo.unstable,
                "loo_behind": _behind(own, best_loo),
                "log_score": float(own_ahead.sum()),
                "log_score_weeks": len(own_ahead),
                "log_score_behind": _behind(own_ahead, best_ahead),
                "log_scores": [
                    {
                        "origin": x.origin.isoformat(),
                        "until": x.until.isoformat(),
                        "weeks": len(x.scores),
                        "total": x.total,
                        "diagnostics": x.diagnostics.as_dict(),
                    }
                    for x in scored
                ],
                "effects": _effects(found),
            }
        )
    return rows


def _behind(own: F8, best: F8) -> Values:
    """How far behind the best, with the error of the difference over half-years."""
    difference = own - best
    return {"mean": float(difference.sum()), "se": block_error(difference)}


def _effects(found: Fit) -> list[Values]:
    """Rate ratios, effects of groups, branching and half-life: median and 95 %."""
    model, chains = found.model, found.chains
    rows = [
        _interval(name, "rate ratio", np.exp(chains.named(f"b:{name}"))) for name in model.names
    ]
    for group in model.groups:
        for label, effect in model.effects(group, chains.flat).items():
            rows.append(_interval(label, f"{group.name}, ratio to the mean", np.exp(effect)))
    if model.is_exciting:
        branching = expit(chains.named("logit_branching"))
        rows.append(_interval("branching ratio", "events caused per event", branching))
        half_life = np.exp(chains.named("log_half_life"))
        rows.append(_interval("half-life", "weeks", half_life))
    rows.append(_interval("size of the negative binomial", "", np.exp(chains.named("log_size"))))
    return rows


def _interval(name: str, unit: str, draws: F8) -> Values:
    middle, low, high = (float(q) for q in np.percentile(draws, [50, 2.5, 97.5]))
    return {"name": name, "unit": unit, "median": middle, "low": low, "high": high}


def _cast_values(cast: BackCast) -> Values:
    return {
        "model": cast.model,
        "origin": cast.origin.isoformat(),
        "crps": cast.crps,
        "coverage80": cast.coverage(80),
        "coverage95": cast.coverage(95),
        "years": [{**asdict(y), "within95": y.is_within} for y in cast.years],
    }


def study_values(codings: Sequence[tuple[str, History]], draws: int, seed: int) -> Values:
    """The event study, stratified ratios and the sweep over secret contacts."""
    history = codings[0][1]
    studies = [
        event_study(history, tier, seed, Sizes(4, _TUNE, _STUDY * draws)) for tier in TIERS[:2]
    ]
    return {
        "studies": [
            {
                **asdict(s),
                "diagnostics": s.diagnostics.as_dict(),
                "verdict": s.verdict,
            }
            for s in studies
        ],
        "ratios": [asdict(r) for r in (*stratified_ratios(codings), *window_ratios(codings))],
        "secret": [asdict(r) for r in secret_sweep(history, 2, seed)],
    }


def measured_values(
    case: Case, codings: Sequence[tuple[str, History]], draws: int, seed: int
) -> Values:
    """Posteriors of parameters of grade A, and the factor that keeps onsets where they were."""
    found, diagnostics = posteriors(case, codings[0][1], seed, Sizes(4, _TUNE, draws))
    shares = [severity_posterior(case, h, name) for name, h in codings]
    return {
        "diagnostics": diagnostics.as_dict(),
        "posteriors": [{**asdict(p), "verdict": p.verdict} for p in found],
        "severities": [
            {**asdict(s), "concentration": s.concentration, "agrees": s.agrees} for s in shares
        ],
        "onset_factor": _onset_factor(case, found[0].mean, shares[0].mean),
    }


def _onset_factor(case: Case, lam0: float, shares: Sequence[float]) -> float:
    """What to multiply the chances of a crisis with so that expected onsets stay (J1)."""
    onset = np.array([case.parameters["q_on"][str(s)] for s in (2, 3, 4, 5)])
    held = np.array([case.parameters["p_sev"][str(s)] for s in (2, 3, 4, 5)])
    before = case.parameters["lam0"].value * float(onset @ held)
    return before / (lam0 * float(onset @ np.asarray(shares)))
