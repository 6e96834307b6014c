"""What `hedge` found, with the names and words that a reader knows; no blocks, no charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openchannel.analysis.starts import thinned
from openchannel.domain import Case
from openchannel.report.numbers import SPACE, difference, is_measurable, measured, plain
from openchannel.report.wording import baseline_words, channel_words, in_sentence

__all__ = ["BRANCHES", "View", "better_and_worse", "deaths", "percent"]

#: What can be done with a start, as it stands in tables.
BRANCHES: Mapping[str, str] = {
    "hold": "Hold it as it is",
    "shock": "Grow at the first crisis or succession",
    "review": "Grow when a yearly review passes",
    "rules": "The same, and end after failures",
    "now": "Full size now",
}


def deaths(data: Mapping[str, Any], *, sign: bool = True) -> str:
    """A difference in equivalent deaths with its error."""
    return difference(measured(data), "count", sign=sign)


def percent(share: float) -> str:
    """A share without Monte Carlo error, in whole per cent."""
    return f"{100.0 * share:.0f}{SPACE}%"


def better_and_worse(by_world: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Worlds in which a value is measurably above nought, and below."""
    clear = {w: v["mean"] for w, v in by_world.items() if is_measurable(measured(v))}
    return [w for w, m in clear.items() if m > 0.0], [w for w, m in clear.items() if m < 0.0]


@dataclass(frozen=True, slots=True)
class View:
    """`hedge.json`, and the case that it is about."""

    case: Case
    data: Mapping[str, Any]

    @property
    def starts(self) -> Sequence[Mapping[str, Any]]:
        """Policies that may scale up, with what was found of each."""
        return list(self.data["starts"])

    @property
    def base(self) -> str:
        """The baseline inside a sentence."""
        return baseline_words(self.case.policy(str(self.data["baseline"])))

    def named(self, policy_id: str) -> str:
        """A policy in a table."""
        return self.case.policy(policy_id).short

    def told(self, policy_id: str) -> str:
        """A policy inside a sentence."""
        return in_sentence(self.named(policy_id))

    def channel(self, channel_id: str) -> str:
        """A channel in a table."""
        return next(c.name for c in self.case.channels if c.id == channel_id)

    def thinned(self, start: Mapping[str, Any]) -> list[str]:
        """Channels on which a start meets less often once it has grown: `name (4 to 2 a year)`."""
        now, then = (self.case.policy(str(start[k])) for k in ("policy", "target"))
        return [
            f"{channel_words(c.name)} ({plain(now.cadence[c.id])} to "
            f"{plain(then.cadence.get(c.id, 0.0))} a year)"
            for c in thinned(self.case, now, then)
        ]

    @property
    def targets(self) -> Sequence[str]:
        """What starts may become, each once."""
        return list(dict.fromkeys(s["target"] for s in self.starts))

    def is_best(self, policy: str, branch: str) -> bool:
        """Whether this leaf is the best of all; both empty for the baseline."""
        best = self.data["best"]
        return bool(best["policy"] == policy and best["branch"] == branch)

    def gain(self, leaf: Mapping[str, str]) -> Mapping[str, Any]:
        """What a leaf other than the baseline saves against it; `now` stands at any start of it."""
        policy, branch = leaf["policy"], leaf["branch"]
        today = "target" if branch == "now" else "policy"
        start = next(s for s in self.starts if s[today] == policy)
        return dict(start["branches"][branch]["gain"])

    def leaf(self, leaf: Mapping[str, str]) -> str:
        """A leaf of the tree, by policy and branch, inside a sentence."""
        policy, branch = leaf["policy"], leaf["branch"]
        if not branch:
            return f"to stay with {self.base}"
        if branch == "now":
            return f"{self.told(policy)} now"
        return f"{self.told(policy)} ({in_sentence(BRANCHES[branch])})"
