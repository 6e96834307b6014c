"""How long what is known of a state still tells anything, by the model's own equations."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from openchannel.domain import WEEKS_A_YEAR

__all__ = ["fading"]


def fading(numbers: Mapping[str, float], weeks: float) -> dict[str, float]:
    """Share of a known departure from the usual that is left after some weeks, state by state.

    Parameters
    ----------
    numbers : parameters by flattened name, without channels

    Returns
    -------
    dict
        `excitation` by its half-life; `tension` by its reversion; `campaign` and `receptivity` by
        the slowest mode of their chains, at zero tension and without offers.

    Examples
    --------
    >>> round(fading({"h_H": 2, "kappa": 0.05, "q_M": 0.5, "q01": 1, "q10": 1, "q12": 0,
    ...               "q21": 1}, 26)["excitation"], 6)
    0.000122
    """
    step = numbers["q_M"] / (2.0 * WEEKS_A_YEAR)
    campaign = np.array([[1 - step, step, 0], [step, 1 - 2 * step, step], [0, step, 1 - step]])
    up, down = (numbers[k] / WEEKS_A_YEAR for k in ("q01", "q10"))
    wider, back = (numbers[k] / WEEKS_A_YEAR for k in ("q12", "q21"))
    receptivity = np.array([[1 - up, up, 0], [down, 1 - down - wider, wider], [0, back, 1 - back]])
    return {
        "excitation": float(2.0 ** (-weeks / numbers["h_H"])),
        "tension": float((1.0 - numbers["kappa"]) ** weeks),
        "campaign": _slowest(campaign) ** weeks,
        "receptivity": _slowest(receptivity) ** weeks,
    }


def _slowest(chain: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
    """The second largest eigenvalue of a chain: what of a departure is left after a step."""
    return float(np.sort(np.abs(np.linalg.eigvals(chain)))[-2])
