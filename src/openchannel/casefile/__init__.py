"""Case folders: text that a researcher edits, to a checked `domain.Case`, or all its problems."""

from openchannel.casefile.fingerprint import case_fingerprint
from openchannel.casefile.layers import builtin_cases
from openchannel.casefile.loading import check_case, load_case
from openchannel.casefile.names import Required
from openchannel.casefile.new import new_case, templates
from openchannel.domain import flat_name, flatten

__all__ = [
    "Required",
    "builtin_cases",
    "case_fingerprint",
    "check_case",
    "flat_name",
    "flatten",
    "load_case",
    "new_case",
    "templates",
]
