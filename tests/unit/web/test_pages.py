"""Pages of finished runs and of the record: what they show, refuse, and give out."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re
import shlex
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import openchannel as oc
from openchannel.cli.app import app as command_line
from openchannel.usecases.belief.argued import argued, box_address
from openchannel.usecases.belief.believe import read_believe
from openchannel.usecases.runs.figures import CHARTS
from openchannel.usecases.shelf.orders import Order, as_data, read_order
from openchannel.usecases.shelf.recipe import build_recipe, chart_recipe, recipe, record_recipe
from openchannel.usecases.runs.reproduction import read_link, settings_of, write_link
from openchannel.usecases.shelf.shelf import Shelf, fulfil
from openchannel.usecases.shelf.shown import SHOWN, read_shown
from openchannel import web
from openchannel.web.app import create_app
from openchannel.web.forms import assessment
from unit.web.conftest import history_findings

HOME = "http://127.0.0.1:8765"
STATIC = Path(web.__file__).parent / "static"


@pytest.fixture(scope="module")
def client(shelf: Shelf, store: Path) -> Iterator[TestClient]:
    app = create_app(shelf.root, store=store)
    with TestClient(app, base_url=HOME, follow_redirects=False) as made:
        yield made


def token(client: TestClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/new").text)
    assert found
    return found[1]


# --- a finished run ---------------------------------------------------------------------------


def test_the_answer_opens_from_what_the_worker_left(client: TestClient, shelf: Shelf) -> None:
    """No case is read and nothing drawn for it; what is kept is that of this run and program."""
    kept = read_shown(shelf.root / "first")
    assert kept is not None
    begun = time.perf_counter()
    text = client.get("/runs/first").text
    assert time.perf_counter() - begun < 1.0  # it takes hundredths of a second
    assert all(c["caption"].split("<")[0] in text for c in kept.charts)
    assert oc.open_run(shelf.root / "first").summary["verdict_rule"] == kept.rule
    assert kept.rule in html.unescape(text)


def test_what_is_kept_is_made_anew_where_it_does_not_hold(shelf: Shelf, tmp_path: Path) -> None:
    """Cut short, of another run, or away: the page shows the same, and is kept again."""
    copied = Shelf(tmp_path)
    shutil.copytree(shelf.root / "first", tmp_path / "first")
    whole = read_shown(tmp_path / "first")
    with TestClient(create_app(tmp_path), base_url=HOME) as client:
        for damage in ("{", json.dumps({"made_from": {}, "shown": {}}), None):
            path = tmp_path / "first" / SHOWN
            path.unlink() if damage is None else path.write_text(damage)
            assert read_shown(tmp_path / "first") is None
            assert client.get("/runs/first").status_code == 200
            assert read_shown(tmp_path / "first") == whole
        drawn = client.get("/runs/first/charts/figure-wager.svg").content
    assert drawn == (shelf.root / "first" / CHARTS / "figure-wager.svg").read_bytes()


def test_one_number_from_web_python_and_command_line(
    client: TestClient, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines under a chart give its CSV file to the byte, in Python and on the command line."""
    monkeypatch.chdir(tmp_path)
    shown = client.get("/runs/first/charts/figure-wager.csv").content
    entry = shelf.entry("first")
    assert entry is not None
    lines = chart_recipe(entry.manifest, "figure-wager")
    page = client.get("/runs/first").text
    command, cat = lines.command.split("\n")
    assert cat in page
    told: dict[str, Path] = {}
    exec(lines.python, told)
    assert told["path"].read_bytes() == shown
    done = CliRunner().invoke(command_line, [*shlex.split(command)[1:], "--format", "none"])
    assert done.exit_code == 0, done.output
    assert Path(cat.split()[1]).read_bytes() == shown


def test_a_brief_of_chosen_parts(client: TestClient) -> None:
    """Only what was chosen, with answer, limits, making and trail; no link leads to nowhere."""
    whole = client.get("/runs/first/brief.html").text
    part = client.get("/runs/first/brief.html?part=section-wager").text
    anchors = set(re.findall(r'<section id="(section-[a-z-]+)"', part))
    assert anchors == {"section-answer", "section-wager", "section-limits", "section-made"}
    assert anchors < set(re.findall(r'<section id="(section-[a-z-]+)"', whole))
    ids = set(re.findall(r' id="([^"]+)"', part))
    assert {a for a in re.findall(r'href="#([^"]+)"', part.split("<script")[0])} <= ids
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        content = client.get(f"/runs/first/brief.{form}?part=section-wager").content
        assert content.startswith(start)
    assert 'name="part" value="section-wager"' in client.get("/runs/first/brief").text


