"""The page of policies: composed in a form, told in words with its cost, saved, and run."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import openchannel as oc
from openchannel.casefile import new_case
from openchannel.cli.app import app
from openchannel.domain import Case
from openchannel.errors import UserError
from openchannel.report.policy_words import policy_words
from openchannel.usecases.cases import load
from openchannel.usecases.sketches.policy_draft import fields_of, prices, told_draft, written
from openchannel.usecases.shelf.shelf import Order, Shelf, fulfil
from openchannel.web.app import create_app

HOME = "http://127.0.0.1:8765"


@pytest.fixture(scope="module")
def case() -> Case:
    return load("korea")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("policies") / "runs"
    with TestClient(create_app(root), base_url=HOME, follow_redirects=False) as made:
        yield made


def changed(case: Case, **changes: str) -> dict[str, str]:
    """The fields of P7 with a few changed; a dot is written as two underscores."""
    fields = {"from": "P7", **fields_of(case.policy("P7"))}
    return fields | {name.replace("__", "."): value for name, value in changes.items()}


def draft_in(page: str) -> str:
    """The policy file that stands on a page; empty while there is a problem."""
    found = re.search(r'<code id="draft" data-id="\w+">(.*?)</code>', page, re.DOTALL)
    return html.unescape(found[1]) if found else ""


def test_every_policy_of_the_case_can_be_begun_from(case: Case) -> None:
    """Unchanged, the form gives the policy that it began from, under an id of its own."""
    for policy in case.policies:
        own = written(case, {"from": policy.id}).policy
        assert own.id == "MINE"
        assert (own.cadence, own.levers, own.rules) == (policy.cadence, policy.levers, policy.rules)
        assert policy_words(case, policy, case.policy(case.baseline))


def test_words_and_cost_follow_what_is_typed(case: Case) -> None:
    """Contacts, levers, rules and triggers are told; the cost is that of the prices of the case."""
    fields = changed(
        case,
        c__DEF="12",
        l__offer="0.2",
        l__suspend_at_severity="4",
        r__to="P4",
        r__triggers="review: when thickness >= 2 and not agreement then become P4",
    )
    told = told_draft(case, prices(case), written(case, fields), "P0")
    words = " ".join([*told["words"], *told["cost"]])
    for part in (
        "Standing defence dialogue 12 times a year",
        "offer 0.2 instead of 0.1",
        "severity 4 or more suspends contact for 26 weeks",
        "effective number of channels at least 2",
        "becomes “Working-level talks”",
    ):
        assert part in words
    before = told_draft(case, prices(case), written(case, {"from": "P7"}), "P0")
    contact = dict(zip(case.parameters["u_cost"].elements, case.parameters["u_cost"].values))
    assert told["yearly_usd"] - before["yearly_usd"] == pytest.approx(8e6 * contact["DEF"])


@pytest.mark.parametrize(
    ("faulty", "field"),
    [
        ({"c.DEF": "many"}, "cadence.DEF"),
        ({"l.offer": "3"}, "levers.offer"),
        ({"l.offer": ""}, "levers.offer"),
        ({"l.persist": "[1"}, "levers.persist"),
        ({"r.scale_up": "yes", "r.to": ""}, "rules.scale_up.to"),
        ({"r.triggers": "when the moon is full"}, "triggers"),
        ({"id": "P7"}, "id"),
        ({"id": "a: b"}, "id"),
        ({"from": "P99"}, "from"),
    ],
)
def test_faults_are_told_where_they_are(case: Case, faulty: dict[str, str], field: str) -> None:
    """What a file may not say, the form may not either."""
    with pytest.raises(UserError) as told:
        written(case, changed(case) | faulty)
    assert told.value.problems[0].field == field


def test_texts_stay_texts(case: Case) -> None:
    """Quotes, colons and lines in a text do not change the file around it."""
    text = 'It "works": {no}\nid: P7 # \\'
    own = written(case, changed(case, summary=text, case_for=text))
    assert own.policy.summary == " ".join(text.split())
    assert own.policy.id == "MINE"


def test_the_page_shows_words_cost_and_file(client: TestClient, case: Case) -> None:
    """The page, the words while typing, and the file agree; markup in names is escaped."""
    page = client.get("/policies?from=P15S").text
    assert "becomes “Full engagement”" in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)
    query = changed(case, title="<b>Mine</b>", c__DEF="12")
    told = client.get("/policies/told", params=query)
    assert "&lt;b&gt;Mine" in told.text
    assert "$47.9" in told.text
    assert told.headers["hx-replace-url"].startswith("/policies?from=")
    assert re.search(r'id="run" href="/new\?from=[^"]+" hx-swap-oob="true"', told.text)
    file = client.get("/policies/policy.yaml", params=query)
    assert file.text == draft_in(told.text)
    assert "MINE.yaml" in file.headers["content-disposition"]
    bad = client.get("/policies/told", params=query | {"c.DEF": "many"}).text
    assert "cadence.DEF" in bad
    assert draft_in(bad) == ""
    # A form that is being filled in is shown with its problems; a file of it is refused.
    assert "To mend it" in client.get("/policies?from=P99").text
    assert client.get("/policies/policy.yaml?from=P99").status_code == 422
    form = client.get("/new", params=query).text
    assert "DEF: 12" in form


def test_without_scripts_the_page_answers_too(client: TestClient) -> None:
    """The form alone gives the answer for the policy, held against the one it began from."""
    page = client.get("/policies?from=P7&answer=yes&beliefs=W2&c.DEF=0").text
    assert "To mend it" in page, "a form sends every field; one alone is a policy without levers"
    page = client.get("/policies?from=P7&answer=yes&beliefs=W2").text
    assert "2,048 futures of each policy" in page
    assert "This policy in place of “Full engagement”" in page
    assert "No change of the answer can be measured in 2,048 futures." in page


def test_the_file_is_taken_by_check_assess_and_the_queue(case: Case, tmp_path: Path) -> None:
    """`check`, `assess`, Python and an order of the app read the same file to the same number."""
    text = written(case, changed(case, c__DEF="12")).text
    file = tmp_path / "MINE.yaml"
    file.write_text(text, "utf-8")
    run = CliRunner().invoke
    assert run(app, ["check", "korea", "--own-policy", str(file)]).exit_code == 0
    file_of = ["--own-policy", str(file), "--policy", "MINE", "--baseline", "P1"]
    settings = ["--futures", "16", "--seed", "3", "--beliefs", "W2", "--format", "none"]
    made = run(app, ["assess", "korea", "-o", str(tmp_path / "cli"), *file_of, *settings, "-q"])
    assert made.exit_code == 0, made.output
    on_the_line = json.loads((tmp_path / "cli" / "summary.json").read_text("utf-8"))
    shelf = Shelf(tmp_path / "runs")
    ordered = Order("Mine", "korea", 16, 3, ("MINE",), "W2", own_policy=text, baseline="P1")
    run_id = shelf.add(ordered)
    fulfil(shelf, run_id)
    again = oc.open_run(shelf.root / run_id)
    assert again.summary == on_the_line
    assert again.case.focal == "MINE"
    assert again.case.baseline == "P1"
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text(text.replace("id: MINE", "id: P7"), "utf-8")
    assert run(app, ["check", "korea", "--own-policy", str(faulty)]).exit_code == 1


def test_a_bad_seed_or_baseline_is_told_with_the_rest(client: TestClient) -> None:
    """The part that is drawn anew tells them, without a draft; the page keeps what was typed."""
    for field, value in (("seed", "-1"), ("seed", "x"), ("baseline", "P99")):
        found = client.get("/policies/told", params={"from": "P7", field: value})
        assert found.status_code == 200
        assert f"page: {field}" in found.text
        assert draft_in(found.text) == ""
        page = client.get("/policies", params={"from": "P7", field: value, "answer": "yes"})
        assert page.status_code == 200
        assert f"page: {field}" in page.text
    assert (
        'name="seed" inputmode="numeric" pattern="[0-9]+" value="-1"'
        in client.get("/policies?from=P7&seed=-1").text
    )


def test_the_lines_under_a_policy_name_the_case_of_the_server(tmp_path: Path) -> None:
    """A case in a folder is named by it, quoted where a shell would split it."""
    (tmp_path / "my cases").mkdir()
    folder = new_case(tmp_path / "my cases" / "mine")
    with TestClient(create_app(tmp_path / "runs", str(folder)), base_url=HOME) as client:
        told = html.unescape(client.get("/policies/told").text)
        assert f"openchannel check '{folder}' --own-policy" in told
        assert "korea" not in told
