"""Chosen portfolios on fresh futures: effects, parts, and the next dollar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openchannel.analysis.measured import Measured
from openchannel.analysis.portfolio.space import Point
from openchannel.analysis.portfolio.trial import CAPTURE, COST, RISK, Outcomes
from openchannel.analysis.portfolio.workshop import Chosen, Workshop
from openchannel.domain import Policy

__all__ = ["Margin", "Tested", "examine", "margins", "parts"]


@dataclass(frozen=True, slots=True)
class Margin:
    """What one more rung of a channel would bring.

    rung : contacts a year it would then have; None at the top of the ladder
    risk, capture, cost : the portfolio with it, less the portfolio
    """

    channel: str
    rung: float | None
    yearly_usd: float
    fits: bool
    risk: Measured
    capture: Measured
    cost: Measured


@dataclass(frozen=True, slots=True)
class Tested:
    """Portfolios and policies of the case on fresh futures."""

    chosen: tuple[Chosen, ...]
    policies: tuple[Policy, ...]
    outcomes: Outcomes


def examine(made: Workshop, chosen: Sequence[Chosen]) -> Tested:
    """The chosen portfolios and the policies of the case on futures that chose nothing."""
    portfolios = [made.made(c.point, c.id) for c in chosen]
    policies = (*portfolios, *made.rivals)
    found = made.outcomes(policies, "test", made.sizes.test)
    return Tested(tuple(chosen), policies, found)


def parts(made: Workshop, chosen: Chosen) -> tuple[Measured, Measured]:
    """Risk of the levers alone and of the contacts alone, less the status quo's.

    Levers carry no price in the model, so a reader must see what they do by themselves.
    """
    channels = set(made.space.channels)
    levers = made.space.without(chosen.point, made.space.channels)
    contacts = made.space.without(
        chosen.point, tuple(i for i in range(len(chosen.point)) if i not in channels)
    )
    points = (made.space.now, levers, contacts)
    policies = [made.made(p, made.id_of(i)) for i, p in enumerate(points)]
    found = made.outcomes(policies, f"parts {chosen.id}", made.sizes.test)
    one, other = (found.difference(RISK, made.id_of(i), made.id_of(0)) for i in (1, 2))
    return one, other


def margins(made: Workshop, chosen: Chosen) -> list[Margin]:
    """What the next dollar on each channel would bring to one portfolio, on fresh futures."""
    point, space = chosen.point, made.space
    raised = {
        i: space.moved(point, {i: point[i] + 1}) for i in space.channels if point[i] < space.tops[i]
    }
    policies = [made.made(p, made.id_of(i + 1)) for i, p in {-1: point, **raised}.items()]
    found = made.outcomes(policies, f"margins {chosen.id}", made.sizes.test)
    return [_margin(made, found, i, raised.get(i)) for i in space.channels]


def _margin(made: Workshop, found: Outcomes, place: int, raised: Point | None) -> Margin:
    choice = made.space.choices[place]
    none = Measured(float("nan"), float("nan"))
    if raised is None:
        return Margin(choice.name, None, float("nan"), False, none, none, none)
    risk, used, cost = (
        found.difference(m, made.id_of(place + 1), made.id_of(0)) for m in (RISK, CAPTURE, COST)
    )
    rung = float(choice.rungs[raised[place]] or 0.0)
    return Margin(choice.name, rung, made.yearly(raised), made.fits(raised), risk, used, cost)
