"""Probability laws over one number: how far the truth may lie from a central value.

Owns the shapes and their supports. Drawing from them belongs to `ensemble`.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Discrete", "Law", "LogNormal", "LogUniform", "Pert", "Uniform"]


@dataclass(frozen=True, slots=True)
class Pert:
    """Beta law on [low, high] with the given mode and weight 4 on it (PERT)."""

    low: float
    mode: float
    high: float


@dataclass(frozen=True, slots=True)
class Uniform:
    """Every number from `low` to `high` equally likely."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LogUniform:
    """Uniform in the logarithm; both ends above zero."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LogNormal:
    """`sigma` is the standard deviation of the logarithm."""

    median: float
    sigma: float


@dataclass(frozen=True, slots=True)
class Discrete:
    """Values with weights that sum to one."""

    values: tuple[float, ...]
    weights: tuple[float, ...]


Law = Pert | Uniform | LogUniform | LogNormal | Discrete
