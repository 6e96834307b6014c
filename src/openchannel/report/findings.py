"""What a brief is made from: the case, a run's summary and manifest, and what the record says.

Owns reading numbers out of a summary by name; no words and no formats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openchannel.analysis import metric_words
from openchannel.calibration.record_association import Association
from openchannel.calibration.record_moment import Moment
from openchannel.calibration.ties import TieHistory
from openchannel.domain import WEEKS_A_YEAR, Case, Policy, World
from openchannel.evidence import TableSummary
from openchannel.report.numbers import Measured

__all__ = ["Findings", "RecordFindings", "Wager", "WorldFindings"]

_FIELDS = ("mean", "mcse", "p05", "p50", "p95")


@dataclass(frozen=True, slots=True)
class RecordFindings:
    """What the record says, apart from any simulation."""

    moments: tuple[Moment, ...]
    associations: tuple[Association, ...]
    ties: TieHistory
    tables: tuple[TableSummary, ...]


@dataclass(frozen=True, slots=True)
class Wager:
    """The wager on one policy against the baseline; gains in equivalent deaths avoided."""

    data: Mapping[str, Any]

    @property
    def verdict(self) -> str:
        """One of the four verdicts, as the summary spells it."""
        return str(self.data["verdict"])

    @property
    def gain(self) -> Measured:
        """Mean gain with its error, and its spread over beliefs."""
        d = self.data
        return Measured(
            d["mean_gain"], d["mean_gain_mcse"], d["downside_p05"], None, d["upside_p95"]
        )

    @property
    def breakeven(self) -> Measured:
        """Programme cost at which the expected deaths avoided would just be paid for."""
        return Measured(self.data["breakeven_cost_usd"], self.data["breakeven_cost_mcse"])

    def number(self, name: str) -> float | None:
        """A field of the wager by its name in the summary."""
        value = self.data[name]
        return None if value is None else float(value)

    def luck(self, name: str) -> Measured:
        """A share or percentile over futures by its name in the summary, with its error."""
        return Measured(self.data["luck"][name], self.data["luck"]["mcse"][name])

    @property
    def discordance(self) -> Measured:
        """Wars avoided for each war caused; no mean where none is caused."""
        return Measured(self.data["discordance"], self.data["discordance_mcse"])


@dataclass(frozen=True, slots=True)
class WorldFindings:
    """One school of thought with its weight and what the run found in it."""

    world: World
    weight: float
    data: Mapping[str, Any]

    def wager(self, policy: str) -> Wager | None:
        """The wager on a policy in this world; None if it did not run or is the baseline."""
        found = self.data["wager"].get(policy)
        return None if found is None else Wager(found)

    def difference(self, policy: str, metric: str) -> Measured:
        """Policy minus baseline on the same futures of this world."""
        return _measured(self.data["policies"][policy]["versus_baseline"][metric])


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that the sections of a brief may ask for."""

    case: Case
    summary: Mapping[str, Any]
    manifest: Mapping[str, Any]
    record: RecordFindings | None = None
    claims: Mapping[str, Any] | None = None  # `ledger.json`, where the ledger was measured
    believe: Mapping[str, Any] | None = None  # `believe.json`, where beliefs were asked about
    design: Mapping[str, Any] | None = None  # `design.json`, where a design was asked for
    hedge: Mapping[str, Any] | None = None  # `hedge.json`, where rights were valued

    # --- who is compared with whom ------------------------------------------------------------

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Policies of the run, in its order."""
        return tuple(self.case.policy(p) for p in self.summary["policies"])

    @property
    def baseline(self) -> Policy:
        """The policy that the others are compared with."""
        return self.case.policy(str(self.summary["baseline"]))

    @property
    def focal(self) -> Policy:
        """The policy the brief is about: the case's, or the first that ran besides the baseline."""
        ran = self.summary["wager"]
        wanted = str(self.summary["focal"])
        return self.case.policy(wanted if wanted in ran else next(iter(ran), wanted))

    @property
    def isolation(self) -> Policy | None:
        """The policy that stands for isolation, if it ran and is not the one asked about."""
        wanted = str(self.summary["isolation"])
        if wanted not in self.summary["wager"] or wanted == self.focal.id:
            return None
        return self.case.policy(wanted)

    @property
    def judged(self) -> list[tuple[Policy, str]]:
        """The policy asked about and, if it ran, the one for isolation, each with its role."""
        found = [(self.focal, "focal")]
        if self.isolation is not None:
            found.append((self.isolation, "isolation"))
        return found

    @property
    def has_comparison(self) -> bool:
        """Whether any policy ran besides the baseline."""
        return bool(self.summary["wager"])

    # --- numbers ------------------------------------------------------------------------------

    def level(self, policy: str, metric: str) -> Measured:
        """A metric of a policy, pooled over worlds."""
        return _measured(self.summary["policies"][policy]["metrics"][metric])

    def difference(self, policy: str, metric: str) -> Measured:
        """Policy minus baseline on the same futures, pooled over worlds."""
        return _measured(self.summary["policies"][policy]["versus_baseline"][metric])

    def over_luck(self, policy: str, name: str, place: int | None = None) -> Measured:
        """A number of the distribution over futures of a policy, pooled over worlds.

        `place` picks one of a list, such as the rung of `peaks`.
        """
        found = self.summary["policies"][policy]["over_luck"]
        value, error = found[name], found["mcse"][name]
        return Measured(value, error) if place is None else Measured(value[place], error[place])

    def wager(self, policy: str) -> Wager:
        """The wager on a policy, pooled over worlds."""
        return Wager(self.summary["wager"][policy])

    @property
    def worlds(self) -> tuple[WorldFindings, ...]:
        """The schools of thought of the run, in its order."""
        return tuple(
            WorldFindings(self.case.world(key), float(data["weight"]), data)
            for key, data in self.summary["worlds"].items()
        )

    @property
    def ledger(self) -> Mapping[str, Any]:
        """Differences with sides of the ledger switched off; empty if the run has none."""
        found: Mapping[str, Any] = self.summary.get("ledger") or {}
        return found

    @staticmethod
    def ledger_difference(setting: Mapping[str, Any], policy: str, metric: str) -> Measured:
        """Policy minus baseline under one setting of the ledger."""
        return _measured(setting["policies"][policy][metric])

    # --- sizes --------------------------------------------------------------------------------

    @property
    def n_draws(self) -> int:
        """Draws of beliefs; one where beliefs were held fixed."""
        return int(self.summary["n_draws"])

    @property
    def futures(self) -> int:
        """Futures of each policy in each world."""
        return int(self.summary["futures"])

    @property
    def years(self) -> float:
        """The horizon in years of 52 weeks."""
        return float(self.summary["horizon_weeks"]) / WEEKS_A_YEAR

    def title_of(self, metric: str) -> str:
        """A metric in words."""
        return metric_words()[metric]["title"]


def _measured(data: Mapping[str, Any]) -> Measured:
    return Measured(*(data[name] for name in _FIELDS))
