"""A first look at the answer: the pair that the question is about, at central beliefs.

It comes before the libraries are loaded and the beliefs drawn that the run itself needs, so that
something can be read at once. No number of the run is made from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from openchannel.domain import Case, World
from openchannel.usecases.settings import Settings

__all__ = ["FirstLook", "first_look"]

_PAIRS = 128  # a tenth of a second, all worlds together; a multiple of the lanes


@dataclass(frozen=True, slots=True)
class FirstLook:
    """The pooled difference in the chance of war, watched policy against baseline.

    `mcse` is its Monte Carlo error, of luck alone; `pairs` are the pairs of futures in each world.
    """

    mean: float
    mcse: float
    pairs: int


def first_look(case: Case, settings: Settings) -> FirstLook | None:
    """The difference at central beliefs on some luck; None where the run has no such pair.

    Settings are those of the run, found good by `check_settings`.
    """
    if settings.policies and case.focal not in settings.policies:
        return None
    worlds, weights = _worlds(case, settings.beliefs)
    gaps = _gaps(case, settings, worlds) @ weights
    # As `analysis.measured` has it, whose floor takes too long to load here.
    return FirstLook(float(gaps.mean()), float(gaps.std(ddof=1) / math.sqrt(_PAIRS)), _PAIRS)


def _worlds(case: Case, beliefs: str) -> tuple[list[World], np.ndarray]:
    worlds = [w for w in case.worlds if beliefs in ("ranges", "modes", w.id)]
    weights = np.array([w.weight for w in worlds])
    alone = len(worlds) == 1 or weights.sum() <= 0.0
    return worlds, np.full(len(worlds), 1.0 / len(worlds)) if alone else weights / weights.sum()


def _gaps(case: Case, settings: Settings, worlds: list[World]) -> np.ndarray:
    """Paired differences in the chance of war: float64[pair, world]."""
    from openchannel.kernel.keys import Out
    from openchannel.model import (
        Beliefs,
        central_beliefs,
        pack_design,
        simulate_replicates,
        world_beliefs,
    )

    overlay = next((o for o in case.overlays if o.id == settings.overlay), None)
    design = pack_design(case, (case.baseline, case.focal), overlay)
    views = [world_beliefs(case, world, central_beliefs(case)) for world in worlds]
    beliefs = Beliefs(np.stack([v.par for v in views]), np.stack([v.ch for v in views]))
    out = simulate_replicates(design, beliefs, settings.seed, 0, _PAIRS)
    war = out[..., Out.rb_war] + out[..., Out.cv_war]
    return np.asarray(war[:, :, 1] - war[:, :, 0])