@pytest.mark.parametrize("way", ["file", "link"])
def test_a_run_handed_on_comes_out_to_the_byte(client: TestClient, shelf: Shelf, way: str) -> None:
    """The file and the link of a run fill the form; made again, the page says the bytes agree."""
    content = client.get("/runs/second/manifest.json").content
    if way == "file":
        sent = {"file": ("run.json", content, "application/json")}
        page = client.post("/new/file", data={"token": token(client)}, files=sent).text
    else:
        link = re.search(r'href="/new\?run=([^"]+)"', client.get("/runs/second/about").text)
        assert link
        page = client.get(f"/new?run={link[1]}").text
    fields = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', page))
    expects = json.loads(fields["expects"].replace("&#34;", '"'))
    manifest = json.loads(content)
    assert expects == manifest["files"]
    assert (fields["seed"], fields["futures"]) == ("4", "16")
    assert "Mine &lt;b&gt;" in page
    if way == "link":
        return  # the file goes on to the end
    again = Order(
        "again",
        futures=manifest["futures"],
        seed=manifest["seed"],
        policies=tuple(manifest["policies"]),
        beliefs=manifest["beliefs"],
        own=manifest["own"]["text"],
        expects=expects,
    )
    run_id = shelf.add(again)
    fulfil(shelf, run_id)
    assert "Made again to the byte" in client.get(f"/runs/{run_id}/about").text
    ours, theirs = (shelf.root / r / "summary.json" for r in (run_id, "second"))
    assert ours.read_bytes() == theirs.read_bytes()
    shelf.delete(run_id)


def test_further_futures_are_handed_on(client: TestClient, tmp_path: Path) -> None:
    """A run that was given futures where doubt was left is ordered with as many again."""
    manifest = client.get("/runs/first/manifest.json").json() | {"sharpen": 2048, "futures": 2048}
    page = client.get(f"/new?run={write_link(manifest)}").text
    assert re.search(r'name="sharpen"[^>]* value="2048"', page)
    given = settings_of(manifest, "again")
    shelf = Shelf(tmp_path)
    order = json.loads(
        (tmp_path / shelf.add(assessment(given, "korea")) / "order.json").read_text()
    )
    assert order["sharpen"] == 2048
    assert "sharpen=2048" in recipe(manifest).python
    for odd in ("many", True, 1.5):
        bad = json.dumps({**manifest, "sharpen": odd})
        sent = {"file": ("run.json", bad, "application/json")}
        told = client.post("/new/file", data={"token": token(client)}, files=sent)
        assert told.status_code == 422
        assert "sharpen" in told.text


