"""The JAX version of the benchmark is the same model as the NumPy version."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("jax", reason="JAX, a peer of the benchmark, is not installed (make bench)")
sys.path[:0] = [str(Path(__file__).parents[2] / "benches")]
from jax_agreement import distances


def test_means_of_all_outcomes_agree() -> None:
    """Of some eighty outcomes over two years none lies five standard errors off (fixed seed)."""
    found = distances("P7", 4096, weeks=104)
    assert {name: z for name, z in found.items() if abs(z) > 5.0} == {}
