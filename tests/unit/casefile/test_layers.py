"""Cases that extend others: what is replaced, merged and inherited, and where messages point."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from openchannel.casefile import check_case, load_case, case_source


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_child_inherits_everything(tiny: Path, child: Path) -> None:
    """A child that says nothing is its parent under another id."""
    parent, own = load_case(tiny), load_case(child)
    assert (own.id, own.title) == ("child", parent.title)
    assert own.parameters == parent.parameters
    assert own.policies == parent.policies
    assert own.evidence_folder == str(tiny.resolve() / "evidence")
    assert own.fingerprint != parent.fingerprint


def test_file_replaces_file(tiny: Path, child: Path) -> None:
    """A file of the same path replaces the parent's whole; its path names its owner."""
    text = (tiny / "parameters/tension/gamma.yaml").read_text(encoding="utf-8")
    write(child / "parameters/tension/gamma.yaml", text.replace("0.22", "0.3"))
    parameters = load_case(child).parameters
    assert parameters["gamma"].value == 0.3
    assert parameters["gamma"].file == "child/parameters/tension/gamma.yaml"
    assert parameters["price"].file == "tiny/parameters/cost/price.yaml"


def test_overview_is_merged_by_key(tiny: Path, child: Path) -> None:
    """A top-level key of case.yaml replaces the parent's, whole."""
    write(child / "case.yaml", "id: child\nextends: ../tiny\nweights: {fatalities: 2}\n")
    case = load_case(child)
    assert case.weights == {"fatalities": 2.0}
    assert case.channels == load_case(tiny).channels


def test_own_evidence(child: Path) -> None:
    """The nearest evidence folder counts, as a whole."""
    (child / "evidence").mkdir()
    assert load_case(child).evidence_folder == str(child.resolve() / "evidence")


def test_first_days_of_a_record_stay_with_it(tiny: Path, child: Path) -> None:
    """They are taken over with the evidence, and not by a case with evidence of its own."""
    overview = tiny / "case.yaml"
    text = overview.read_text(encoding="utf-8")
    write(overview, f'counted_from: {{crises: "1984-01-02"}}\n{text}')
    assert load_case(child).counted_from == {"crises": dt.date(1984, 1, 2)}
    (child / "evidence").mkdir()
    assert load_case(child).counted_from == {}
    write(
        child / "case.yaml", 'id: child\nextends: ../tiny\ncounted_from: {crises: "1990-01-01"}\n'
    )
    assert load_case(child).counted_from == {"crises": dt.date(1990, 1, 1)}


def test_grandchild(child: Path) -> None:
    """A chain of cases works as each link does."""
    grandchild = child.parent / "grandchild"
    write(grandchild / "case.yaml", "id: grandchild\nextends: ../child\ntitle: Third\n")
    case = load_case(grandchild)
    assert (case.id, case.title, case.question[:6]) == ("grandchild", "Third", "Should")


def test_problem_of_a_parent_is_placed_in_the_parent(tiny: Path, child: Path) -> None:
    """What the child inherits is complained of where it stands."""
    overview = tiny / "case.yaml"
    text = overview.read_text(encoding="utf-8")
    overview.write_text(text.replace("slot: 1", "slot: 0"), encoding="utf-8")
    _, (problem,) = check_case(child)
    assert problem.where == f"{tiny}/case.yaml:9:15"


def test_own_policy_in_an_inherited_role(child: Path, tiny: Path) -> None:
    """A child adds a policy and makes it the focal one."""
    text = (tiny / "policies/N1.yaml").read_text(encoding="utf-8")
    write(child / "policies/N10.yaml", text.replace("id: N1", "id: N10"))
    write(child / "case.yaml", "id: child\nextends: ../tiny\nfocal: N10\n")
    case = load_case(child)
    assert [p.id for p in case.policies] == ["N0", "N1", "N2", "N10"]
    assert case.focal == "N10"


def test_id_is_not_inherited(child: Path) -> None:
    """A child without an id of its own is told so in its own file."""
    write(child / "case.yaml", "extends: ../tiny\n")
    _, (problem,) = check_case(child)
    assert problem.where == f"{child}/case.yaml:1:1"
    assert problem.wrong == "the field `id` is missing"


def test_a_copy_of_a_builtin_case_is_found_by_its_folder(tmp_path: Path) -> None:
    """It may have been edited: its id alone would give the one that comes with the package."""
    builtin = load_case("korea-reference")
    assert case_source(builtin) == "korea-reference"
    copied = replace(builtin, folder=str(tmp_path))
    assert case_source(copied) == str(tmp_path)


def test_notes_and_hidden_files_are_left_alone(tiny: Path) -> None:
    """A researcher may keep notes beside the case; editors may leave their files."""
    for name in ("README.md", "notes/plan.txt", ".DS_Store", "worlds/.V1.yaml.swp", "worlds/x.md"):
        write(tiny / name, "notes")
    assert check_case(tiny)[1] == []