def test_the_worker_gives_the_further_futures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the form says reaches the assessment."""
    got: list[dict[str, object]] = []

    def catch(_case: object, **settings: object) -> None:
        got.append(settings)
        raise Asked

    monkeypatch.setattr("openchannel.usecases.runs.assessment.assess", catch)
    with pytest.raises(Asked):
        Order("more", futures=2048, sharpen=2048).fulfil(tmp_path, lambda _told: None)
    assert got[0]["sharpen"] == 2048


def test_what_stands_against_a_run_of_another_place(client: TestClient) -> None:
    """Another case or release is named before anything runs; a broken file is refused.

    Another baseline is no obstacle: the form is filled with it.
    """
    manifest = client.get("/runs/first/manifest.json").json()
    odd = manifest | {"openchannel": "9.9", "case_fingerprint": "f" * 64, "baseline": "P3"}
    page = client.get(f"/new?run={write_link(odd)}").text
    for words in ("release is", "content of the case is", 'value="P3" selected'):
        assert words in page
    assert read_link(write_link(manifest))["seed"] == manifest["seed"]
    for broken in (write_link(manifest)[:-9], "x", "é"):
        assert client.get("/new", params={"run": broken}).status_code == 422
    bad = json.dumps({**manifest, "seed": True, "policies": "P7", "own": {"text": 3}})
    sent = {"file": ("run.json", bad, "application/json")}
    told = client.post("/new/file", data={"token": token(client)}, files=sent)
    assert told.status_code == 422
    assert "3 problems" in told.text


def test_two_runs_side_by_side(client: TestClient) -> None:
    """What is set and believed otherwise, and what both say; one ticked run is not two."""
    page = client.get("/compare?run=first&run=second").text
    for words in ("Settings that differ", "own beliefs", "Fewer provocations", "Verdicts"):
        assert words in page
    assert client.get("/compare?run=first").status_code == 422
    assert client.get("/compare?a=first&b=nowhere").status_code == 404


def test_a_run_is_renamed(client: TestClient, shelf: Shelf) -> None:
    """The new name stands everywhere; what is no name is refused, and no form goes without token."""
    sent = {"token": token(client), "name": "Better <name>"}
    assert client.post("/runs/second/name", data={"name": "x"}).status_code == 403
    assert client.post("/runs/second/name", data=sent | {"name": " "}).status_code == 422
    assert client.post("/runs/second/name", data=sent).status_code == 303
    assert "Better &lt;name&gt;" in client.get("/").text
    assert (entry := shelf.entry("second")) is not None
    assert entry.name == "Better <name>"


def test_each_box_can_be_picked_and_believed(client: TestClient, shelf: Shelf) -> None:
    """A box that is picked is told, and leads to its beliefs; odd numbers pick the best one."""
    run = shelf.run("argued")
    found = argued(run)
    assert len(found.boxes) == len(
        read_believe(shelf.root / "argued", run.summary)["where"]["boxes"]
    )
    assert found.boxes[0].boxes[-1].limits
    for i, plot in enumerate(found.boxes):
        for at, box in enumerate(plot.boxes):
            page = html.unescape(client.get(f"/runs/argued/believe?box={i}&at={at}").text)
            chosen = "The box that fits best" if at == plot.chosen else "The box that you picked"
            assert f"<h3>{chosen}" in page
            assert all(f"<li>{limit[3]}</li>" in page for limit in box.limits)
        address = box_address(run.case, plot.boxes[plot.chosen], "P7")
        assert client.get(address).text.count('class="belief moved"') == len(
            [t for t in plot.boxes[plot.chosen].limits if not t[0].startswith("omega")]
        )
    odd = client.get("/runs/argued/believe?box=x&at=-3")
    assert odd.status_code == 200
    assert "The box that you picked" not in odd.text


# --- how to build it --------------------------------------------------------------------------


def test_designs_and_hedges_are_shown(client: TestClient, shelf: Shelf) -> None:
    """The front on linked plots with every number, the rule card, and how to make them again."""
    page = client.get("/runs/design/how").text
    data = json.loads((shelf.root / "design/design.json").read_text())
    assert all(f'data-id="{p["id"]}"' in page for p in (*data["portfolios"], *data["policies"]))
    assert "oc.design(" in page
    assert "openchannel design korea" in page
    picture = client.get("/runs/design/how/design/charts/figure-linked.svg")
    assert picture.text.startswith("<svg")
    card = client.get("/runs/hedge/how").text
    assert "When to scale up, pause and stop" in card
    assert "oc.hedge(" in card
    tree = client.get("/runs/hedge/how/hedge/charts/figure-hedge.svg")
    assert tree.text.startswith("<svg")
    assert client.get("/runs/hedge/how/hedge.json").json()["futures"] == 512
    assert {"/runs/design/how", "/runs/hedge/how"} <= set(
        re.findall(r'href="([^"]+)"', client.get("/how").text)
    )


class Asked(Exception):
    """Carries what a use case was asked, in place of its work."""


@pytest.mark.parametrize("kind", ["design", "hedge"])
def test_lines_under_a_design_ask_for_the_same(
    shelf: Shelf, kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Python and the command line ask the use case for the settings that the file was made with."""
    monkeypatch.chdir(tmp_path)
    data = shelf.part(kind, kind)
    lines = build_recipe(kind, data, "korea")
    got: list[dict[str, object]] = []

    def catch(_case: object, **settings: object) -> None:
        got.append(settings)
        raise Asked

    monkeypatch.setattr(f"openchannel.usecases.{oc._HOMES[kind]}.{kind}", catch)
    with pytest.raises(Asked):
        exec(lines.python, {})
    CliRunner().invoke(command_line, shlex.split(lines.command.split("\n")[0])[1:])
    python, command = got
    assert {k: command[k] for k in python} == python
    assert python["seed"] == data["seed"]
    if kind == "design":
        assert python["budget_usd"] == data["limits"]["budget_usd"]
        assert (python["searches"], python["futures"]) == (1, data["sizes"]["test"])


