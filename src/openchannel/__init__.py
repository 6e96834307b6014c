"""Whether and how to keep channels open to a rival: a sourced simulator, and what follows from it.

>>> import openchannel as oc
>>> case = oc.load("korea")                               # doctest: +SKIP
>>> run = oc.assess(case, futures=20_000, seed=1)         # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openchannel.usecases.belief.believe import believe
    from openchannel.usecases.belief.claims import ledger
    from openchannel.usecases.belief.curve import curve
    from openchannel.usecases.belief.redteam import redteam
    from openchannel.usecases.building.design import design
    from openchannel.usecases.building.hedge import hedge
    from openchannel.usecases.cases import load
    from openchannel.usecases.evidence.record import timeline
    from openchannel.usecases.evidence.ties import ties
    from openchannel.usecases.forecasts.forecast import forecast
    from openchannel.usecases.forecasts.score import forecast_score
    from openchannel.usecases.history.study import history
    from openchannel.usecases.runs.assessment import assess
    from openchannel.usecases.runs.compare import compare
    from openchannel.usecases.runs.finished_run import Run, open_run
    from openchannel.usecases.signs.watch import watch

__version__ = "0.1.0"
__all__ = [
    "Run",
    "__version__",
    "assess",
    "believe",
    "compare",
    "curve",
    "design",
    "forecast",
    "forecast_score",
    "hedge",
    "history",
    "ledger",
    "load",
    "open_run",
    "redteam",
    "ties",
    "timeline",
    "watch",
]

_HOMES = {
    "Run": "runs.finished_run",
    "open_run": "runs.finished_run",
    "assess": "runs.assessment",
    "load": "cases",
    "believe": "belief.believe",
    "compare": "runs.compare",
    "curve": "belief.curve",
    "design": "building.design",
    "history": "history.study",
    "forecast": "forecasts.forecast",
    "forecast_score": "forecasts.score",
    "hedge": "building.hedge",
    "ledger": "belief.claims",
    "redteam": "belief.redteam",
    "ties": "evidence.ties",
    "timeline": "evidence.record",
    "watch": "signs.watch",
}


def __getattr__(name: str) -> Any:
    """Load the use cases at the first question, so that importing costs nothing."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"openchannel.usecases.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'openchannel' has no attribute {name!r}")
