"""Run in a process of its own, in Numba's simulator of CUDA: the GPU's kernels against the CPU's.

Prints JSON; `test_gpu.py` reads it. The simulator is chosen before Numba is imported, so it cannot
run beside the other tests.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import Any

os.environ["NUMBA_ENABLE_CUDASIM"] = "1"
if hasattr(os, "sched_setaffinity"):
    # The simulator waits in a loop that takes the interpreter's lock from what it waits for: on a
    # core of its own it made eight minutes of seventeen seconds.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy as np

from openchannel import assess
from openchannel.casefile import load_case
from openchannel.casefile.triggers import parse_trigger
from openchannel.domain import Case, Rules
from openchannel.kernel.batch import draw_luck, set_key
from openchannel.kernel.gpu import launch
from openchannel.kernel.gpu.futures import kernels, lot_words
from openchannel.kernel.gpu.twin import load
from openchannel.kernel.keys import Out
from openchannel.kernel.records import CHUNK, luck_records
from openchannel.model import Beliefs, central_beliefs, pack_design, simulate_replicates
from openchannel.model.run_gpu import simulate_draws

SEED = 2**63 + 5
FIRST = 2**40  # both words of a replicate's key are in use


def korea(weeks: int) -> Case:
    """The built-in case, with triggers of every kind on the intelligence pilot."""
    case = load_case("korea")
    written = (
        ("rung >= 2", "surge 3 weeks"),
        ("week >= 6 and not scaled_up", "become P7"),
        ("belief_in_trade >= 0.1 and week < 5", "bargain more 2 weeks"),
        ("severity >= 4", "suspend 4 weeks"),
        ("political_cost > 0.2 and scaled_up", "step back"),
    )
    made = tuple(parse_trigger(when, then, at_review=False)[0] for when, then in written)
    pilot = replace(case.policy("P6"), rules=Rules(target="P7", triggers=made))
    return replace(
        case,
        calendar=replace(case.calendar, horizon_weeks=weeks),
        policies=tuple(pilot if p.id == "P6" else p for p in case.policies),
    )


def beliefs_of(case: Case) -> Beliefs:
    """Two draws of one world that differ in tension and in the tie of every channel."""
    central = central_beliefs(case)
    par, ch = np.stack([central.par] * 2), np.stack([central.ch] * 2)
    par[1] *= 1.01
    ch[1] *= 0.99
    return Beliefs(par[:, None], ch[:, None])


def compared(weeks: int, policies: tuple[str, ...]) -> dict[str, Any]:
    """Four replicates of two draws, both ways."""
    case = korea(weeks)
    design, beliefs = pack_design(case, policies), beliefs_of(case)
    draw, replicate = np.repeat([0, 1], 4), FIRST + np.arange(8)
    here = np.concatenate(
        [
            simulate_replicates(
                design, Beliefs(beliefs.par[d], beliefs.ch[d]), SEED, FIRST + 4 * d, 4
            )
            for d in range(2)
        ]
    )
    there = simulate_draws(design, beliefs, SEED, draw, replicate)
    whole = [o for o in Out if np.array_equal(here[..., o], np.round(here[..., o]))]
    size = np.maximum(np.abs(here), np.abs(here).mean(axis=(0, 1, 2)))
    gap = np.abs(there - here) / np.where(size > 0, size, 1.0)
    return {
        "futures": here[..., 0].size,
        "counts": len(whole),
        "counts_differ": int((here != there)[..., whole].sum()),
        "worst": float(gap.max()),
        "crises": float(here[..., Out.crises].sum()),
    }


def luck() -> dict[str, Any]:
    """The luck of four replicates over a chunk of weeks, both ways."""
    design = pack_design(korea(8), ("P0",))
    n = 4
    here = luck_records(design.slot)[0]
    set_key(here, SEED, FIRST)
    draw_luck(here, 0)
    head, words, weeks = lot_words(len(design.slot))
    blocks = CHUNK // weeks
    lots = np.zeros((blocks, words, n))
    kernels(len(design.slot))[0][blocks * n, 1](
        np.uint64(SEED), design.slot, FIRST + np.arange(n), lots
    )
    differ, compared_numbers, noise = 0, 0, 0.0
    fields = load("records").luck_dtype(len(design.slot)).fields
    for name, (kind, offset) in fields.items():
        at = offset // 8 - head
        if at < 0:
            continue
        shape = kind.shape[:-2]
        there = lots[:, at : at + kind.itemsize // 8].reshape(blocks, *shape, weeks, n)
        there = np.moveaxis(there, 0, -3).reshape(*shape, CHUNK, n)
        if name == "noise":  # a normal already
            noise = float(np.abs(there - here[name][..., :n]).max())
            continue
        differ += int((there != here[name][..., :n]).sum())
        compared_numbers += there.size
    return {"differ": differ, "numbers": compared_numbers, "noise": noise}


def bounded() -> bool:
    """Whether a card with little memory, which takes one replicate at a time, gives the same."""
    case = korea(4)
    arguments = (
        pack_design(case, ("P0", "P7")), beliefs_of(case), SEED, np.array([0, 1, 1]), np.arange(3),
    )  # fmt: skip
    whole = simulate_draws(*arguments)
    launch._SHARE_OF_MEMORY = 1e-9
    return np.array_equal(whole, simulate_draws(*arguments))


def assessed() -> dict[str, Any]:
    """The same small assessment on the simulated card and on a thread."""
    asked = {"futures": 16, "policies": ["P7"], "beliefs": "W1", "threads": 1}
    there, here = (assess(korea(4), **asked, gpu=gpu) for gpu in (True, False))
    return {
        "manifests": [there.manifest.get("gpu"), here.manifest.get("gpu")],
        "there": there.summary["policies"],
        "here": here.summary["policies"],
    }


if __name__ == "__main__":
    print(
        json.dumps(
            {
                "luck": luck(),
                "short": compared(8, ("P0", "P7")),
                "longer": compared(40, ("P0", "P16")),
                "alone": compared(8, ("P7",)),
                "triggers": compared(20, ("P0", "P6")),
                "assessed": assessed(),
                "bounded": bounded(),
            }
        )
    )
