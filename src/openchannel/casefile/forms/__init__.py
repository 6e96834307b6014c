"""The fields of every case file, what each may hold, and an example of each.

Owns shapes: a form says what one file may contain. What several fields or files must agree on is
checked where they are put together. The descriptions are public twice over: in the JSON Schemas
and as the words "allowed" of an error message.
"""

from openchannel.casefile.forms.actions import LeversForm, OverlayForm, PolicyForm, RulesForm
from openchannel.casefile.forms.base import Form
from openchannel.casefile.forms.beliefs import (
    OverrideForm,
    ParameterForm,
    PropositionForm,
    WorldForm,
)
from openchannel.casefile.forms.laws import LawForm, RangeForm
from openchannel.casefile.forms.overview import (
    CalendarForm,
    CaseForm,
    CountedFromForm,
    InaugurationsForm,
)

__all__ = [
    "CalendarForm",
    "CaseForm",
    "CountedFromForm",
    "Form",
    "InaugurationsForm",
    "LawForm",
    "LeversForm",
    "OverlayForm",
    "OverrideForm",
    "ParameterForm",
    "PolicyForm",
    "PropositionForm",
    "RangeForm",
    "RulesForm",
    "WorldForm",
]
