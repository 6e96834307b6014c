"""Many futures: which beliefs, how many replicates, run on all cores, kept as small summaries."""

from openchannel.ensemble.checkpoint import Checkpoint
from openchannel.ensemble.collect import Collected
from openchannel.ensemble.design import BeliefSample, sample_beliefs
from openchannel.ensemble.executors import Executor, Gpu, Sequential, Threads, executor
from openchannel.ensemble.plan import Plan, make_plan
from openchannel.ensemble.progress import Progress
from openchannel.ensemble.runner import run_plan
from openchannel.ensemble.work import Ensemble

__all__ = [
    "BeliefSample",
    "Checkpoint",
    "Collected",
    "Ensemble",
    "Executor",
    "Gpu",
    "Plan",
    "Progress",
    "Sequential",
    "Threads",
    "executor",
    "make_plan",
    "run_plan",
    "sample_beliefs",
]
