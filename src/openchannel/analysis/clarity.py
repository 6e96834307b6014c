"""Whether clearer signals calm or embolden: the simulator's crisis beside a small game.

Both get the case's share of hostile intent and its misreadings, without contact and with full
reliability; the payoffs of the game are those of `games.yaml`. Only directions are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from openchannel.analysis.games import CrisisGame
from openchannel.domain import Case, Payoff

__all__ = ["Clarity", "clarity_of"]

_NEEDED = ("h", "f0", "m0", "e_f", "zeta", "uH", "uB", "fb")


@dataclass(frozen=True, slots=True)
class Clarity:
    """One rung, with others at the central values of the case.

    simulator : change in the chance that a move escalates, from no reliability to full
    game : change in the chance of war, for the same change in misreadings
    turns : emboldening (`zeta`) above which reliability harms in the simulator
    agreement : share of the payoffs in their ranges (ends and centres, each with each) with which
        the game moves the way the simulator does
    """

    rung: str
    hostile: float
    simulator: float
    game: float
    turns: float
    agreement: float

    @property
    def agrees(self) -> bool:
        """Whether both move the same way."""
        return (self.simulator > 0.0) == (self.game > 0.0)


def clarity_of(case: Case, payoffs: Mapping[str, Payoff]) -> tuple[Clarity, ...]:
    """Every rung of the case; none where it lacks the parameters or the payoffs of a crisis."""
    if not payoffs or not case.parameters.keys() >= set(_NEEDED):
        return ()
    at = case.parameters
    f0, m0, e_f, zeta, up_h, up_b = (at[k].value for k in ("f0", "m0", "e_f", "zeta", "uH", "uB"))
    firebreaks = dict(zip(at["fb"].elements, at["fb"].values, strict=True))
    ways = [(p.low, p.value, p.high) for p in payoffs.values()]
    tried = [dict(zip(payoffs, way, strict=True)) for way in product(*ways)]

    def change(payoff: Mapping[str, float], hostile: float) -> float:
        game = CrisisGame(**payoff, resolute=hostile)
        return game.chance_of_war(f0 * (1.0 - e_f), m0) - game.chance_of_war(f0, m0)

    found = []
    for rung, hostile in zip(at["h"].elements, at["h"].values, strict=True):
        calmed = (1.0 - hostile) * f0 * e_f * (up_h - up_b)
        simulated = firebreaks[rung] * (hostile * zeta * up_h - calmed)
        same = [(change(t, hostile) > 0.0) == (simulated > 0.0) for t in tried]
        found.append(
            Clarity(
                rung,
                hostile,
                simulated,
                change({name: p.value for name, p in payoffs.items()}, hostile),
                calmed / (hostile * up_h),
                sum(same) / len(same),
            )
        )
    return tuple(found)
