"""D, the outcome metrics: what each is, and how a future's sums give it.

A metric is a ratio of two sums over futures, `numerator / denominator`. For most the denominator
is one a future, so it is a plain mean; rates and shares of events divide by time at risk or by
events. War, nuclear use, deaths and losses use the Rao-Blackwell sums; the realised counts stand
beside them as `..._raw`.

Many metrics share a divisor, so there are far fewer divisors than metrics, and they are kept apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openchannel.domain.lengths import WEEKS_A_YEAR
from openchannel.kernel.keys import Out

__all__ = [
    "DIVISORS",
    "EXTRAS",
    "METRICS",
    "Metric",
    "divisor_of",
    "metric_index",
    "metric_values",
]

F8 = NDArray[np.float64]
Sums = Callable[[str], F8]


@dataclass(frozen=True, slots=True)
class Metric:
    """One outcome: its id, words, unit, which direction is better, its sum and its divisor."""

    id: str
    title: str
    unit: str
    better: Literal["low", "high", "none"]
    numerator: Callable[[Sums], F8]
    divisor: str = "futures"  # a key of DIVISORS
    science: str = ""

    @property
    def is_plain(self) -> bool:
        """A mean over futures, so that paired differences are defined future by future."""
        return self.divisor == "futures"

    @property
    def is_counted(self) -> bool:
        """A count of rare events as luck had them, which beliefs alone do not fix."""
        return self.id.endswith("_raw")


def _weekly(name: str) -> Callable[[Sums], F8]:
    """Average over the weeks at risk of a future; 0 where it had none."""
    return lambda o: o(name) / np.maximum(o("weeks"), 1.0)


def _total(*names: str, times: float = 1.0) -> Callable[[Sums], F8]:
    return lambda o: times * sum((o(n) for n in names[1:]), o(names[0]))


_EVENTS = ("ev2", "ev3", "ev4", "ev5")
_ARRIVALS = ("arr_det", "arr_open", "arr_hum", "arr_suc", "arr_def")
_CAPTURES = ("cap_det", "cap_open", "cap_hum", "cap_suc", "cap_def")
_OPPORTUNITIES = (
    ("detainee", "det", "Detainees released sooner"),
    ("opening", "open", "Openings used"),
    ("humanitarian", "hum", "Humanitarian emergencies used"),
    ("succession", "suc", "Successions met with ties"),
    ("defection", "def", "Defection scares met with ties"),
)
_IN_YEARS = 1.0 / WEEKS_A_YEAR
_CAPPED_DEATHS = 1e6
_DEATHS = ("fat_inc", "fat_r4", "fat_war", "fat_nuc")

#: What a sum is divided by, by name; the first is one a future.
DIVISORS: Mapping[str, Callable[[Sums], F8]] = {
    "futures": lambda o: np.ones_like(o("weeks")),
    "years": _total("weeks", times=_IN_YEARS),
    "alive": lambda o: 1.0 - o("war"),
    "crises": _total("crises"),
    "crisis_weeks": _total("crisis_weeks"),
    "arrivals": _total(*_ARRIVALS),
    **{f"arrivals_{short}": _total(f"arr_{short}") for _, short, _ in _OPPORTUNITIES},
    "contacts": _total("contacts"),
    "engaged": _total("engaged"),
}


def _war_within(years: int) -> Callable[[Sums], F8]:
    """War, counted, within the first years: the weeks at risk tell when it came."""
    return lambda o: o("war") * (o("weeks") < WEEKS_A_YEAR * years)


def _capped_deaths(o: Sums) -> F8:
    return np.minimum(_total(*_DEATHS)(o), _CAPPED_DEATHS)


# The order is that of the run's contract; composite_loss is filled by `metric_values`.
METRICS: tuple[Metric, ...] = (
    Metric("p_war", "Chance of war", "probability", "low", _total("rb_war", "cv_war"),
           science="D1"),
    Metric("p_nuclear_use", "Chance of nuclear use", "probability", "low",
           _total("rb_nuc", "cv_nuc"),
           science="D2"),
    Metric("crises", "Crises", "crises", "low", _total("crises"), science="D3"),
    Metric("crises_lethal", "Crises with a lethal clash", "crises", "low", _total("crises_r3"),
           science="D3"),
    Metric("fatalities", "Expected deaths", "persons", "low",
           _total("fat_inc", "fat_r4", "rb_fat", "cv_fat"), science="D4"),
    Metric("economic_loss_usd", "Economic loss", "US dollars", "low",
           _total("econ_r4", "rb_econ", "cv_econ", times=1e12), science="D6"),
    Metric("reliability_24h", "Reliability within 24 h", "probability", "high", _weekly("rel24"),
           science="D7"),
    Metric("reliability_crisis_24h", "Reliability within 24 h in crisis weeks", "probability",
           "high", _total("rel24_crisis"), "crisis_weeks", science="D7"),
    Metric("thickness_channels", "Thickness", "effective channels", "high", _weekly("K_eff"),
           science="D8"),
    Metric("provocations_per_year", "Provocations", "events a year", "low", _total(*_EVENTS),
           "years", science="D9"),
    Metric("lethal_incidents_per_year", "Lethal incidents", "incidents a year", "low",
           _total("lethal"), "years", science="D9"),
    Metric("agreement_years_real", "Years under a real agreement", "years", "high",
           _total("ag_real", times=_IN_YEARS), science="D10"),
    Metric("agreement_years_paper", "Years under a paper agreement", "years", "low",
           _total("ag_paper", times=_IN_YEARS), science="D10"),
    Metric("arsenal_warheads", "Arsenal at the horizon", "warheads", "low", _total("W_T"), "alive",
           science="D11"),
    Metric("opportunity_capture", "Opportunities captured", "share", "high",
           _total(*_CAPTURES), "arrivals", science="D12"),
    Metric("detainee_days", "Days held per detainee", "days", "low", _total("det_days"),
           "arrivals_det", science="D13"),
    Metric("policy_survival", "Share of time in force", "share", "high", _weekly("pe_weeks"),
           science="D14"),
    Metric("knowledge_index", "Knowledge of the other side", "index 0 to 1", "high",
           _weekly("K_index"), science="D15"),
    Metric("intelligence_loss", "Expected intelligence compromises", "events", "low",
           _total("ci"), science="D15"),
    Metric("programme_cost_usd", "Programme cost", "US dollars", "low", _total("cost", times=1e6),
           science="D16"),
    Metric("political_cost_index", "Political cost at home", "index", "low", _weekly("Pd"),
           science="D17"),
    Metric("alliance_friction_index", "Friction with allies", "index", "low", _weekly("F"),
           science="D18"),
    Metric("composite_loss", "Composite loss", "equivalent deaths", "low", _total("fat_inc"),
           science="D19"),
)  # fmt: skip

EXTRAS: tuple[Metric, ...] = (
    Metric("p_war_raw", "War, counted", "probability", "low", _total("war")),
    Metric("p_nuclear_use_raw", "Nuclear use, counted", "probability", "low", _total("nuc")),
    Metric("p_preemptive_use", "Pre-emptive nuclear use", "probability", "low", _total("rb_pre")),
    Metric("p_nuclear_use_in_war", "Nuclear use once war has begun", "probability", "low",
           lambda o: o("rb_nuc") + o("cv_nuc") - o("rb_pre")),
    Metric("p_large_exchange", "Chance of a large nuclear exchange", "probability", "low",
           _total("rb_large", "cv_large")),
    Metric("p_large_exchange_raw", "Large nuclear exchange, counted", "probability", "low",
           _total("large")),
    Metric("fatalities_raw", "Deaths, counted", "persons", "low",
           _total(*_DEATHS)),
    Metric("fatalities_capped_raw", "Deaths, counted up to a million a future", "persons", "low",
           _capped_deaths),
    Metric("war_per_year_at_risk", "War per year at risk", "per year", "low",
           _total("rb_war", "cv_war"),
           "years"),
    Metric("nuclear_use_per_year_at_risk", "Nuclear use per year at risk", "per year", "low",
           _total("rb_nuc", "cv_nuc"), "years"),
    Metric("crises_per_year", "Crises per year at risk", "crises a year", "low",
           _total("crises"), "years"),
    Metric("years_at_risk", "Years at risk", "years", "none", _total("weeks", times=_IN_YEARS)),
    Metric("p_war_4y_raw", "War within 4 years, counted", "probability", "low", _war_within(4)),
    Metric("p_war_8y_raw", "War within 8 years, counted", "probability", "low", _war_within(8)),
    Metric("share_crises_lethal", "Share of crises with a lethal clash", "share", "low",
           _total("crises_r3"), "crises"),
    Metric("share_crises_strikes", "Share of crises with strikes", "share", "low",
           _total("crises_r4"), "crises"),
    Metric("crisis_weeks", "Weeks in crisis", "weeks", "low", _total("crisis_weeks")),
    Metric("reliability_6h", "Reliability within 6 h", "probability", "high", _weekly("rel6")),
    Metric("reliability_72h", "Reliability within 72 h", "probability", "high", _weekly("rel72")),
    Metric("share_reliability_low", "Share of weeks with reliability below 0.1", "share", "low",
           _weekly("rel24_low")),
    Metric("mean_tie", "Mean tie, weighted by authority", "share", "high", _weekly("S")),
    Metric("share_three_live", "Share of weeks with three live authoritative channels", "share",
           "high", _weekly("live3")),
    Metric("closed_share", "Share of weeks with the other side closed", "share", "none",
           _weekly("closed")),
    Metric("contacts_per_year", "Contacts", "contacts a year", "none", _total("contacts"), "years"),
    Metric("line_cuts", "Lines cut", "cuts", "low", _total("cuts")),
    Metric("collapses", "Agreements collapsed", "collapses", "low", _total("collapses")),
    Metric("windows", "Negotiation windows", "windows", "none", _total("windows")),
    Metric("mean_tension", "Mean log-tension", "log", "none", _weekly("theta")),
    Metric("legitimation_index", "Legitimation", "index", "low", _weekly("L")),
    Metric("share_friction_high", "Share of weeks with friction above 0.25", "share", "low",
           _weekly("F_high")),
    Metric("rights_share", "Share of engaged weeks with rights on the agenda", "share", "high",
           _total("engaged_rights"), "engaged"),
    *(
        Metric(f"severity_{s}_per_year", f"Provocations of severity {s}", "events a year", "low",
               _total(f"ev{s}"), "years")
        for s in (2, 3, 4, 5)
    ),
    Metric("severity_4_5_per_year", "Provocations of severity 4 and 5", "events a year", "low",
           _total("ev4", "ev5"), "years"),
    Metric("detention_political_cost", "Political cost of detentions", "index", "low",
           _total("det_pc")),
    Metric("loose_weapons_index", "Loose-weapons index", "index", "low", _total("loose")),
    *(
        Metric(f"capture_{name}", title, "share", "high", _total(f"cap_{short}"),
               f"arrivals_{short}")
        for name, short, title in _OPPORTUNITIES
    ),
    Metric("cost_per_contact_usd", "Programme cost per contact", "US dollars", "low",
           _total("cost", times=1e6), "contacts"),
)  # fmt: skip

_ALL = METRICS + EXTRAS
_INDEX = {m.id: i for i, m in enumerate(_ALL)}
_DIVISOR_INDEX = {name: i for i, name in enumerate(DIVISORS)}


def metric_index(metric_id: str) -> int:
    """Place of a metric on the metric axis: METRICS first, then EXTRAS."""
    return _INDEX[metric_id]


def divisor_of(metric_id: str) -> int:
    """Place of a metric's divisor on the divisor axis."""
    return _DIVISOR_INDEX[_ALL[_INDEX[metric_id]].divisor]


