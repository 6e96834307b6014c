"""Findings become claims, claims a brief, and the brief a page, a printed paper or a document."""

from openchannel.report.compose import compose_brief
from openchannel.report.findings import Findings, RecordFindings
from openchannel.report.model import Brief, as_data

__all__ = ["Brief", "Findings", "RecordFindings", "as_data", "compose_brief"]
