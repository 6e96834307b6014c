"""Many futures: which beliefs, how many replicates, run on all cores, kept as small summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "Checkpoint": "checkpoint",
    "Collected": "collect",
    "BeliefSample": "design",
    "sample_beliefs": "design",
    "Executor": "executors",
    "Gpu": "executors",
    "Sequential": "executors",
    "Threads": "executors",
    "executor": "executors",
    "Plan": "plan",
    "make_plan": "plan",
    "Progress": "progress",
    "run_plan": "runner",
    "Ensemble": "work",
}


def __getattr__(name: str) -> Any:
    """Load a part at the first question: whoever writes a file needs no simulator for it."""
    if name in _HOMES:
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(f"openchannel.ensemble.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'openchannel.ensemble' has no attribute {name!r}")
