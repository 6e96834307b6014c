"""Whether clearer signals calm or embolden: the simulator's crisis beside a small game.

Both get the case's share of hostile intent and its misreadings, without contact and with full
reliability; the payoffs of the game are stylised. Only directions are compared.
"""

from __future__ import annotations

from dataclasses import dataclass

from openchannel.analysis.games import CrisisGame
from openchannel.domain import Case

__all__ = ["Clarity", "clarity_of"]

_NEEDED = ("h", "f0", "m0", "e_f", "zeta", "uH", "uB", "fb")
#: Stylised: a fair war, dear to the weak and cheap to the resolute; choices noisy by a tenth.
_GAME = {"win": 0.5, "own_cost": 0.1, "weak_cost": 0.3, "firm_cost": 0.05, "precision": 10.0}


@dataclass(frozen=True, slots=True)
class Clarity:
    """One rung, with others at the central values of the case.

    simulator : change in the chance that a move escalates, from no reliability to full
    game : change in the chance of war, for the same change in misreadings
    turns : emboldening (`zeta`) above which reliability harms in the simulator
    """

    rung: str
    hostile: float
    simulator: float
    game: float
    turns: float

    @property
    def agrees(self) -> bool:
        """Whether both move the same way."""
        return (self.simulator > 0.0) == (self.game > 0.0)


def clarity_of(case: Case) -> tuple[Clarity, ...]:
    """Every rung of the case; none where it lacks the parameters of a crisis."""
    if not case.parameters.keys() >= set(_NEEDED):
        return ()
    at = case.parameters
    f0, m0, e_f, zeta, up_h, up_b = (at[k].value for k in ("f0", "m0", "e_f", "zeta", "uH", "uB"))
    firebreaks = dict(zip(at["fb"].elements, at["fb"].values, strict=True))
    found = []
    for rung, hostile in zip(at["h"].elements, at["h"].values, strict=True):
        calmed = (1.0 - hostile) * f0 * e_f * (up_h - up_b)
        game = CrisisGame(**_GAME, resolute=hostile)
        found.append(
            Clarity(
                rung,
                hostile,
                firebreaks[rung] * (hostile * zeta * up_h - calmed),
                game.chance_of_war(f0 * (1.0 - e_f), m0) - game.chance_of_war(f0, m0),
                calmed / (hostile * up_h),
            )
        )
    return tuple(found)
