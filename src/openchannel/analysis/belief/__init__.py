"""What one would have to believe: where a policy loses, what matters, what to find out.

Pure functions of belief draws and of conditional means with the luck in them; one run feeds all.
See docs/explanation/what-you-would-have-to-believe.md for the methods.
"""

from openchannel.analysis.belief.boxes import Box, Limit, Peeling
from openchannel.analysis.belief.choice import TrueLosses, chance_best, true_losses
from openchannel.analysis.belief.control import Control, value_of_control
from openchannel.analysis.belief.convergence import Convergence, enough, enough_for_sign
from openchannel.analysis.belief.designed import Evaluate, Screened, SobolIndices, screen, sobol
from openchannel.analysis.belief.discovery import Discovery, discover, find_boxes
from openchannel.analysis.belief.distribution import RegionalIndex, pawn, regional
from openchannel.analysis.belief.draws import BeliefDraws, Dependence
from openchannel.analysis.belief.explained import first_order, given_loss, module_order
from openchannel.analysis.belief.index import Index, Ranking, rank
from openchannel.analysis.belief.information import (
    Certainty,
    halves_from_luck,
    value_of_certainty,
    value_of_knowing,
    value_of_module,
    value_of_signal,
)
from openchannel.analysis.belief.peeling import peel
from openchannel.analysis.belief.questions import (
    Question,
    belief,
    counted,
    measured,
    succeeded,
    value_of_asking,
)
from openchannel.analysis.belief.shapley import ShapleyEffects, shapley_effects
from openchannel.analysis.belief.stability import (
    LimitStability,
    Stability,
    Statement,
    stability,
    state,
)
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
    "RegionalIndex", "Screened", "ShapleyEffects", "SobolIndices", "Stability", "Statement",
    "Target", "Tree", "TrueLosses", "belief", "best_policy", "chance_best", "chance_worse",
    "counted", "discover", "enough", "enough_for_sign", "expected_difference", "find_boxes",
    "first_order", "given_loss", "grow", "halves_from_luck", "measured", "module_order", "pawn",
    "peel", "rank", "regional", "screen", "shapley_effects", "sign_of_difference",
    "size_of_difference", "sobol", "stability", "state", "succeeded", "true_losses",
    "value_of_asking", "value_of_certainty", "value_of_control", "value_of_knowing",
    "value_of_module", "value_of_signal",
]  # fmt: skip
