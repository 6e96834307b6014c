"""Whether the JAX version is the same model as the NumPy version: every outcome's mean compared.

    python -m benches.jax_agreement [FUTURES]

Both draw luck of their own, so means agree within their errors, not digit by digit. Prints outcomes
that lie more than three standard errors apart: of some seventy, one in five runs shows one.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("tests", "benches", "src")]

import numpy as np
from jax_futures import simulate_many
from numpy_futures import simulate_many as simulate_with_numpy

POLICIES = ("P1", "P7", "P8", "P11")


def distances(policy: str, n_futures: int, seed: int = 1, weeks: int = 520) -> dict[str, float]:
    """Means apart, in standard errors of their difference, by outcome."""
    from naive import reference_values as ref

    given = ref.PARAMETERS, ref.COLUMNS, ref.stages(policy), ref.RULES[policy], ref.CALENDAR, weeks
    ours, theirs = (f(*given, n_futures, seed) for f in (simulate_many, simulate_with_numpy))
    found = {}
    for name, x in ours.items():
        y = theirs[name]
        error = np.sqrt((x.var() + y.var()) / n_futures)
        apart = float(x.mean() - y.mean())
        found[name] = apart / error if error > 0 else np.inf * apart if apart else 0.0
    return found


def main() -> None:
    """Print the largest distances by policy."""
    n_futures = int(sys.argv[1]) if len(sys.argv) > 1 else 8192
    for policy in POLICIES:
        found = distances(policy, n_futures)
        far = {name: round(z, 1) for name, z in found.items() if abs(z) > 3.0}
        print(
            f"{policy}: {n_futures} futures each, {len(found)} outcomes; beyond 3: {far or 'none'}"
        )


if __name__ == "__main__":
    main()
