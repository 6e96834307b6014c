"""The parts of `believe` about one policy and one run, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from openchannel.usecases.belief.needs import draws_of, school_of, source_of, value_sets

if TYPE_CHECKING:
    from openchannel.analysis.draws import Draws
    from openchannel.analysis.inquiry import Inquiry
    from openchannel.analysis.sweeps import Sweeps
    from openchannel.usecases.runs.finished_run import Run

__all__ = ["Work"]

_DESIGNED = 6  # beliefs in the variance indices that are run by design
_PATHS = 10
_BASE_POINTS = 128
_RETEST = 128
Say = Callable[[str], None]


class Work:
    """Everything about one policy and one run, each part made when it is asked for."""

    def __init__(
        self, run: Run, policy: str, futures: int, seed: int, threads: int | None, say: Say
    ) -> None:
        from openchannel.analysis.belief_axes import axes_of

        self.run, self.case, self.policy = run, run.case, policy
        self.futures, self.seed, self.threads, self.say = futures, seed, threads, say
        self.axes = {a.name: a for a in axes_of(run.case)}
        self._draws: Draws | None = None
        self._sweeps: Sweeps | None = None
        self._inquiry: Inquiry | None = None

    # --- what the parts stand on ----------------------------------------------------------------

    @property
    def rivals(self) -> tuple[str, ...]:
        """The baseline first, then isolation, as far as they are not the policy itself."""
        wanted = dict.fromkeys((self.case.baseline, self.case.isolation))
        return tuple(p for p in wanted if p and p != self.policy)

    @property
    def sweeps(self) -> Sweeps:
        """Exact runs along beliefs."""
        from openchannel.analysis.sweeps import Sweeps, SweepSizes

        if self._sweeps is None:
            overlay = str(self.run.manifest.get("overlay") or "")
            sizes = SweepSizes.of(2 * self.futures)
            self._sweeps = Sweeps(
                self.case, self.policy, self.rivals, self.seed, sizes,
                overlay=overlay, threads=self.threads,
            )  # fmt: skip
        return self._sweeps

    @property
    def draws(self) -> Draws:
        """Conditional means of the run that the parts need."""
        if self._draws is None:
            self._draws = draws_of(self.run)
        return self._draws

    @property
    def inquiry(self) -> Inquiry:
        """The draws of the school that leaves most beliefs to their ranges."""
        from openchannel.analysis.inquiry import Inquiry

        if self._inquiry is None:
            modules = {q: self._module(q) for q in self.draws.quantities}
            school = school_of(self.case, self.draws.worlds)
            halves = self._halves(school)
            self._inquiry = Inquiry(self.draws, self.policy, school, modules, halves, self.seed)
        return self._inquiry

    def _halves(self, school: str) -> NDArray[np.float64]:
        """Each half of the run's futures in one school, run again from the same seed."""
        from openchannel.analysis.replay import Replay, true_halves

        self.say("running half of the futures again, to choose and to value on different luck...")
        summary, draws = self.run.summary, self.draws
        replay = Replay(
            int(summary["seed"]), draws.n_draws, int(summary["n_replicates"]),
            str(summary["overlay"] or ""),
        )  # fmt: skip
        loss = draws.metrics["composite_loss"][draws.worlds.index(school)]
        return true_halves(self.case, replay, draws.policies, school, loss, self.threads)

    def _module(self, quantity: str) -> str:
        from openchannel.usecases.belief.data import parameter_of

        key = parameter_of(self.case, quantity)
        return self.case.parameters[key].module if key else quantity

    # --- parts ----------------------------------------------------------------------------------

    def thresholds(self) -> dict[str, Any]:
        """One belief at a time, two at a time, the common factors, and the cost."""
        from openchannel.analysis.one_way import survey
        from openchannel.analysis.pairs import map_pairs
        from openchannel.usecases.belief import data as shape

        found = survey(self.sweeps, self.say)
        pairs = map_pairs(self.sweeps, found.beliefs, self.say)
        return shape.thresholds(self.run, self.sweeps, self.policy, found, pairs)

    def where(self) -> dict[str, Any]:
        """Boxes of beliefs in which the policy loses, each run again on fresh futures."""
        from openchannel.usecases.belief import findings

        self.say("looking for the beliefs under which it loses...")
        found = self.inquiry.where()
        again = [self._retest(b.box.holds) for b in found.boxes]
        return findings.where(found, self.inquiry, again)

    def _retest(self, holds: Callable[[Any], Any]) -> dict[str, Any]:
        """Fresh beliefs inside and outside a box, on fresh luck."""
        from openchannel.analysis.belief import BeliefDraws
        from openchannel.usecases.belief.data import measured

        sample = self.sweeps.fresh(8 * _RETEST)
        names = self.inquiry.beliefs.names
        values = np.stack([sample.quantities[n] for n in names], axis=1)
        inside = holds(BeliefDraws(names, values, {}))
        found = {}
        for name, rows in (
            ("inside", np.flatnonzero(inside)),
            ("outside", np.flatnonzero(~inside)),
        ):
            gains = self.sweeps.of_draws(sample, rows[:_RETEST])
            found[name] = measured(*gains) if gains is not None else None
        return {**found, "mass": float(inside.mean())}

    def matters(self) -> dict[str, Any]:
        """Sensitivity of the decision, from the run's draws and by runs made for it."""
        from openchannel.analysis.belief import screen, sobol
        from openchannel.usecases.belief import findings

        self.say("asking which beliefs the decision turns on...")
        found = self.inquiry.matters()
        axes = list(self.axes.values())
        screened = screen(
            [a.name for a in axes],
            lambda points: self.sweeps.evaluate(axes, points, "screening"),
            n_paths=_PATHS,
            seed=self.seed % 2**32,
        )
        order = sorted(range(len(axes)), key=lambda i: -screened[i].effect.value)
        few = [axes[i] for i in order[:_DESIGNED]]
        designed = sobol(
            [a.name for a in few],
            lambda points: self.sweeps.evaluate(few, points, "variance"),
            n_base=_BASE_POINTS,
            seed=self.seed % 2**32,
        )
        return findings.matters(found, self.inquiry.school, screened, designed)

    def information(self) -> dict[str, Any]:
        """What to find out, as far as the run can tell it from nothing."""
        from openchannel.analysis.collection import asked
        from openchannel.casefile.questions import load_questions
        from openchannel.usecases.belief import findings

        self.say("asking what it would be worth to know...")
        questions = load_questions(source_of(self.run), self.draws.quantities)
        found = self.inquiry.information([asked(q) for q in questions])
        return findings.information(self.case, found, questions, self.inquiry)

    def robust(self) -> dict[str, Any]:
        """Policies by criteria by schools of thought."""
        from openchannel.analysis.choice import CEILINGS, choose
        from openchannel.usecases.belief import findings

        self.say("weighing policies without trusting one set of beliefs...")
        return findings.robust(choose(self.draws, self.seed), CEILINGS)

    def values(self) -> dict[str, Any]:
        """What follows for people who want different things."""
        from openchannel.analysis.stakeholders import judge_by_values
        from openchannel.usecases.belief import findings

        sets = value_sets(self.run)
        return findings.values(judge_by_values(self.draws, sets, self.seed), sets, self.draws)
