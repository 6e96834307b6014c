"""Between words and arrays: a case packed for the kernel, and what a future did, by name."""

from openchannel.model.metrics import METRICS, Metric, metric_values
from openchannel.model.pack import (
    Beliefs,
    Design,
    central_beliefs,
    override,
    pack_design,
    required_names,
    world_beliefs,
)
from openchannel.model.run import (
    Forks,
    Path,
    simulate_forks,
    simulate_path,
    simulate_replicates,
)

__all__ = [
    "METRICS",
    "Beliefs",
    "Design",
    "Forks",
    "Metric",
    "Path",
    "central_beliefs",
    "metric_values",
    "override",
    "pack_design",
    "required_names",
    "simulate_forks",
    "simulate_path",
    "simulate_replicates",
    "world_beliefs",
]
