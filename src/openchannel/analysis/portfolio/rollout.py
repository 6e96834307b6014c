"""In what order the channels of a portfolio begin, as people can be found: searched, then tested.

A policy of the kernel has two stages. So a year of the roll-out is chosen with what has begun
counted from the first week and all the rest put off to the last year; the next year follows from
that choice. What fewest people first would begin stands unless another set was measured to be
less risky, and the order kept is held against it on fresh futures, in the first year by whose end
they have not begun the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from openchannel.analysis.measured import Measured
from openchannel.analysis.portfolio.limits import Step, calendar
from openchannel.analysis.portfolio.space import Point
from openchannel.analysis.portfolio.trial import CAPTURE, COST, RISK, Outcomes
from openchannel.analysis.portfolio.workshop import Chosen, Workshop
from openchannel.domain import Condition, Policy, Rules, Trigger

__all__ = ["RollOut", "rolled_out"]

_EACH = (RISK, CAPTURE, COST)

Places = tuple[int, ...]
Gap = dict[str, Measured]


@dataclass(frozen=True, slots=True)
class RollOut:
    """How a portfolio is built.

    steps : what begins in which year
    tried : sets of channels that were played for some year of it
    differs : first year by whose end the order kept has not begun what the order of fewest people
        first has; None where both begin the same in every year
    delay : the portfolio so built less the whole of it from the first week; None where all of it
        begins in the first year
    gain : what the order kept has begun by the end of `differs`, from the first week, less what
        fewest people first has; None where they do not differ
    """

    steps: tuple[Step, ...]
    tried: int
    differs: int | None
    delay: Mapping[str, Measured] | None
    gain: Mapping[str, Measured] | None


def rolled_out(made: Workshop, chosen: Chosen) -> RollOut:
    """Order of a portfolio, searched on luck of its own, and what it costs, on fresh futures."""
    builder = _Builder(made, chosen)
    usual = builder.fewest_first(())
    found, tried = builder.searched()
    steps, plain = (
        tuple(calendar(made.space, chosen.point, order, made.limits)) for order in (found, usual)
    )
    if not steps or steps[-1].year == 1:
        return RollOut(steps, tried, None, None, None)
    first = builder.begun_by(steps, 1)
    differs = builder.first_difference(steps, plain)
    pair = [builder.begun_by(s, differs) for s in (steps, plain)] if differs else []
    delay, gain = builder.tested(first, pair)
    return RollOut(steps, tried, differs, delay, gain)


class _Builder:
    """Orders of one portfolio."""

    def __init__(self, made: Workshop, chosen: Chosen) -> None:
        self._made, self._chosen = made, chosen
        self._space, self._point = made.space, chosen.point
        self._bought = made.space.bought(chosen.point)
        idle = made.space.without(chosen.point, self._bought)
        self._idle = self._people(idle)
        self._needs = {
            b: self._people(self._space.moved(idle, {b: self._point[b]})) - self._idle
            for b in self._bought
        }
        usual = made.space.price.people(made.usual)
        # The levers of a portfolio need no people, and channels that it drops set some free.
        self._spare = usual - self._idle
        total = sum(self._needs.values()) - self._spare
        self.last = max(1, math.ceil(total / made.limits.people_a_year - 1e-9))

    def _people(self, point: Point) -> float:
        return self._space.price.people(self._made.made(point, "asked"))

    def _fits(self, begun: Sequence[int], year: int) -> bool:
        needed = sum(self._needs[b] for b in begun) - self._spare
        return needed <= self._made.limits.people_a_year * year + 1e-9

    def fewest_first(self, begun: Places) -> Places:
        """All that has not begun, those that need fewest people first."""
        rest = [b for b in self._bought if b not in begun]
        return tuple(
            sorted(rest, key=lambda b: (round(self._needs[b], 6), self._space.choices[b].name))
        )

    def searched(self) -> tuple[Places, int]:
        """The order kept, and how many sets of channels were played."""
        begun: Places = ()
        tried = 0
        for year in range(1, self.last):
            sets = self._sets(begun, year)
            if len(sets) > 1:
                tried += len(sets)
                begun += self._best(begun, sets, year)
            else:
                begun += sets[0]
        return begun + self.fewest_first(begun), tried

    def _sets(self, begun: Places, year: int) -> list[Places]:
        """What may begin in a year; what fewest people first would begin is the first of them."""
        rest = self.fewest_first(begun)
        usual: Places = ()
        for place in rest:
            if not self._fits((*begun, *usual, place), year):
                break
            usual += (place,)
        leads = [*combinations(rest, 1), *combinations(rest, 2)]
        found = {frozenset(usual): usual}
        for lead in leads:
            filled = self._filled(begun, lead, year)
            found.setdefault(frozenset(filled), filled)
        return list(found.values())

    def _filled(self, begun: Places, lead: Places, year: int) -> Places:
        """One or two channels, then what else fits beside them, those that need fewest first."""
        taken: Places = ()
        for place in (*lead, *self.fewest_first((*begun, *lead))):
            if self._fits((*begun, *taken, place), year):
                taken += (place,)
        return taken

    def _best(self, begun: Places, sets: Sequence[Places], year: int) -> Places:
        """The set with the lowest risk, or the first unless that one was measured to beat it."""
        found = self._played([begun + s for s in sets], f"year {year}", self._made.sizes.choice)
        risks = found.means(RISK)[1:]
        best = int(np.argmin(risks))
        gap = found.difference(RISK, self._id(best), self._id(0))
        return sets[best] if gap.is_measurable and gap.mean < 0.0 else sets[0]

    def tested(self, first: Places, pair: Sequence[Places]) -> tuple[Gap, Gap | None]:
        """On fresh futures: a first year less the whole at once, one of a pair less the other."""
        sets = list(dict.fromkeys([first, *pair]))
        found = self._played(sets, "test", self._made.sizes.test)

        def gap(mine: Places, rival: str) -> Gap:
            return {m: found.difference(m, self._id(sets.index(mine)), rival) for m in _EACH}

        return gap(first, self._whole), (
            gap(pair[0], self._id(sets.index(pair[1]))) if pair else None
        )

    def _played(self, firsts: Sequence[Places], purpose: str, futures: int) -> Outcomes:
        """The whole portfolio, then one policy for each set that begins at once."""
        policies = [self._made.made(self._point, self._whole)]
        policies += [self._staged(first, i) for i, first in enumerate(firsts)]
        return self._made.outcomes(policies, f"order {self._chosen.id} {purpose}", futures)

    def _staged(self, first: Places, number: int) -> Policy:
        """Some channels from the first week, all from the last year of the roll-out on."""
        later = tuple(b for b in self._bought if b not in first)
        due = Condition("week", ">=", 52.0 * (self.last - 1))
        rules = Rules(target=self._whole, triggers=(Trigger((due,), "become"),))
        start = self._made.made(self._space.without(self._point, later), self._id(number))
        return replace(start, rules=rules)

    def begun_by(self, steps: Sequence[Step], year: int) -> Places:
        """Channels that have begun by the end of a year."""
        names = {c for s in steps if s.year <= year for c in s.channels}
        return tuple(b for b in self._bought if self._space.choices[b].name in names)

    def first_difference(self, steps: Sequence[Step], others: Sequence[Step]) -> int | None:
        """The first year by whose end two calendars have not begun the same; None for none."""
        years = range(1, self.last)
        return next((y for y in years if self.begun_by(steps, y) != self.begun_by(others, y)), None)

    @property
    def _whole(self) -> str:
        return self._made.id_of(0)

    def _id(self, number: int) -> str:
        return self._made.id_of(number + 1)
