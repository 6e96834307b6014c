"""The outer loop: draws of the parameters from their ranges, with the two correlation groups.

A scrambled Sobol sequence has one coordinate for each uncertain quantity, in alphabetical order of
parameter keys, then one each for the common base-risk factor and the common tie efficacy (0.4).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import special

from openchannel.domain import (
    Case,
    Discrete,
    Draw,
    Law,
    LogNormal,
    LogUniform,
    Parameter,
    Pert,
    Uniform,
)
from openchannel.ensemble.unbroken import unbroken
from openchannel.model import Beliefs, central_beliefs
from openchannel.model.pack import get, place, put

__all__ = ["BeliefSample", "belief_points", "quantile", "sample_beliefs", "sobol"]

F8 = NDArray[np.float64]
_THETA_KEY = 0x7468657461  # "theta": parameter draws share no key with the luck of futures
EDGE = 2.0**-32  # coordinates keep this far from 0 and 1, where some quantiles are infinite
_FACTORS = {"omega_risk": -2, "omega_tie": -1}  # their coordinates, counted from the end


@dataclass(frozen=True, slots=True)
class BeliefSample:
    """Draws of the parameters before any world speaks.

    beliefs : par float64[draw, Scalar], ch float64[draw, channel, Column]
    quantities : the drawn numbers by name, float64[draw] each; empty for central values
    """

    beliefs: Beliefs
    quantities: dict[str, F8]

    @property
    def n_draws(self) -> int:
        """Number of belief draws."""
        return int(self.beliefs.par.shape[0])


def quantile(law: Law, u: F8) -> F8:
    """Inverse distribution function of a law at u in (0, 1)."""
    match law:
        case Pert(low, mode, high):
            if high == low:
                return np.full_like(u, low)
            a = 1.0 + 4.0 * (mode - low) / (high - low)
            b = 1.0 + 4.0 * (high - mode) / (high - low)
            return np.asarray(low + (high - low) * special.betaincinv(a, b, u))
        case Uniform(low, high):
            return low + (high - low) * u
        case LogUniform(low, high):
            return np.exp(math.log(low) + (math.log(high) - math.log(low)) * u)
        case LogNormal(median, sigma):
            return np.asarray(median * np.exp(sigma * special.ndtri(u)))
        case Discrete(values, weights):
            edges = np.cumsum(weights)
            return np.asarray(values)[
                np.minimum(np.searchsorted(edges, u, "right"), len(values) - 1)
            ]


def quantity_name(parameter: Parameter, draw: Draw) -> str:
    """Name of an uncertain quantity: the key, and what tells it from others of the parameter."""
    name = parameter.key
    if len(parameter.draws) > 1:
        name += "_" + draw.elements[0]
    return name if draw.how in ("value", "dirichlet") else f"{name}_{draw.how}"


def _uncertain(case: Case) -> Iterator[tuple[Parameter, Draw]]:
    for key in sorted(case.parameters):
        for draw in case.parameters[key].draws:
            yield case.parameters[key], draw


def _n_coordinates(draw: Draw) -> int:
    return len(draw.elements) if draw.how == "dirichlet" else 1


def sobol(n_draws: int, n_coordinates: int, seed: int, *scramble: int) -> F8:
    """A scrambled Sobol net, strictly inside the unit cube: float64[draw, coordinate].

    Numbers in `scramble` give another scramble of the same seed, independent of all others.
    """
    # Loading scipy.stats takes longer than many a command, so it waits until it is needed.
    from scipy.stats import qmc  # noqa: PLC0415

    generator = np.random.default_rng(np.random.SeedSequence([seed, _THETA_KEY, *scramble]))
    with unbroken():  # interrupted while it reads its tables, SciPy goes on with none: equal points
        net = qmc.Sobol(n_coordinates, scramble=True, rng=generator)
    return np.clip(np.asarray(net.random(n_draws), np.float64), EDGE, 1.0 - EDGE)


def n_coordinates(case: Case) -> int:
    """Coordinates of a belief draw: one for each uncertain quantity and common factor."""
    return sum(_n_coordinates(d) for _, d in _uncertain(case)) + len(_FACTORS)


def belief_points(case: Case, n_draws: int, seed: int) -> F8:
    """The points of the unit cube that `sample_beliefs` turns into beliefs: [draw, coordinate]."""
    return sobol(n_draws, n_coordinates(case), seed)


def sample_beliefs(
    case: Case,
    n_draws: int,
    seed: int,
    *,
    ranges: bool = True,
    held: Mapping[str, float] = MappingProxyType({}),
    points: F8 | None = None,
) -> BeliefSample:
    """Parameter vectors from the ranges of the case, or its central values once.

    `n_draws` should be a power of two (Sobol). With `ranges=False` there is one vector, with every
    parameter at its central value. `held` gives `omega_risk` or `omega_tie`, the common factors,
    as a quantile in (0, 1): every draw then has that one, and all else is drawn as it was.
    `points` are used in place of those of the seed, float64[n_draws, coordinate].
    """
    central = central_beliefs(case)
    if not ranges:
        return BeliefSample(Beliefs(central.par[None], central.ch[None]), {})
    beliefs = Beliefs(
        np.repeat(central.par[None], n_draws, axis=0), np.repeat(central.ch[None], n_draws, axis=0)
    )
    uncertain = list(_uncertain(case))
    points = belief_points(case, n_draws, seed) if points is None else points.copy()
    for factor, share in held.items():
        points[:, _FACTORS[factor]] = share
    omega_risk = np.exp(case.parameters["omega_risk_sd"].value * special.ndtri(points[:, -2]))
    omega_tie = points[:, -1]
    rank = case.parameters["omega_tie_rho"].value
    pull = 2.0 * math.sin(math.pi * rank / 6.0)
    quantities: dict[str, F8] = {}
    at = 0
    for parameter, draw in uncertain:
        width = _n_coordinates(draw)
        u = points[:, at : at + width]
        at += width
        if draw.how == "dirichlet":
            _put_shares(case, beliefs, parameter, draw, u, quantities)
            continue
        assert draw.law is not None
        v = u[:, 0]
        effect = parameter.tie_effect
        if effect is not None and effect.sign:
            z = effect.sign * pull * special.ndtri(omega_tie)
            v = special.ndtr(z + math.sqrt(1.0 - pull * pull) * special.ndtri(v))
        drawn = quantile(draw.law, np.asarray(v))
        quantities[quantity_name(parameter, draw)] = drawn
        _put_drawn(case, beliefs, parameter, draw, drawn)
    _scale_base_risk(case, beliefs, omega_risk)
    quantities["omega_risk"] = omega_risk
    quantities["omega_tie"] = np.asarray(omega_tie)
    return BeliefSample(beliefs, quantities)


def _put_drawn(case: Case, beliefs: Beliefs, parameter: Parameter, draw: Draw, drawn: F8) -> None:
    for element in draw.elements:
        where = place(case, parameter.key, element)
        if where is None:
            continue
        if draw.how == "times":
            value = get(beliefs, where) * drawn
        elif draw.how == "plus":
            value = get(beliefs, where) + drawn
        else:
            value = drawn
        put(beliefs, where, np.clip(value, *parameter.bounds))


def _put_shares(
    case: Case,
    beliefs: Beliefs,
    parameter: Parameter,
    draw: Draw,
    u: F8,
    quantities: dict[str, F8],
) -> None:
    """Dirichlet shares by gamma inversion, then normalised."""
    centre = np.array([parameter[e] for e in draw.elements])
    shares = special.gammaincinv(draw.concentration * centre / centre.sum(), u)
    shares = shares / shares.sum(axis=1, keepdims=True)
    for i, element in enumerate(draw.elements):
        where = place(case, parameter.key, element)
        if where is not None:
            put(beliefs, where, shares[:, i])
        quantities[f"{parameter.key}_{element}"] = shares[:, i]


def _scale_base_risk(case: Case, beliefs: Beliefs, omega_risk: F8) -> None:
    """All base risks rise and fall together: whoever fears one tends to fear the others."""
    for parameter in case.parameters.values():
        for element in parameter.risk_factor:
            where = place(case, parameter.key, element)
            if where is not None:
                scaled = get(beliefs, where) * omega_risk
                put(beliefs, where, np.clip(scaled, *parameter.bounds))
