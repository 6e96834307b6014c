"""What a person asks for, one function each; command line, pages and Python call only these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openchannel.usecases.assessment import Run, assess, open_run
    from openchannel.usecases.cases import load

__all__ = ["Run", "assess", "load", "open_run"]


def __getattr__(name: str) -> Any:
    """Load the assessment at the first question, so that a look at the record costs little."""
    if name == "load":
        from openchannel.usecases import cases

        return cases.load
    if name in __all__:
        from openchannel.usecases import assessment

        return getattr(assessment, name)
    raise AttributeError(f"module 'openchannel.usecases' has no attribute {name!r}")
