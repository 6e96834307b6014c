"""Work that builds on the record refuses one with rows that cannot be true."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from openchannel.errors import UserError
from openchannel.usecases.history.calibrate import moments
from openchannel.usecases.cases import load
from openchannel.usecases.checking import check, check_record
from openchannel.usecases.evidence.ties import ties


@pytest.fixture
def backwards(tmp_path: Path) -> Path:
    """The Korean case with a contact that ends before it begins."""
    case = tmp_path / "korea"
    shutil.copytree(load("korea").folder, case)
    table = case / "evidence" / "contacts.csv"
    text = table.read_text("utf-8")
    assert "C004,1990-05,1990-05," in text
    table.write_text(text.replace("C004,1990-05,1990-05,", "C004,1990-09,1990-05,"), "utf-8")
    return case


def test_dates_out_of_order_are_a_problem_of_the_case(backwards: Path) -> None:
    """`check` names file, line and remedy, and says so before an assessment runs its futures."""
    report = check(backwards)
    assert not report.ok
    (problem,) = report.problems
    assert problem.file.endswith("contacts.csv")
    assert (5, "end") == (problem.line, problem.field)
    assert "lies before" in problem.wrong
    with pytest.raises(UserError):
        check_record(load(backwards))


@pytest.mark.parametrize("work", [ties, lambda case: moments(case, futures=0)])
def test_nothing_is_computed_from_it(backwards: Path, work: Callable[[Path], object]) -> None:
    """Ties and moments are not given from dates that cannot be."""
    with pytest.raises(UserError, match="lies before"):
        work(backwards)
