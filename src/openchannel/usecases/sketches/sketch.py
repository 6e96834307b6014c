"""Sketches: answers from few futures, made sharper while more are played.

A sketch of n futures is the assessment of n futures: the same draws, the same luck, the same
number. What was played for n is kept for 2n. Owns settings, sizes and sums; what is told of a
sketch is `sketches.told`'s.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from openchannel.analysis.summary import Findings
from openchannel.ensemble import Collected, Ensemble, Executor, Plan, make_plan, sample_beliefs
from openchannel.model import pack_design
from openchannel.usecases.runs.own_beliefs import with_baseline, with_own, with_policy
from openchannel.usecases.settings import (
    MOST_SEED,
    Settings,
    bound_problems,
    check_settings,
    not_one_of,
)

if TYPE_CHECKING:
    from openchannel.domain import Case

__all__ = ["FIRST", "MOST", "Sketch", "Sketches", "sizes"]

#: Futures of the first answer: enough draws for an error that means something, in a blink.
FIRST = 512
#: Futures of the last: the default of `assess`, and the most at which draws still double.
MOST = 32_768
_KEPT = 16  # sketches whose sums are kept, 4 to 20 megabytes each


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is to be sketched: one policy against a baseline, under some beliefs.

    own : text of a file of beliefs, or empty for the schools of the case
    own_policy : text of a policy file, or empty
    beliefs : `ranges`, or the id of one school; with beliefs of one's own, `ranges`
    """

    policy: str
    baseline: str = ""
    own: str = ""
    own_policy: str = ""
    beliefs: str = "ranges"
    overlay: str = ""
    seed: int = 1

    def believed(self, case: Case) -> Case:
        """The case as this sketch sees it; raises `UserError` with every problem."""
        from openchannel.casefile.own_beliefs import parse_own
        from openchannel.casefile.own_policy import parse_policy
        from openchannel.errors import UserError

        written = parse_policy(self.own_policy, case) if self.own_policy.strip() else None
        case, _ = with_policy(case, written)
        stated = parse_own(self.own, case) if self.own.strip() else None
        case, _ = with_own(case, stated)
        problems = bound_problems(("seed", self.seed, 0, MOST_SEED))
        known = [p.id for p in case.policies]
        if self.policy not in known:
            problems.append(not_one_of("policy", self.policy, known))
        if problems:
            raise UserError(problems)
        settings = Settings(
            FIRST, self.seed, (self.policy,), self.beliefs, self.overlay, baseline=self.baseline
        )
        check_settings(case, settings)
        return with_baseline(case, self.baseline or case.baseline)


def sizes() -> Iterator[int]:
    """Futures of each answer, from the first to the last: each twice the one before."""
    size = FIRST
    while size <= MOST:
        yield size
        size *= 2


class _Growing:
    """The sums of one sketch, of all futures played so far."""

    def __init__(self, sketch: Sketch, case: Case) -> None:
        self.sketch = sketch
        self.case = sketch.believed(case)
        wanted = {self.case.baseline, sketch.policy}
        self.policies = tuple(p.id for p in self.case.policies if p.id in wanted)
        self.worlds = (
            self.case.worlds if sketch.beliefs == "ranges" else (self.case.world(sketch.beliefs),)
        )
        overlay = next((o for o in self.case.overlays if o.id == sketch.overlay), None)
        self.design = pack_design(self.case, self.policies, overlay)
        most = self._plan(MOST)
        each = np.array([g.n for g in most.groups()], np.int64)
        self.sums = Collected(each, len(self.worlds), len(self.policies))

    def grow(self, futures: int, executor: Executor, stopped: Callable[[], bool]) -> bool:
        """Play what is missing of so many futures; False where it was stopped, work kept."""
        plan = self._plan(futures)
        if self.sums.done[: plan.n_draws].all():
            return True
        sample = sample_beliefs(self.case, plan.n_draws, self.sketch.seed)
        ensemble = Ensemble(self.case, plan, self.design, sample, self.worlds)
        missing = [g for g in plan.groups() if not self.sums.done[g.index]]
        pieces = (piece for group in missing for piece in plan.pieces(group))
        running = executor.run(ensemble, pieces)
        try:
            for piece, sums in running:
                self.sums.add(piece.group, sums)
                if stopped():
                    break
        finally:
            running.close()
        return bool(self.sums.done[: plan.n_draws].all())

    def findings(self, futures: int) -> Findings:
        """What `assess` finds in so many futures, distributions over luck aside."""
        plan = self._plan(futures)
        n, held = plan.n_draws, self.sums
        part = Collected(held.sizes[:n], len(self.worlds), len(self.policies))
        for name in ("done", "numerator", "divisors", "spread", "counts"):
            setattr(part, name, getattr(held, name)[:n])
        central = self.case.parameters["vsl_musd"].value
        return Findings(self.case, plan, part, self.worlds, central)

    def _plan(self, futures: int) -> Plan:
        return make_plan(
            case_fingerprint=self.case.fingerprint,
            seed=self.sketch.seed,
            futures=futures,
            policies=self.policies,
            baseline=self.case.baseline,
            worlds=tuple(w.id for w in self.worlds),
            ranges=True,
            overlay=self.sketch.overlay,
            horizon_weeks=self.case.calendar.horizon_weeks,
        )


class Sketches:
    """Sketches of one case, the latest kept: a belief taken back is answered at once."""

    def __init__(self, case: Case, executor: Executor) -> None:
        self.case = case
        self.executor = executor
        self._kept: OrderedDict[Sketch, _Growing] = OrderedDict()

    def grow(
        self, sketch: Sketch, futures: int, stopped: Callable[[], bool] = lambda: False
    ) -> Findings | None:
        """Findings of so many futures, one of `sizes`; None where it was stopped before its end.

        Raises
        ------
        UserError
            With every problem of the beliefs, the policy and the ids.
        """
        growing = self._kept.pop(sketch, None) or _Growing(sketch, self.case)
        self._kept[sketch] = growing
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        if not growing.grow(futures, self.executor, stopped):
            return None
        return growing.findings(futures)
