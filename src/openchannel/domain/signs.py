"""Signs: what the record may come to show, and how likely that is under each belief.

Frozen values only. `casefile` makes them from text, `analysis` weighs beliefs by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openchannel.domain.case import Grade

__all__ = ["Counted", "Formula", "Judged", "Likelihood", "Modelled", "Rows", "Sign", "Succeeded"]


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression over numbers of the case, in the order in which a stack works it out.

    text : as written ; names : of numbers, `lam0` or `rho.NYC`
    steps : numbers, names, and the signs `+ - * / neg exp`
    """

    text: str
    names: tuple[str, ...]
    steps: tuple[float | str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table of the record: those whose columns hold one of the values named.

    among : columns of the rows out of which these are, for a share; empty for a count
    """

    table: str
    where: Mapping[str, tuple[str, ...]]
    among: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Modelled:
    """A count that the model's own futures give, under the policy `under`."""

    what: str
    under: str
    recorded: float = 1.0  # rows of the record for each event of the model


@dataclass(frozen=True, slots=True)
class Counted:
    """A Poisson count with a rate a year that beliefs give."""

    rate: Formula
    recorded: float = 1.0


@dataclass(frozen=True, slots=True)
class Succeeded:
    """A binomial count: the chance is given by beliefs; `trials` is what a year may bring."""

    chance: Formula
    trials: int


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a row is seen within `weeks`: chances at two values of a belief, log-odds between."""

    belief: str
    at: tuple[float, float]
    chance: tuple[float, float]
    weeks: int


Likelihood = Modelled | Counted | Succeeded | Judged


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that can be observed, with its likelihood, its reasons and its grade.

    rows : where the record shows it; None for one that can only be supposed
    """

    id: str
    title: str
    rows: Rows | None
    likelihood: Likelihood
    grade: Grade
    reasoning: str
    sources: tuple[str, ...] = ()
