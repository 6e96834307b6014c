"""What is said of the record is taken from the record, and never as an effect."""

from __future__ import annotations

import dataclasses

import pytest

from golden.example import example_findings
from openchannel.calibration.record import historical_moments
from openchannel.calibration.record_association import dialogue_association
from openchannel.calibration.tie_equations import TieInputs
from openchannel.calibration.ties import tie_history
from openchannel.casefile import builtin_cases, load_case
from openchannel.evidence import Record
from openchannel.report import RecordFindings
from openchannel.report.model import Figure, Table
from openchannel.report.sections.record import record_section


@pytest.fixture(scope="module")
def record() -> RecordFindings:
    """What the record of the Korean case says."""
    assert "korea" in builtin_cases()
    case = load_case("korea")
    with Record.open(case.evidence_folder) as opened:
        return RecordFindings(
            tuple(historical_moments(opened)),
            tuple(dialogue_association(opened)),
            tie_history(opened, TieInputs.from_case(case)),
            tuple(opened.tables()),
        )


@pytest.fixture(scope="module")
def section(record: RecordFindings):
    """The section on it."""
    return record_section(dataclasses.replace(example_findings(), record=record))


def test_contacts_of_the_chart_are_those_of_the_record(section, record: RecordFindings) -> None:
    """Every recorded contact of the years stands in the chart once."""
    figure = next(b for b in section.blocks if isinstance(b, Figure))
    drawn = sum(r["count"] for r in figure.spec["vconcat"][0]["data"]["values"])
    assert drawn == int(record.ties.contacts_per_year.sum())


def test_the_association_never_stands_without_its_interval(section) -> None:
    """Raw ratio, ratio within years and the wide interval stand in one row."""
    table = next(b for b in section.blocks if isinstance(b, Table) and b.id == "table-association")
    assert "not an effect" in table.caption
    assert all(" to " in row.cells[-1][0].text for row in table.rows)


def test_a_simulated_moment_outside_its_band_is_called_so(section) -> None:
    """The example simulates crises at 3 a decade, inside 2.5 to 5.5, and nuclear use far below."""
    table = next(b for b in section.blocks if isinstance(b, Table) and b.id == "table-moments")
    simulated = {r.cells[0][0].text: r.cells[-1][0].text for r in table.rows}
    assert "outside" not in simulated["Crises a decade, 1990-2017, as coded by ICB"]
    assert simulated["Chance of nuclear use in ten years, by elicitation"].endswith("outside")
