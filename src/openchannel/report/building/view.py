"""What `design` found, with the names and words that a reader knows; no sentences, no charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openchannel.domain import Case
from openchannel.report.numbers import Measured, difference, level, measured, plain, short
from openchannel.report.wording import baseline_words, channel_words

__all__ = ["LEVERS", "View", "lever_words", "money"]

RISK, COST, CAPTURE, WAR = (
    "composite_loss", "programme_cost_usd", "opportunity_capture", "p_war",
)  # fmt: skip


#: Levers as readers know them.
LEVERS: Mapping[str, str] = {
    "suspend_at_severity": "Suspends contact at severity",
    "suspend_weeks": "Weeks of a suspension",
    "persist": "Protection at an inauguration",
    "inst": "Institutionalisation",
    "offer": "Offer",
    "irritant": "Irritants",
    "neg": "Willingness to bargain",
    "exlev": "Scale of exercises",
    "consult": "Consultation with allies",
    "eow": "End-of-war declaration",
    "info_musd_per_year": "Information access, million dollars a year",
    "rights": "Human rights on the agenda",
    "fixed_musd_per_year": "Standing cost, million dollars a year",
    "travel_ban": "Travel ban",
}


def money(usd: float | None) -> str:
    """An amount that is known without error: `$20 million`."""
    return level(Measured(usd, None), "usd")


def lever_words(value: Any) -> str:
    """The value of a lever: a number, yes or no, or never."""
    if value is None:
        return "never"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(float(value))


@dataclass(frozen=True, slots=True)
class View:
    """`design.json`, and the case that it is about."""

    case: Case
    data: Mapping[str, Any]

    @property
    def portfolios(self) -> Sequence[Mapping[str, Any]]:
        """Those that were tested, by what they cost."""
        return sorted(self.data["portfolios"], key=lambda p: float(p["metrics"][COST]["mean"]))

    @property
    def asked(self) -> Mapping[str, Any]:
        """The portfolio that the page is about."""
        return self.portfolio(str(self.data["recommended"]))

    @property
    def lowest(self) -> Mapping[str, Any]:
        """The portfolio with the lowest risk that the limits allow."""
        return self.first_by("lowest risk") or self.asked

    @property
    def now(self) -> str:
        """The status quo inside a sentence."""
        return baseline_words(self.case.policy(str(self.data["baseline"])))

    @property
    def buys_nothing(self) -> bool:
        """Whether the portfolio asked about raises no channel above the status quo."""
        return not self.asked["bought"]

    def portfolio(self, portfolio_id: str) -> Mapping[str, Any]:
        """The portfolio of this id."""
        return next(p for p in self.data["portfolios"] if p["id"] == portfolio_id)

    def first_by(self, reason: str) -> Mapping[str, Any] | None:
        """The portfolio chosen for a reason."""
        return next((p for p in self.data["portfolios"] if reason in p["reasons"]), None)

    def channel(self, channel_id: str) -> str:
        """Name of a channel in a sentence."""
        return channel_words(self.title(channel_id))

    def title(self, channel_id: str) -> str:
        """Name of a channel in a table."""
        return next(c.name for c in self.case.channels if c.id == channel_id)

    def named(self, policy_id: str) -> str:
        """A policy of the case in a table."""
        return f"{self.case.policy(policy_id).short} ({policy_id})"

    def bought(self, one: Mapping[str, Any]) -> list[str]:
        """What a portfolio raises, with contacts a year: `name, 4 a year`."""
        return [f"{self.channel(c)} ({plain(one['cadence'][c])} a year)" for c in one["bought"]]

    def risk_share(self, one: Mapping[str, Any]) -> Measured:
        """Expected loss against the status quo's, as a share of it."""
        base = self.data["portfolios"][0]["metrics"][RISK]["mean"]
        return measured(one["versus_baseline"][RISK]).times(1.0 / base)

    def cell(self, one: Mapping[str, Any], metric: str) -> str:
        """The same, short enough for a column of a table; the status quo is what it is."""
        if one["versus_baseline"][metric] == {"mean": 0.0, "mcse": 0.0}:
            return "0"
        return short(self.change(one, metric))

    def change(self, one: Mapping[str, Any], metric: str) -> str:
        """A change against the status quo in the words of its unit."""
        if metric == RISK:
            return difference(self.risk_share(one).times(100.0), "plain", "%")
        kind = {COST: "usd", WAR: "points", CAPTURE: "points"}.get(metric, "plain")
        return difference(measured(one["versus_baseline"][metric]), kind)  # type: ignore[arg-type]
