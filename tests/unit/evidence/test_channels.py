"""Which channel a contact went through."""

import pytest

from openchannel.evidence import OFFICE_LINKS, Record, place_contact

CODES = ("SUM", "SEN", "NYC", "DEF", "GOT", "UNC", "JRO", "INT", "T15", "HUM", "THP")


@pytest.mark.parametrize(
    ("wording", "us_side", "code", "standing"),
    [
        ("senior diplomatic (Six-Party 4a)", "C. Hill", "SEN", "contact"),
        ("working diplomatic", "Robert King", "HUM", "contact"),
        ("Beijing channel", "", "NYC", "contact"),
        ("New York channel (unanswered)", "", "NYC", "none"),
        ("letter (refused)", "", "SUM", "none"),
        ("letter / private envoy", "", "T15", "contact"),
        ("general officer/military + recovery", "", "GOT", "contact"),
        ("summit-level envoy / defence", "", "DEF", "contact"),
        ("hotline", "", "UNC", "routine"),
        ("legislative / detainee", "", "", "contact"),
        ("GOT", "", "GOT", "contact"),
        ("something new", "", "", "contact"),
    ],
)
def test_wordings_have_a_place(wording: str, us_side: str, code: str, standing: str) -> None:
    """The first rule that fits decides; a code is taken as it stands."""
    placed = place_contact(wording, us_side, CODES)
    assert (code, standing) == (placed.code, placed.standing)


def test_codes_that_a_case_does_not_have_are_a_remainder() -> None:
    """Rules never invent a channel."""
    assert place_contact("summit", "", ("NYC",)).code == ""


def test_every_wording_of_the_built_in_record_is_known(korea: Record) -> None:
    """No row falls through the rules, and channels.csv's own citations are met."""
    placed = {e.id: korea.placement(e) for e in korea.entries("contacts")}
    assert not [i for i, p in placed.items() if p.why.startswith("no rule")]
    for code, cited in {
        "DEF": ["C098"],
        "HUM": ["C188", "C192", "C194"],
        "INT": ["C173", "C195", "C203", "C213"],
        "SUM": ["C221", "C237", "C239"],
        "NYC": ["C011", "C210"],
    }.items():
        assert {code} == {placed[i].code for i in cited}


def test_offices_of_the_links_are_in_the_record(korea: Record) -> None:
    """Every linked office has terms, every channel of the links is known."""
    offices = {e["office_id"] for e in korea.entries("offices")}
    assert {link.office_id for link in OFFICE_LINKS} <= offices
    assert {link.channel for link in OFFICE_LINKS} <= set(korea.channel_codes)
