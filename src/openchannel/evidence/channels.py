"""Which of the channels of a case a recorded contact went through, by a table that can be read.

The record names the kind of meeting in its own words. The rules below give each wording a code of
`channels.csv`, or none: contacts of Congress, KEDO, protocol and finance teams and unofficial
groups stay outside, as a remainder that is reported. A wording that is itself a code keeps it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

__all__ = ["CONTACT_RULES", "ContactRule", "Placement", "place_contact"]

Standing = Literal["contact", "routine", "none"]


@dataclass(frozen=True, slots=True)
class ContactRule:
    """The first rule whose words begin the row's `channel` (and stand in its US side) applies."""

    begins: str
    code: str  # a channel code, or "" for the remainder
    us_side: str = ""
    standing: Standing = "contact"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a contact row belongs, and whether anything passed between the two sides."""

    code: str
    standing: Standing
    why: str = ""


CONTACT_RULES: tuple[ContactRule, ...] = (
    ContactRule("no contact", "", standing="none", why="a public offer"),
    ContactRule("public statement", "", standing="none", why="a statement"),
    ContactRule("letter (refused)", "SUM", standing="none", why="not taken"),
    ContactRule("New York channel (unanswered)", "NYC", standing="none", why="not answered"),
    ContactRule("cancelled", "SEN", standing="none", why="did not take place"),
    ContactRule("hotline", "UNC", standing="routine", why="messages of the duty-officer line"),
    ContactRule("general officer", "GOT", why="general and colonel level"),
    ContactRule("recovery operations", "JRO"),
    ContactRule("intelligence", "INT"),
    ContactRule("summit-level envoy / defence", "DEF", why="the one meeting of defence principals"),
    ContactRule("summit", "SUM"),
    ContactRule("leader", "SUM"),
    ContactRule("letter / private envoy", "T15", why="a private person carried it"),
    ContactRule("letter", "SUM"),
    ContactRule("ministerial", "SEN"),
    ContactRule("presidential envoy", "SEN"),
    ContactRule("senior diplomatic", "SEN"),
    ContactRule("working diplomatic", "HUM", us_side="Robert King", why="human rights envoy"),
    ContactRule("working diplomatic", "SEN", why="teams of the envoys; see the senior spells"),
    ContactRule("New York channel", "NYC"),
    ContactRule("Beijing channel", "NYC", why="its forerunner, 1988 to 1993"),
    ContactRule("semi-official", "T15", why="former officials"),
    ContactRule("track 1.5", "T15"),
    ContactRule("detainee (third party)", "THP"),
    ContactRule("track 2", "", why="no official took part"),
    ContactRule("legislative", "", why="members of Congress"),
    ContactRule("KEDO", "", why="not an office of the US government"),
    ContactRule("working (", "", why="finance and protocol teams"),
    ContactRule("detainee", "", why="a hand-over without talks"),
)


def place_contact(channel: str, us_principal: str, codes: Collection[str]) -> Placement:
    """Code and standing of a contact row; a wording no rule knows falls into the remainder."""
    if channel in codes:
        return Placement(channel, "contact")
    for rule in CONTACT_RULES:
        if channel.startswith(rule.begins) and rule.us_side in us_principal:
            code = rule.code if rule.code in codes else ""
            return Placement(code, rule.standing, rule.why)
    return Placement("", "contact", "no rule knows this wording")
