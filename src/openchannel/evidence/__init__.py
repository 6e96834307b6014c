"""The record of contacts, provocations, crises and agreements: read, asked, checked, counted."""

from openchannel.evidence.channels import CONTACT_RULES, ContactRule, Placement, place_contact
from openchannel.evidence.dates import PartialDate, read_date
from openchannel.evidence.entry import Entry
from openchannel.evidence.offices import OFFICE_LINKS, VACANT, OfficeLink
from openchannel.evidence.record import Record
from openchannel.evidence.series import Selection, selected_provocations
from openchannel.evidence.summary import TableSummary
from openchannel.evidence.tables import TABLES, Table, table_names
from openchannel.evidence.verify import Finding, Verification

__all__ = [
    "CONTACT_RULES",
    "OFFICE_LINKS",
    "TABLES",
    "VACANT",
    "ContactRule",
    "Entry",
    "Finding",
    "OfficeLink",
    "PartialDate",
    "Placement",
    "Record",
    "Selection",
    "Table",
    "TableSummary",
    "Verification",
    "place_contact",
    "read_date",
    "selected_provocations",
    "table_names",
]
