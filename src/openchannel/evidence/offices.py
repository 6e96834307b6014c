"""Which offices carry which channels, by a table that can be read.

After channels.csv, which names the offices at both ends. A channel whose offices the record does
not follow (track 1.5, third parties) has no row: its ties fade but are never lost with a person.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["OFFICE_LINKS", "VACANT", "OfficeLink"]

VACANT = "vacant"
"""What the record writes for the holder of an office that nobody holds."""


@dataclass(frozen=True, slots=True)
class OfficeLink:
    """An office whose holder carries a channel; `share` of the tie is his."""

    channel: str
    office_id: str
    share: float = 1.0

    @property
    def is_theirs(self) -> bool:
        """Whether the office is on the other side."""
        return self.office_id.startswith("D-")


OFFICE_LINKS: tuple[OfficeLink, ...] = (
    # As channels.csv names the offices at both ends. Offices that followed one another on one
    # channel (lead, assistant secretary, special representative) each carry all of it in their
    # time; services that share a channel carry a part each.
    OfficeLink("SUM", "U-POTUS"),
    OfficeLink("SUM", "D-SL"),
    OfficeLink("SEN", "U-LEAD"),
    OfficeLink("SEN", "U-EAP"),
    OfficeLink("SEN", "U-SRNK"),
    OfficeLink("SEN", "D-FM"),
    OfficeLink("NYC", "U-ENVOY"),
    OfficeLink("NYC", "D-UN"),
    OfficeLink("DEF", "U-SECDEF"),
    OfficeLink("DEF", "D-DEF"),
    OfficeLink("GOT", "U-UNC"),
    OfficeLink("GOT", "D-CGS"),
    OfficeLink("UNC", "U-UNC"),
    OfficeLink("JRO", "U-POW"),
    OfficeLink("INT", "U-CIA"),
    OfficeLink("INT", "D-RGB", 1 / 3),
    OfficeLink("INT", "D-SSM", 1 / 3),
    OfficeLink("INT", "D-UFD", 1 / 3),
    OfficeLink("HUM", "U-HR"),
)
