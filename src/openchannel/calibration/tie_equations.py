"""Reliability and thickness of ties by the equations of the model (specification, A1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from openchannel.domain import Case, Parameter

__all__ = [
    "ROUTINE_CHANNEL",
    "Bools",
    "Floats",
    "TieInputs",
    "effective_channels",
    "live_channels",
    "reliability",
]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ROUTINE_CHANNEL = "UNC"


@dataclass(frozen=True, slots=True)
class TieInputs:
    """The channel table and the scalars of A1 that a history needs.

    Arrays are float64[n_channels] in the order of `channels`: authority, answer rate, median
    latency (hours), growth per contact, half-life (weeks), share of a tie that survives a change of
    their and of our office-holder. `psi` is the answer multiplier by receptivity 0, 1, 2.
    `routine` gives contacts a year of lines whose traffic is not listed.
    """

    channels: tuple[str, ...]
    auth: Floats
    rho: Floats
    tau: Floats
    g: Floats
    HL: Floats
    iota_D: Floats
    iota_U: Floats
    psi: tuple[float, float, float]
    b0: float
    b1: float
    q_cc: float
    q_tie: float
    routine: Mapping[str, float] = field(default_factory=dict)
    live_s: float = 0.1
    live_a: float = 0.4

    @classmethod
    def from_case(cls, case: Case) -> TieInputs:
        """The central values of a case; routine traffic is that of its status-quo policy."""
        ids = tuple(c.id for c in case.channels)
        parameters = case.parameters

        def column(key: str) -> Floats:
            return np.array([parameters[key][c] for c in ids])

        def number(key: str) -> float:
            return parameters[key].value

        cadence = case.policy(case.status_quo).cadence
        return cls(
            ids,
            auth=column("auth"),
            rho=column("rho"),
            tau=column("tau"),
            g=column("g"),
            HL=column("HL"),
            iota_D=column("iota_D"),
            iota_U=column("iota_U"),
            psi=_psi(parameters),
            b0=number("b0"),
            b1=number("b1"),
            q_cc=number("q_cc"),
            q_tie=number("q_tie"),
            routine={c: cadence[c] for c in (ROUTINE_CHANNEL,) if cadence.get(c)},
            live_s=number("live_s") if "live_s" in parameters else 0.1,
            live_a=number("live_a") if "live_a" in parameters else 0.4,
        )


def _psi(parameters: Mapping[str, Parameter]) -> tuple[float, float, float]:
    """Answer multipliers; one parameter indexed by receptivity, or three of one number."""
    if "psi" in parameters:
        psi = parameters["psi"]
        return psi["0"], psi["1"], psi["2"]
    return parameters["psi0"].value, parameters["psi1"].value, parameters["psi2"].value


def reliability(
    open_lines: Bools, s: Floats, receptivity: int, deadline_hours: float, inputs: TieInputs
) -> Floats:
    """Chance that some channel brings an authoritative, believed answer within the deadline.

    Parameters
    ----------
    open_lines, s : bool[..., n_channels], float64[..., n_channels]
        Which lines are open, and the strength of each tie in [0, 1].
    receptivity : int
        0 closed, 1 wary, 2 open.
    deadline_hours : float
        Hours until the answer must be there; 0 or more.

    Returns
    -------
    float64[...]
        `Rel(D) = (1-q) * [1 - prod(1 - p_c(D))]` with `q = q_cc (1 - q_tie S)`, S the mean tie
        by authority, and `p_c = O rho psi_R a (b0 + (b1-b0) s) (1 - 2^(-D/tau))`.
    """
    belief = inputs.b0 + (inputs.b1 - inputs.b0) * s
    in_time = 1.0 - np.exp2(-deadline_hours / inputs.tau)
    p = open_lines * inputs.rho * inputs.psi[receptivity] * inputs.auth * belief * in_time
    mean_tie = (inputs.auth * s).sum(axis=-1) / inputs.auth.sum()
    silence = inputs.q_cc * (1.0 - inputs.q_tie * mean_tie)
    result: Floats = (1.0 - silence) * (1.0 - np.prod(1.0 - p, axis=-1))
    return result


def effective_channels(open_lines: Bools, s: Floats, auth: Floats) -> Floats:
    """How many equal channels the ties amount to: `(Σy)²/Σy²`, `y = O·s·a`; 0 without any.

    Lines and ties are bool and float64[..., n_channels], the result is float64[...].
    """
    y = open_lines * s * auth
    squares = (y * y).sum(axis=-1)
    result: Floats = y.sum(axis=-1) ** 2 / np.where(squares > 0.0, squares, 1.0)
    return result


def live_channels(open_lines: Bools, s: Floats, inputs: TieInputs) -> Bools:
    """Which channels are open, tied (`s` ≥ .1) and authoritative (`a` ≥ .4)."""
    return open_lines & (s >= inputs.live_s) & (inputs.auth >= inputs.live_a)
