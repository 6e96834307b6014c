"""Further futures where a run leaves doubt: the second stage of `assess --sharpen`.

The run that stands decides once which policies in which worlds get further futures, and how many;
what is told of them comes from these futures alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from openchannel.analysis import Findings
from openchannel.analysis.measured import Measured
from openchannel.analysis.sharpening import (
    GRADE,
    SHARPENED,
    Size,
    allocate,
    gaps,
    needed,
    stake_slope,
)
from openchannel.domain import World
from openchannel.ensemble import Collected, Plan
from openchannel.ensemble.collect import paired_index
from openchannel.ensemble.design import BeliefSample, belief_points
from openchannel.ensemble.scrambles import SCRAMBLES, WeightedSample, scrambled_beliefs

__all__ = ["Simulate", "sharpen"]

#: Runs a plan on a sample of beliefs in some worlds; the name is that of its parts on disk.
Simulate = Callable[[Plan, BeliefSample, Sequence[World], str], Collected]

_KEY = 0x736861727065  # "sharpe": further futures share no luck with those of the first run
_RULE = (
    "Further futures go to policies whose difference in the chance of war, in a world or pooled, "
    f"is not yet known to {GRADE:.0%} of itself or of the smallest difference that would matter. "
    "The run decides that, once; the numbers here are from the further futures alone."
)

F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Block:
    """Policies of one world that get equally many further futures."""

    world: int
    size: Size
    policies: tuple[int, ...]


def sharpen(findings: Findings, more: int, simulate: Simulate) -> dict[str, Any]:
    """What further futures say of the differences still in doubt, for `summary.json`.

    Parameters
    ----------
    findings : of the first run
    more : int
        Further futures for each policy and world on average, about so many at most.
    simulate : plays them
    """
    n_worlds, n_policies = len(findings.worlds), len(findings.plan.policies)
    need = needed(findings)
    given = allocate(need, float(more) * n_worlds * (n_policies - 1))
    blocks = list(_blocks(given))
    found: dict[tuple[int, int], dict[str, F8]] = {}
    for block in blocks:
        found |= _play(findings, block, simulate)
    return {
        "rule": _RULE,
        "more": more,
        "scrambles": SCRAMBLES,
        "futures": sum(b.size.futures * (len(b.policies) + 1) for b in blocks),
        **_told(findings, blocks, found),
    }


def _blocks(given: F8) -> Iterator[_Block]:
    """Places of one world and size together; a policy in doubt anywhere is played in every world.

    Else its pooled difference would mix fresh futures with those that had it chosen.
    """
    wanted = given.max(axis=0) > 0.0
    for world in range(given.shape[0]):
        sizes = {x: Size.near(given[world, x]) for x in np.flatnonzero(wanted).tolist()}
        for size in sorted(set(sizes.values())):
            yield _Block(world, size, tuple(x for x, own in sizes.items() if own == size))


def _slope(findings: Findings, block: _Block) -> F8:
    """Direction of the tilt, from the paired differences of the block in the first run."""
    plan = findings.plan
    scores = special.ndtri(belief_points(findings.case, plan.n_draws, plan.seed))
    place = paired_index(SHARPENED[0])
    squares = findings.run.spread[:, block.world, list(block.policies), place]
    return stake_slope(scores, squares.astype(np.float64) / plan.n_replicates)


def _play(
    findings: Findings, block: _Block, simulate: Simulate
) -> dict[tuple[int, int], dict[str, F8]]:
    """Paired differences of each scramble, by (world, policy) and metric."""
    first, world = findings.plan, findings.worlds[block.world]
    slope = _slope(findings, block)
    # Worlds have luck of their own, by their id, as scrambles must not share any when pooled.
    key = np.random.SeedSequence([first.seed, _KEY, *world.id.encode()])
    plan = replace(
        first,
        seed=int(key.generate_state(1, np.uint64)[0]),
        n_draws=block.size.draws,
        n_replicates=block.size.replicates,
        policies=tuple(first.policies[x] for x in sorted({findings.base, *block.policies})),
        worlds=(world.id,),
        groups_per_draw=1,
        # Parts on disk are of this tilt, which comes from the first run, and of no other.
        code=f"{first.code} after {first.fingerprint} moved by {slope.tobytes().hex()}",
    )
    drawn: WeightedSample = scrambled_beliefs(findings.case, plan.n_draws, first.seed, slope)
    name = f"sharpen-{world.id}-{plan.n_draws}x{plan.n_replicates}"
    collected = simulate(plan, drawn.sample, (world,), name)
    base = plan.policies.index(plan.baseline)
    return {
        (block.world, x): {
            metric: gaps(
                collected, drawn.weights, plan.policies.index(first.policies[x]), base, metric
            )
            for metric in SHARPENED
        }
        for x in block.policies
    }


def _told(
    findings: Findings, blocks: Sequence[_Block], found: dict[tuple[int, int], dict[str, F8]]
) -> dict[str, Any]:
    """Differences pooled and by world, for every policy that got further futures."""
    ids = findings.plan.policies
    futures = {(b.world, x): b.size.futures for b in blocks for x in b.policies}
    policies: dict[str, Any] = {}
    worlds: dict[str, Any] = {world.id: {} for world in findings.worlds}
    for x in sorted({x for _, x in found}):
        pooled = {
            metric: sum(weight * found[w, x][metric] for w, weight in enumerate(findings.weights))
            for metric in SHARPENED
        }
        policies[ids[x]] = {m: _number(Measured.of(np.asarray(v))) for m, v in pooled.items()}
        for w, world in enumerate(findings.worlds):
            told = {m: _number(Measured.of(v)) for m, v in found[w, x].items()}
            worlds[world.id][ids[x]] = {"futures": futures[w, x], **told}
    return {"policies": policies, "worlds": worlds}


def _number(value: Measured) -> dict[str, float]:
    return {"mean": float(f"{value.mean:.12g}"), "mcse": float(f"{value.mcse:.12g}")}