def metric_values(out: F8, weights: Mapping[str, float], vsl_musd: F8) -> tuple[F8, F8]:
    """Numerator of every metric, and every divisor, for every future.

    Parameters
    ----------
    out : float64[..., world, policy, Out]
    weights : outcome weights of the composite loss, by metric id (`programme_cost` is in units of
        the value of a statistical life; the others are equivalent deaths per unit of the metric)
    vsl_musd : float64[world]
        Value of a statistical life, million dollars.

    Returns
    -------
    float64[..., world, policy, metric], float64[..., world, policy, divisor]
    """

    def pick(name: str) -> F8:
        return np.asarray(out[..., Out[name]])

    numerator = np.empty((*out.shape[:-1], len(_ALL)))
    divisors = np.empty((*out.shape[:-1], len(DIVISORS)))
    for i, metric in enumerate(_ALL):
        numerator[..., i] = metric.numerator(pick)
    for i, divisor in enumerate(DIVISORS.values()):
        divisors[..., i] = divisor(pick)
    loss = weights.get("programme_cost", 0.0) * pick("cost") / vsl_musd[:, None]
    for metric_id, weight in weights.items():
        if weight != 0.0 and metric_id != "programme_cost":
            own = numerator[..., _INDEX[metric_id]]
            loss = loss + weight * own / np.maximum(divisors[..., divisor_of(metric_id)], 1e-9)
    numerator[..., _INDEX["composite_loss"]] = loss
    return numerator, divisors
