"""Findings become claims, claims a brief, and the brief a page, a printed paper or a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openchannel.report.compose import compose_brief
    from openchannel.report.findings import Findings, RecordFindings
    from openchannel.report.model import Brief, as_data

__all__ = ["Brief", "Findings", "RecordFindings", "as_data", "compose_brief"]

_HOMES = {
    "Brief": "model",
    "Findings": "findings",
    "RecordFindings": "findings",
    "as_data": "model",
    "compose_brief": "compose",
}


def __getattr__(name: str) -> Any:
    """Load a part at the first question: a chart of the record needs no brief of a run."""
    if name in _HOMES:
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(f"openchannel.report.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'openchannel.report' has no attribute {name!r}")
