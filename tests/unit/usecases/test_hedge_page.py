"""`hedge` from end to end: page, data, files and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from openchannel.analysis.hedge import starts_of
from openchannel.casefile import load_case
from openchannel.errors import UserError
from openchannel.report.model import Table
from openchannel.usecases.hedge import hedge, write_hedge


def test_page_and_data_say_the_same_branch(tmp_path: Path) -> None:
    """The heavy row of the tree is the branch that the data name; each start has five branches."""
    case = load_case("korea")
    kept = tuple(p for p in case.policies if p not in starts_of(case)[1:])
    found = hedge(replace(case, policies=kept, worlds=(case.world("W5"),)), futures=512)
    names = [p.name for p in write_hedge(found, tmp_path, ("html",))]
    assert names == ["hedge.html", "hedge.json"]
    data = json.loads((tmp_path / "hedge.json").read_text())
    (start,) = data["starts"]
    tree = found.page().sections[0].blocks[1]
    assert isinstance(tree, Table)
    assert [row.strong for row in tree.rows] == [b == start["best"] for b in start["branches"]]
    assert len(tree.rows) == 5
    assert start["branches"]["hold"]["value"] == {"mean": 0.0, "mcse": 0.0}


def test_a_case_without_a_right_is_told_how_to_get_one() -> None:
    """Both problems at once: too few futures, and nothing that may scale up."""
    case = load_case("korea")
    kept = tuple(p for p in case.policies if p not in starts_of(case))
    with pytest.raises(UserError) as told:
        hedge(replace(case, policies=kept), futures=1)
    assert len(told.value.problems) == 2
