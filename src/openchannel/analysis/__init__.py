"""From an ensemble to findings: pure functions of what was collected."""

from openchannel.analysis.estimates import Estimates
from openchannel.analysis.ledger import ledger_worlds
from openchannel.analysis.summary import Findings, metric_words, summarise
from openchannel.analysis.verdict import VERDICT_RULE, Verdict

__all__ = [
    "VERDICT_RULE",
    "Estimates",
    "Findings",
    "Verdict",
    "ledger_worlds",
    "metric_words",
    "summarise",
]