def test_orders_of_designs_and_hedges_are_checked(client: TestClient, shelf: Shelf) -> None:
    """Every problem comes back with the form, and what was typed stays; nothing is ordered."""
    before = len(shelf.entries())
    design = {
        "token": token(client), "kind": "design", "name": "D", "budget_musd": "1", "people": "",
        "people_a_year": "30", "world": "", "futures": "64", "searches": "1", "generations": "1",
        "seed": "1",
    }  # fmt: skip
    poor = client.post("/runs", data=design)
    assert poor.status_code == 422
    assert "do not even pay" in poor.text
    words = client.post("/runs", data=design | {"budget_musd": "much", "seed": "x"})
    assert "2 problems" in words.text
    assert 'value="much"' in words.text
    hedge = {"token": token(client), "kind": "hedge", "name": "H", "futures": "3", "seed": "1"}
    assert client.post("/runs", data=hedge).status_code == 422
    chosen = {"futures": "512", "start": ["P15", "P7", "P99"], "target": "P7"}
    unfit = client.post("/runs", data=hedge | chosen)
    assert unfit.status_code == 422
    assert "2 problems" in unfit.text
    assert "is the target itself" in unfit.text
    assert re.search(r'name="start" value="P15" checked', unfit.text)
    assert '<option value="P7" selected>' in unfit.text
    assert client.post("/runs", data=hedge | {"kind": "nonsense"}).status_code == 404
    assert len(shelf.entries()) == before


