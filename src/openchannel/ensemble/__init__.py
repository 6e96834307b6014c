"""Many futures: which beliefs, how many replicates, run on all cores, kept as small summaries."""

from openchannel.ensemble.checkpoint import Checkpoint
from openchannel.ensemble.collect import Collected
from openchannel.ensemble.design import BeliefSample, sample_beliefs
from openchannel.ensemble.plan import Plan, make_plan
from openchannel.ensemble.progress import Progress
from openchannel.ensemble.runner import Ensemble, run_plan

__all__ = [
    "BeliefSample",
    "Checkpoint",
    "Collected",
    "Ensemble",
    "Plan",
    "Progress",
    "make_plan",
    "run_plan",
    "sample_beliefs",
]
