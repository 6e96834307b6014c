"""One mistake a line: what is changed in the case `tiny`, what must be said about it, and where.

`edits` replace one piece of text of a file; `adds` are whole files (None deletes one).
"""

from __future__ import annotations

from fault_table.bibliography import BIBLIOGRAPHY
from fault_table.days import CALENDAR
from fault_table.fault import Fault
from fault_table.files import FILES
from fault_table.forms import FORMS
from fault_table.parameters import PARAMETERS
from fault_table.references import REFERENCES
from fault_table.syntax import SYNTAX

__all__ = ["FAULTS", "Fault"]

FAULTS = (*FILES, *SYNTAX, *FORMS, *PARAMETERS, *REFERENCES, *CALENDAR, *BIBLIOGRAPHY)
