"""What parts that act together contribute, with errors: first, last, and averaged over orders.

Owns what is said of a part from the splits of independent blocks; the splitting is `shapley`'s, and
what the parts are belongs to `contributions` and `disagreement`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from openchannel.analysis.measured import Measured
from openchannel.analysis.shapley import Split, waterfall_order

__all__ = ["Contribution", "contribution", "idle_parts", "together", "unclear", "waterfall"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one part adds to the difference between policy and baseline, in one outcome.

    first : switched on alone, all others off
    last : switched on as the last one, so what switching it off alone takes away
    shapley : averaged over the orders in which parts may be switched on
    interaction : last minus first; what the part owes to the company of the others
    """

    first: Measured
    last: Measured
    shapley: Measured
    interaction: Measured

    @property
    def depends_on_order(self) -> bool:
        """Whether first and last differ measurably."""
        return self.interaction.is_measurable


def contribution(splits: Sequence[Split], part: int, metric: int) -> Contribution:
    """One part's contribution to one outcome, from the splits of independent blocks."""
    first, last, shapley = (
        np.array([getattr(s, name)[part, metric] for s in splits])
        for name in ("first", "last", "shapley")
    )
    return Contribution(
        Measured.of(first), Measured.of(last), Measured.of(shapley), Measured.of(last - first)
    )


def waterfall(steps: Mapping[str, Contribution]) -> list[str]:
    """Names of the parts with a measurable share, the largest fall first, the largest rise last."""
    clear = [name for name, step in steps.items() if step.shapley.is_measurable]
    return [clear[i] for i in waterfall_order([steps[name].shapley.mean for name in clear])]


def together(splits: Sequence[Split], parts: Sequence[int], metric: int) -> Measured:
    """The shares of several parts taken together; their errors are not independent."""
    return Measured.of(np.array([s.shapley[list(parts), metric].sum() for s in splits]))


def unclear(splits: Sequence[Split], metric: int) -> list[int]:
    """Parts whose share cannot be told from nothing."""
    n = len(splits[0].shapley)
    return [i for i in range(n) if not together(splits, [i], metric).is_measurable]


def idle_parts(splits: Sequence[Split]) -> list[int]:
    """Parts that changed no future in any block."""
    n = len(splits[0].shapley)
    return [
        i
        for i in range(n)
        if not any(s.shapley[i].any() or s.first[i].any() or s.last[i].any() for s in splits)
    ]
