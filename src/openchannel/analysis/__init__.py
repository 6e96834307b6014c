"""From an ensemble to findings: pure functions of what was collected."""

from openchannel.analysis.estimates import Estimates
from openchannel.analysis.ledger import LEDGER_SETTINGS, ledger_worlds
from openchannel.analysis.summary import Findings, metric_words, summarise
from openchannel.analysis.verdict import VERDICT_RULE, Verdict, judge

__all__ = [
    "LEDGER_SETTINGS",
    "VERDICT_RULE",
    "Estimates",
    "Findings",
    "Verdict",
    "judge",
    "ledger_worlds",
    "metric_words",
    "summarise",
]
