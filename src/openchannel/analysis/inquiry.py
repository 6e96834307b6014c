"""The questions that one run's draws answer: where a policy loses, what matters, what to find out.

Puts the methods of `analysis.belief` to a run. They look at the school of thought that leaves most
beliefs to their ranges, where every belief varies; what knowing the right school is worth is read
off the schools together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.analysis.belief import (
    BeliefDraws,
    Certainty,
    Control,
    Convergence,
    Dependence,
    Discovery,
    Index,
    Question,
    RegionalIndex,
    ShapleyEffects,
    Stability,
    Tree,
    best_policy,
    chance_best,
    chance_worse,
    enough_for_sign,
    expected_difference,
    find_boxes,
    first_order,
    given_loss,
    grow,
    module_order,
    pawn,
    regional,
    shapley_effects,
    sign_of_difference,
    size_of_difference,
    stability,
    value_of_asking,
    value_of_certainty,
    value_of_control,
    value_of_knowing,
    value_of_module,
)
from openchannel.analysis.draws import LUCK, Draws
from openchannel.analysis.smoothing import Smoother

__all__ = ["Evpi", "Information", "Inquiry", "Matters", "Where"]

F8 = NDArray[np.float64]
_LOSS = "composite_loss"


@dataclass(frozen=True, slots=True)
class Where:
    """Where a policy loses.

    share : share of beliefs under which it does worse than the baseline, luck taken out
    boxes : found one after the other ; stability : of each
    """

    share: float
    boxes: tuple[Discovery, ...]
    stability: tuple[Stability, ...]
    tree: Tree


@dataclass(frozen=True, slots=True)
class Matters:
    """Which beliefs the decision turns on, by several measures; a belief each unless said.

    sign, best, size : first-order shares of the sign of the difference, of which policy is best,
        of the difference itself ; modules : of the sign, by module
    shapley : fair shares of the sign by module, for beliefs that depend on each other
    pawn : a measure that does not rest on variances ; regional : how beliefs differ where it loses
    if_worse : shares of the size of the loss, given that it loses
    """

    sign: tuple[Index, ...]
    best: tuple[Index, ...]
    size: tuple[Index, ...]
    modules: tuple[Index, ...]
    shapley: ShapleyEffects
    pawn: tuple[Index, ...]
    regional: tuple[RegionalIndex, ...]
    if_worse: tuple[Index, ...]
    dependence: Dependence
    convergence: Mapping[str, Convergence]


@dataclass(frozen=True, slots=True)
class Evpi:
    """What it would be worth to know everything, schools of thought included.

    at_least : a choice by fits to one half of the draws, valued on the other
    at_most : the same fits valued on the luck that they were made on; too good by some of it
    naive : choosing by the noisy means themselves, for comparison; far too good
    school : knowing the right school of thought alone, chosen and valued on other halves
    """

    at_least: Index
    at_most: float
    naive: float
    school: Index


@dataclass(frozen=True, slots=True)
class Information:
    """What to find out, in units of loss saved.

    evpi : schools of thought included ; within : within the school that is looked at
    """

    evpi: Evpi
    within: Certainty
    beliefs: tuple[Index, ...]
    modules: tuple[Index, ...]
    questions: tuple[Index, ...]
    control: tuple[Control, ...]
    policies: tuple[str, ...]


class Inquiry:
    """One run's draws, ready to be asked about one policy.

    Parameters
    ----------
    school : the world whose draws are looked at
    modules : module of each quantity
    halves : float64[2, draw, policy], mean loss over each half of the futures of that world
    """

    def __init__(
        self,
        draws: Draws,
        policy: str,
        school: str,
        modules: Mapping[str, str],
        halves: F8,
        seed: int,
    ) -> None:
        self.run = draws
        self.seed = seed
        self.school = school
        w = draws.worlds.index(school)
        self.beliefs = BeliefDraws(draws.quantities, draws.beliefs[w], dict(modules))
        loss, luck = draws.metrics[_LOSS][w], draws.metrics[LUCK][w]
        self._loss, self._relative = loss, loss - loss[:, [draws.base]]
        self._halves = halves - halves[:, :, [draws.base]]
        at = draws.policies.index(policy)
        self._difference = self._relative[:, at]
        self._own_luck = luck[:, at] ** 2
        level = loss[:, draws.base]
        self._level = level if bool((level > 0).all()) else np.ones_like(level)
        expected = expected_difference(self.beliefs, self._difference, self._level)
        self.chance = chance_worse(self._difference, self._own_luck, self._level, expected)

    def where(self) -> Where:
        """Boxes and a short tree of beliefs under which the policy loses."""
        boxes = find_boxes(self.beliefs, self.chance)
        firm = tuple(stability(self.beliefs, self.chance, b.box, seed=self.seed) for b in boxes)
        tree = grow(self.beliefs, self.chance, seed=self.seed)
        return Where(float(self.chance.mean()), boxes, firm, tree)

    def matters(self) -> Matters:
        """Sensitivity of the sign, of the choice and of the size."""
        draws = self.beliefs
        sign = sign_of_difference(self.chance)
        best = best_policy(chance_best(draws, self._halves, self._level, self.seed))
        size = size_of_difference(self._difference, self._own_luck)
        first = first_order(draws, sign)
        top = max(first, key=lambda i: i.value)
        shapley = shapley_effects(draws, sign, by_module=True, n_orders=16, seed=self.seed)
        return Matters(
            first,
            first_order(draws, best),
            first_order(draws, size),
            module_order(draws, sign),
            shapley,
            pawn(draws, self._difference, seed=self.seed),
            regional(draws, self.chance, self.seed),
            given_loss(draws, self._difference, self._own_luck, self.chance),
            draws.dependence,
            {"sign": enough_for_sign(top, draws.n)},
        )

    def information(self, questions: Sequence[Question]) -> Information:
        """What knowing, asking and setting would save."""
        draws, losses = self._mixture()
        return Information(
            self.evpi(),
            value_of_certainty(self.beliefs, self._halves, self._level, self.seed),
            value_of_knowing(draws, losses),
            value_of_module(draws, losses),
            tuple(value_of_asking(draws, losses, q, seed=self.seed) for q in questions),
            value_of_control(self.beliefs, self._loss),
            self.run.policies,
        )

    def _mixture(self) -> tuple[BeliefDraws, F8]:
        """Beliefs and relative losses with the schools mixed: an answer may tell which is right."""
        run = self.run
        world, draw = run.mixed(self.seed)
        loss = run.metrics[_LOSS][world, draw]
        held = BeliefDraws(run.quantities, run.beliefs[world, draw], self.beliefs.modules)
        return held, loss - loss[:, [run.base]]

    def evpi(self) -> Evpi:
        """Perfect information about beliefs and schools, guarded by luck that had no part in it."""
        run = self.run
        loss = run.metrics[_LOSS]
        n = run.n_draws
        smoother = Smoother(loss, run.beliefs, run.base)
        halves, whole = smoother.halves(np.ones(n)), smoother.fit(np.ones(n))
        first = np.arange(n) // 2 % 2 == 0
        known = np.argmin(halves.choose, axis=2)
        school, usual = np.empty_like(known), np.empty_like(known)
        for own in (first, ~first):
            mean = loss[:, ~own].mean(axis=1)
            school[:, own] = np.argmin(mean, axis=1)[:, None]
            usual[:, own] = int(np.argmin(run.weights @ mean))
        paid, at_best = _at(loss, usual), _at(loss, known)
        return Evpi(
            Index.mean_of("all beliefs", run.weights @ (paid - at_best)),
            _gap(whole, run.weights),
            _gap(loss, run.weights),
            Index.mean_of("school of thought", run.weights @ (paid - _at(loss, school))),
        )


def _at(loss: F8, policy: NDArray[np.int64]) -> F8:
    """Loss of the policy chosen for each world and draw."""
    return np.asarray(np.take_along_axis(loss, policy[..., None], axis=2)[..., 0])


def _gap(loss: F8, weights: F8) -> float:
    """Least mean loss minus mean least loss."""
    mean = weights @ loss.mean(axis=1)
    return float(mean.min() - weights @ loss.min(axis=2).mean(axis=1))
