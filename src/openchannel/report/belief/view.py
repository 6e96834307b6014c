"""What `believe` found, with the names and words that a reader knows; no sentences, no charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openchannel.domain import Policy
from openchannel.report.findings import Findings
from openchannel.report.model import Span
from openchannel.report.numbers import Measured, is_measurable, measured
from openchannel.report.wording import baseline_words, in_sentence

__all__ = ["BeliefReading", "Reading", "View"]

_LOSS = "outcome-composite_loss"


@dataclass(frozen=True, slots=True)
class Reading:
    """Gain over one rival along one belief."""

    data: Mapping[str, Any]

    @property
    def status(self) -> str:
        """`crosses`, `none` or `not_told`."""
        return str(self.data["threshold"]["status"])

    @property
    def threshold(self) -> Measured:
        """The value at which the gain is nought."""
        t = self.data["threshold"]
        return Measured(t["value"], t["value_mcse"])

    @property
    def place(self) -> Measured:
        """The same in range units: -1 and 1 are the ends of the range."""
        t = self.data["threshold"]
        return Measured(t["place"], t["place_mcse"])

    @property
    def better_above(self) -> bool:
        """Whether the policy is the better one above the threshold."""
        return bool(self.data["threshold"]["better_above"])

    @property
    def points(self) -> list[Mapping[str, Any]]:
        """Places, values, gains and their errors, in the order of places."""
        return list(self.data["points"])

    def end(self, which: int) -> Measured:
        """Gain at the low end (0) or the high end (-1)."""
        return measured(self.points[which])


@dataclass(frozen=True, slots=True)
class BeliefReading:
    """One belief moved alone."""

    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The drawn quantity."""
        return str(self.data["quantity"])

    def reading(self, kind: str, rival: str) -> Reading | None:
        """`central` or `drawn`, against a rival; None where it was not run."""
        found = self.data[kind]
        return Reading(found[rival]) if found else None


class View:
    """Findings of a run and of `believe`, asked by name."""

    def __init__(self, findings: Findings, data: Mapping[str, Any]) -> None:
        self.findings = findings
        self.data = data
        self.case = findings.case

    # --- names --------------------------------------------------------------------------------

    @property
    def policy(self) -> Policy:
        """The policy asked about."""
        return self.case.policy(str(self.data["policy"]))

    @property
    def rivals(self) -> tuple[str, ...]:
        """Ids of what it is held against: the baseline first."""
        return tuple(self.data["rivals"])

    def short(self, policy: str) -> str:
        """A policy in a table."""
        return self.case.policy(policy).short

    def named(self, policy: str) -> str:
        """A policy inside a sentence."""
        if policy == self.data["baseline"]:
            return baseline_words(self.case.policy(policy))
        return in_sentence(self.short(policy))

    def label(self, quantity: str) -> str:
        """A belief in words; a module as it stands."""
        found = self.data["quantities"].get(quantity)
        return str(found["label"]) if found else quantity.capitalize()

    def unit(self, quantity: str) -> str:
        """The unit of a belief."""
        return str(self.data["quantities"][quantity]["unit"])

    def trail(self, quantity: str) -> str:
        """Where a belief leads to: the row of its parameter, or how the run was made."""
        parameter = self.data["quantities"].get(quantity, {}).get("parameter")
        return f"parameter-{parameter}" if parameter else "section-made"

    def claim(self, text: str, trail: str = _LOSS) -> Span:
        """A number that leads to the outcome it is about."""
        return Span(text, trail)

    # --- numbers ------------------------------------------------------------------------------

    @property
    def beliefs(self) -> list[BeliefReading]:
        """Every belief moved alone, the largest swing first."""
        return [BeliefReading(b) for b in self.data["thresholds"]["beliefs"]]

    @property
    def factors(self) -> list[BeliefReading]:
        """The common factors."""
        return [BeliefReading(b) for b in self.data["thresholds"]["factors"]]

    def crossing(self, kind: str, rival: str) -> Iterator[tuple[BeliefReading, Reading]]:
        """Beliefs whose range holds a threshold, by one reading; the nearest first."""
        beliefs: Iterable[BeliefReading] = (*self.beliefs, *self.factors)
        found = [(b, r) for b in beliefs if (r := b.reading(kind, rival)) and r.status == "crosses"]
        yield from sorted(found, key=lambda pair: abs(pair[1].place.mean or 0.0))

    def known(self, kind: str, rival: str) -> Measured:
        """Gain at the default, `central` or `drawn`."""
        return measured(self.data["thresholds"]["known"][kind]["gain"][rival])

    def is_better(self, kind: str = "drawn") -> bool:
        """Whether the policy is measurably better than the baseline."""
        gain = self.known(kind, self.rivals[0])
        return is_measurable(gain) and (gain.mean or 0.0) > 0
