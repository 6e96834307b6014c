"""What a portfolio costs before any future is played: standing cost, contacts, people.

The case prices its policies whole. Here that price is spread over channels: the cheapest prices
for each contact asked for, none negative, at which no policy of the case costs less than the case
says. A search cannot then find a portfolio that is cheap only because nobody priced it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openchannel.domain import Case, Policy

__all__ = ["USD_PER_PERSON", "PriceRule"]

#: Cost of one person a year, within the standing cost. Judged (grade C), 250 to 600 thousand.
USD_PER_PERSON = 350_000.0
_MILLION = 1e6


@dataclass(frozen=True, slots=True)
class PriceRule:
    """Prices in millions of dollars.

    base : standing cost a year with no contact asked for
    standing_of : standing cost a year for each contact a year, by channel
    contact : cost of one contact that takes place, by channel
    most_above_musd : most by which a policy of the case is priced above what the case says
    """

    base: float
    standing_of: Mapping[str, float]
    contact: Mapping[str, float]
    most_above_musd: float

    @classmethod
    def of(cls, case: Case) -> PriceRule:
        """From the standing costs of all policies of a case, by linear programming."""
        from scipy.optimize import linprog  # noqa: PLC0415  # slow to load

        channels = [c.id for c in case.channels]
        asked = np.array([[1.0, *(p.cadence.get(c, 0.0) for c in channels)] for p in case.policies])
        told = np.array([p.levers.fixed_musd_per_year for p in case.policies])
        found = linprog(asked.sum(axis=0), A_ub=-asked, b_ub=-told, bounds=(0.0, None))
        # The rule is feasible whatever the case: a high enough base covers every policy.
        base, *each = np.asarray(found.x).tolist()
        above = float((asked @ np.asarray(found.x) - told).max())
        u_cost = case.parameters["u_cost"]
        contact = dict(zip(u_cost.elements, u_cost.values, strict=True))
        return cls(base, dict(zip(channels, each, strict=True)), contact, above)

    def standing(self, cadence: Mapping[str, float]) -> float:
        """Standing cost a year, in millions, cut at a thousand dollars."""
        return round(self.base + sum(self.standing_of[c] * n for c, n in cadence.items()), 3)

    def yearly_usd(self, policy: Policy) -> float:
        """What a year costs if every contact asked for takes place; no year costs more."""
        contacts = sum(self.contact[c] * n for c, n in policy.cadence.items())
        levers = policy.levers
        return _MILLION * (levers.fixed_musd_per_year + levers.info_musd_per_year + contacts)

    def people(self, policy: Policy) -> float:
        """People that the standing cost pays for."""
        return _MILLION * policy.levers.fixed_musd_per_year / USD_PER_PERSON
