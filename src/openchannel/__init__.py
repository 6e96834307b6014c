"""Whether and how to keep channels open to a rival: a sourced simulator, and what follows from it.

>>> import openchannel as oc
>>> case = oc.load("korea")                               # doctest: +SKIP
>>> run = oc.assess(case, futures=20_000, seed=1)         # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openchannel.usecases.assessment import assess
    from openchannel.usecases.belief_curve import curve
    from openchannel.usecases.believe import believe
    from openchannel.usecases.cases import load
    from openchannel.usecases.claims import ledger
    from openchannel.usecases.compare import compare
    from openchannel.usecases.design import design
    from openchannel.usecases.finished_run import Run, open_run
    from openchannel.usecases.forecast import forecast
    from openchannel.usecases.forecast_score import forecast_score
    from openchannel.usecases.hedge import hedge
    from openchannel.usecases.history import history
    from openchannel.usecases.record import timeline
    from openchannel.usecases.redteam import redteam
    from openchannel.usecases.signposts import watch
    from openchannel.usecases.ties import ties

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
    "Run": "finished_run",
    "open_run": "finished_run",
    "assess": "assessment",
    "load": "cases",
    "believe": "believe",
    "compare": "compare",
    "curve": "belief_curve",
    "design": "design",
    "history": "history",
    "forecast": "forecast",
    "forecast_score": "forecast_score",
    "hedge": "hedge",
    "ledger": "claims",
    "redteam": "redteam",
    "ties": "ties",
    "timeline": "record",
    "watch": "signposts",
}


def __getattr__(name: str) -> Any:
    """Load the use cases at the first question, so that importing costs nothing."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"openchannel.usecases.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'openchannel' has no attribute {name!r}")
