"""The kernels of the GPU play the CPU's futures; shown without one, in Numba's simulator of CUDA."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def simulated() -> dict[str, Any]:
    """What `gpu_simulated` found, in a process of its own."""
    command = [sys.executable, "-W", "error", str(HERE / "gpu_simulated.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_the_same_random_numbers(simulated: dict[str, Any]) -> None:
    """Every uniform of four replicates over a year is the CPU's to the bit.

    The noise is a normal already, and goes through a square root and a logarithm, which libraries
    round differently in the last of 16 digits.
    """
    luck = simulated["luck"]
    assert luck["numbers"] > 10_000
    assert 0 == luck["differ"]
    assert luck["noise"] < 1e-14


@pytest.mark.parametrize("case", ["short", "longer", "alone", "triggers"])
def test_the_same_futures(simulated: dict[str, Any], case: str) -> None:
    """Whole numbers are the CPU's; others to 1e-12, as exp and log round differently.

    `alone` is one policy in one world, whose futures draw their own luck.
    """
    found = simulated[case]
    assert found["futures"] == (8 if case == "alone" else 16)
    assert found["counts"] > 40
    assert 0 == found["counts_differ"]
    assert found["worst"] < 1e-12
    assert case != "longer" or found["crises"] > 0, "no crisis: it shows too little"


def test_a_card_with_little_memory(simulated: dict[str, Any]) -> None:
    """Takes fewer replicates at once, and gives the same."""
    assert simulated["bounded"]


def test_an_assessment_on_a_gpu(simulated: dict[str, Any]) -> None:
    """Has the findings of the CPU's to ten digits, and its manifest names the card."""
    told, other = simulated["assessed"]["manifests"]
    assert "CUDA simulator" == told["card"]
    assert other is None
    there, here = (numbers(simulated["assessed"][who]) for who in ("there", "here"))
    assert len(here) > 100
    assert here == pytest.approx(there, rel=1e-10, abs=1e-12)


def numbers(found: Any) -> list[float]:
    """Every number in a summary, in order."""
    if isinstance(found, dict):
        return [n for value in found.values() for n in numbers(value)]
    if isinstance(found, list):
        return [n for value in found for n in numbers(value)]
    return [float(found)] if isinstance(found, int | float) else []


_COMPILED = """
from types import SimpleNamespace
from numba import cuda, from_dtype, types
from numba.cuda import dispatcher
dispatcher.get_current_device = lambda: SimpleNamespace(compute_capability=(9, 0))
from openchannel.kernel.gpu import launch
from openchannel.kernel.gpu.futures import aligned, kernels
from openchannel.kernel.records import belief_records, plan_records
import numpy as np
from openchannel.casefile import load_case
from openchannel.model import central_beliefs, pack_design
case = load_case("korea")
design, beliefs = pack_design(case, ("P0",)), central_beliefs(case)
par = belief_records(beliefs.par[None], beliefs.ch[None])
plan = plan_records(design.lever, design.cadence, design.rule, design.exemptions)
def of(kind, axes):
    return types.Array(kind, axes, "C")
f8, i8 = types.float64, types.int64
par, plan = (from_dtype(aligned(a.dtype)) for a in (par, plan))
given = (of(par, 2), of(plan, 3), of(f8, 4), of(i8, 1), of(i8, 1), of(i8, 1), of(f8, 3), of(f8, 4))
with launch._uncontracted():
    print(cuda.compile_ptx(
        kernels(len(design.slot))[1].py_func, types.void(types.uint64, *given), cc=(9, 0)
    )[0])
"""


NO_COMPILER = "CUDA's compiler is not installed: pip install 'numba-cuda[cu13]' (about 200 MB)"


@pytest.mark.skipif(find_spec("nvidia") is None, reason=NO_COMPILER)
def test_it_compiles_for_a_card() -> None:
    """For compute capability 9.0, without a card: rounded as on the CPU, read by whole numbers."""
    command = [sys.executable, "-c", _COMPILED]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if re.search("LibNotFoundError|NvvmSupportError", done.stderr):
        pytest.skip(NO_COMPILER)
    assert done.returncode == 0, done.stderr
    code = done.stdout
    assert ".target sm_90" in code
    assert not re.search(r"\b(mul|add|sub)\.f64", code), "may be contracted to a fused operation"
    assert ".u8" not in "".join(re.findall(r"\bld\.global\S*", code)), "numbers read by bytes"
