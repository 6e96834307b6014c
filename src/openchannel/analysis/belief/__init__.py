"""What one would have to believe: where a policy loses, what matters, what to find out.

Pure functions of belief draws and of conditional means with the luck in them; one run feeds all.
See docs/explanation/what-you-would-have-to-believe.md for the methods.
"""

from openchannel.analysis.belief.boxes import Box, Limit, Peeling
from openchannel.analysis.belief.choice import chance_best
from openchannel.analysis.belief.control import Control, value_of_control
from openchannel.analysis.belief.convergence import Convergence, enough_for_sign
from openchannel.analysis.belief.designed import Evaluate, Screened, SobolIndices, screen, sobol
from openchannel.analysis.belief.discovery import Discovery, discover, find_boxes
from openchannel.analysis.belief.distribution import RegionalIndex, pawn, regional
from openchannel.analysis.belief.draws import BeliefDraws, Dependence
from openchannel.analysis.belief.explained import first_order, given_loss, module_order
from openchannel.analysis.belief.index import Index, Ranking, rank
from openchannel.analysis.belief.information import (
    Certainty,
    value_of_certainty,
    value_of_knowing,
    value_of_module,
)
from openchannel.analysis.belief.questions import (
    Question,
    counted,
    measured,
    succeeded,
    value_of_asking,
)
from openchannel.analysis.belief.shapley import ShapleyEffects, shapley_effects
from openchannel.analysis.belief.stability import LimitStability, Stability, stability
from openchannel.analysis.belief.surface import expected_difference
from openchannel.analysis.belief.targets import (
    Target,
    best_policy,
    chance_worse,
    sign_of_difference,
    size_of_difference,
)
from openchannel.analysis.belief.tree import Leaf, Tree, grow

__all__ = [
    "BeliefDraws", "Box", "Certainty", "Control", "Convergence", "Dependence", "Discovery",
    "Evaluate", "Index", "Leaf", "Limit", "LimitStability", "Peeling", "Question", "Ranking",
    "RegionalIndex", "Screened", "ShapleyEffects", "SobolIndices", "Stability", "Target", "Tree",
    "best_policy", "chance_best", "chance_worse", "counted", "discover", "enough_for_sign",
    "expected_difference", "find_boxes", "first_order", "given_loss", "grow", "measured",
    "module_order", "pawn", "rank", "regional", "screen", "shapley_effects", "sign_of_difference",
    "size_of_difference", "sobol", "stability", "succeeded", "value_of_asking",
    "value_of_certainty", "value_of_control", "value_of_knowing", "value_of_module",
]  # fmt: skip
