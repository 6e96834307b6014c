"""Names that several floors share: flattened parameter names and the ids of the metrics.

Owns spelling only; what a name stands for is told where it is computed.
"""

from __future__ import annotations

from collections.abc import Mapping

from openchannel.domain.case import Parameter

__all__ = ["INDEX_IDS", "METRIC_IDS", "flat_name", "flatten"]

#: Metric ids in the order of the outcome table; part of the format of a run's folder.
METRIC_IDS = (
    "p_war",
    "p_nuclear_use",
    "crises",
    "crises_lethal",
    "fatalities",
    "economic_loss_usd",
    "reliability_24h",
    "reliability_crisis_24h",
    "thickness_channels",
    "provocations_per_year",
    "lethal_incidents_per_year",
    "agreement_years_real",
    "agreement_years_paper",
    "arsenal_warheads",
    "opportunity_capture",
    "detainee_days",
    "policy_survival",
    "knowledge_index",
    "intelligence_loss",
    "programme_cost_usd",
    "political_cost_index",
    "alliance_friction_index",
    "composite_loss",
)

#: Further metrics that the composite loss may weigh: indices of what is a choice of value.
INDEX_IDS = ("rights_share", "loose_weapons_index", "detention_political_cost")


def flat_name(key: str, element: str) -> str:
    """The name of one element of a parameter: its key and the element, joined.

    An underscore stands between them where the key ends in a digit or the element is a word, so
    that no two elements share a name by accident.

    Examples
    --------
    >>> flat_name("fb", "3"), flat_name("R0", "0"), flat_name("c_gain", "det"), flat_name("e_f", "")
    ('fb3', 'R0_0', 'c_gain_det', 'e_f')
    """
    if not element:
        return key
    joint = "_" if key[-1:].isdigit() or not element.isdigit() else ""
    return f"{key}{joint}{element}"


def flatten(parameters: Mapping[str, Parameter]) -> dict[str, float]:
    """Central value of every number of a case by flattened name, channel columns left out."""
    return {
        flat_name(p.key, element): value
        for p in parameters.values()
        if p.index != "channel"
        for element, value in zip(p.elements, p.values, strict=True)
    }
