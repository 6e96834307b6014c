"""Case folders: text that a researcher edits, to a checked `domain.Case`, or all its problems."""

from openchannel.casefile.fingerprint import case_fingerprint
from openchannel.casefile.layers import builtin_cases, case_source
from openchannel.casefile.loading import check_case, load_case
from openchannel.casefile.new import new_case, templates

__all__ = [
    "builtin_cases",
    "case_fingerprint",
    "case_source",
    "check_case",
    "load_case",
    "new_case",
    "templates",
]
