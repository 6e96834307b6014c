"""The record of contacts, provocations, crises and agreements: read, asked, checked, counted."""

from openchannel.evidence.channels import place_contact
from openchannel.evidence.dates import read_date
from openchannel.evidence.entry import Entry
from openchannel.evidence.offices import OFFICE_LINKS, VACANT, OfficeLink
from openchannel.evidence.record import Record
from openchannel.evidence.series import Selection, selected_provocations
from openchannel.evidence.summary import TableSummary
from openchannel.evidence.tables import TABLES
from openchannel.evidence.verify import Verification

__all__ = [
    "OFFICE_LINKS",
    "TABLES",
    "VACANT",
    "Entry",
    "OfficeLink",
    "Record",
    "Selection",
    "TableSummary",
    "Verification",
    "place_contact",
    "read_date",
    "selected_provocations",
]