def test_an_order_of_a_hedge_asks_for_its_starts(
    client: TestClient, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was ticked on the page is what the use case is asked, as it is kept meanwhile."""
    got: list[dict[str, object]] = []
    monkeypatch.setattr(
        "openchannel.usecases.shelf.shelf.Shelf.add", lambda _self, o: got.append(o)
    )
    monkeypatch.setattr("openchannel.web.line.Line.join", lambda _self, _id: None)
    given = {"token": token(client), "kind": "hedge", "name": "H", "futures": "512", "seed": "1"}
    chosen = {"start": ["P15", "P6"], "target": "P5"}
    client.post("/runs", data=given | chosen, follow_redirects=False)
    (order,) = (read_order(json.loads(json.dumps(as_data(o)))) for o in got)
    order.check()

    def catch(_case: object, **settings: object) -> None:
        got.append(settings)
        raise Asked

    monkeypatch.setattr("openchannel.usecases.building.hedge.hedge", catch)
    with pytest.raises(Asked):
        order.fulfil(tmp_path, lambda _: None)
    assert (got[-1]["start"], got[-1]["target"]) == (("P15", "P6"), "P5")


# --- the record -------------------------------------------------------------------------------


def test_the_timeline_is_that_of_python_and_the_command_line(client: TestClient) -> None:
    """Filters narrow it; the CSV holds the entries that `oc.timeline` and the command give."""
    settings = {"since": "1994", "until": "2000-06", "kinds": ["contact"], "channel": "NYC"}
    query = "?since=1994&until=2000-06&kind=contact&channel=NYC"
    rows = list(csv.DictReader(io.StringIO(client.get(f"/record/charts/timeline.csv{query}").text)))
    python = oc.timeline("korea", **settings)
    assert [r["id"] for r in rows] == [m["id"] for m in python]
    assert {r["kind"] for r in rows} == {"contact"}
    assert all(r["source"] for r in rows)
    command = record_recipe("timeline", "korea", settings).command
    done = CliRunner().invoke(command_line, shlex.split(command)[1:])
    assert json.loads(done.stdout)["entries"] == python
    page = client.get(f"/record{query}").text
    assert f"{len(python)} entries" in page
    assert client.get(f"/record/charts/timeline.svg{query}").text.startswith("<svg")
    today = dt.date.today().isoformat()
    assert f"from 1953-01-01 to {today}" in client.get("/record").text
    assert client.get("/record?since=tomorrow").status_code == 422
    assert client.get("/record?kind=picnic").status_code == 422
    assert client.get("/record?channel=ZZZ").status_code == 422
    assert python[0]["id"] in client.get(f"/record/rows/{python[0]['id']}").text


def test_the_network_is_that_of_ties(client: TestClient) -> None:
    """Channels, strengths and holders on a day are those of `oc.ties`; a day outside is refused."""
    day = "2018-06-12"
    rows = list(
        csv.DictReader(io.StringIO(client.get(f"/record/charts/network.csv?on={day}").text))
    )
    report = oc.ties("korea", as_of=day)
    assert [float(r["Tie"]) for r in rows] == [round(w.strength, 2) for w in report.watch]
    assert "D. Trump" in rows[0]["Our side"]
    assert (
        f"On {day}: {report.now.live_channels} live" in client.get(f"/record/network?on={day}").text
    )
    for other in ("1950", "2999-01-01", "x"):
        assert client.get(f"/record/network?on={other}").status_code == 422


def test_history_is_shown_where_it_was_asked(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a study the page says how to make one; with one it shows the placebo."""
    from openchannel.usecases.shelf import archive as archive_module
    from openchannel.usecases.history.study import HistoryFindings

    found: list[HistoryFindings | None] = [None]
    monkeypatch.setattr(archive_module.Archive, "history", lambda _self, _runs: found[0])
    assert "openchannel calibrate --history korea" in client.get("/record/history").text
    found[0] = history_findings()
    page = client.get("/record/history").text
    assert "placebo" in page
    chart = "/record/history/charts/figure-event-study.csv"
    assert "Severity" in client.get(chart).text


def test_a_contact_is_written_down_and_taken_back(client: TestClient, store: Path) -> None:
    """Faults come back by field with what was typed; a sound one counts on the timeline at once."""
    sent = {
        "token": token(client), "start": "2025-06-31", "channel": "NYX", "subject": "Talk <b>",
        "source": "own note", "confidence": "A",
    }  # fmt: skip
    faulty = client.post("/record/contacts", data=sent)
    assert faulty.status_code == 422
    assert "2 problems" in faulty.text
    assert 'value="Talk &lt;b&gt;"' in faulty.text
    assert 'name="start" maxlength="2000" value="2025-06-31"' in faulty.text
    good = sent | {"start": "2025-06-26", "channel": "NYC"}
    assert client.post("/record/contacts", data=good | {"token": ""}).status_code == 403
    assert not store.exists()
    assert client.post("/record/contacts", data=good).status_code == 303
    page = client.get("/record?since=2025-06-26&until=2025-06-26&kind=contact").text
    assert "Talk &lt;b&gt;" in page
    assert "your ledger" in page
    back = client.post(
        "/record/contacts/L0001/withdraw", data={"token": token(client), "why": "a mistake"}
    )
    assert back.status_code == 303
    assert "Talk &lt;b&gt;" not in client.get("/record?since=2025-06-26&until=2025-06-26").text


# --- another case -----------------------------------------------------------------------------


def test_any_case_folder_can_be_served(tmp_path: Path) -> None:
    """The folder named at the start is what new runs are about; the browser can name no other."""
    from openchannel.casefile import new_case

    folder = new_case(tmp_path / "my-case")
    place = folder if isinstance(folder, Path) else tmp_path / "my-case"
    root = tmp_path / "runs"
    with TestClient(create_app(root, str(place)), base_url=HOME, follow_redirects=False) as client:
        page = client.get("/new").text
        assert oc.load(place).question[:30] in page
        assert client.get("/record").status_code in (200, 422)
        form = {
            "token": token(client), "name": "mine", "futures": "16", "seed": "1",
            "beliefs": "modes", "overlay": "", "own": "", "case": str(tmp_path),
        }  # fmt: skip
        sent = client.post("/runs", data=form)
        assert sent.status_code == 303
        run_id = sent.headers["location"].rpartition("/")[2]
        order = json.loads((root / run_id / "order.json").read_text())
        assert order["case"] == str(place)
        client.post(f"/runs/{run_id}/stop", data={"token": token(client)})


# --- the style sheet --------------------------------------------------------------------------


def test_widths_change_no_colour_and_schemes_nothing_else() -> None:
    """So that wide in light and narrow in dark, which the browser is asked for, show all."""
    sheet = re.sub(r"/\*.*?\*/", "", (STATIC / "app.css").read_text("utf-8"), flags=re.DOTALL)
    found = re.findall(r"@media \(([a-z-]+):[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", sheet)
    assert len(found) == len(re.findall(r"@media \(", sheet))
    assert {kind for kind, _ in found} == {"prefers-color-scheme", "max-width", "min-width"}
    for kind, rules in found:
        declared = re.findall(r"[{;]\s*([a-z-]+):\s*([^;}]+)", rules)
        assert declared
        for name, value in declared:
            is_colour = name.startswith("--") or "var(" in value or "#" in value
            assert is_colour == (kind == "prefers-color-scheme"), (name, value)
            assert is_colour or not re.search("color|background|opacity|shadow", name)
