"""The lines under what a page shows give the same numbers, in Python and on the command line."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import openchannel as oc
from openchannel.cli.app import app as command_line
from openchannel.usecases.archive import FORECAST_SEED, Archive
from openchannel.usecases.argued import ledger_refused
from openchannel.usecases.contact_ledger import add
from openchannel.usecases.further_orders import LedgerOrder
from openchannel.usecases.history import HistoryFindings
from openchannel.usecases.recipe import claims_recipe, record_recipe
from openchannel.usecases.shelf import Shelf, fulfil
from openchannel.web.app import create_app
from unit.web.conftest import OWN

HOME = "http://127.0.0.1:8765"
#: The day of the contact in the ledger, and one some weeks later, when its tie is still fresh.
TALK, LATER = "2025-03-04", "2025-06-26"

#: What the page shows, what Python finds, what the command line says.
Told = tuple[Any, Any, Any]


@pytest.fixture(scope="module")
def own_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with one contact, in a file that no setting of the machine names."""
    path = tmp_path_factory.mktemp("own") / "mine.duckdb"
    values = {
        "start": TALK,
        "channel": "NYC",
        "subject": "Talk",
        "source": "own note",
        "confidence": "A",
    }
    add("contact", values, case="korea", store=path)
    return path


@pytest.fixture(scope="module")
def client(shelf: Shelf, own_store: Path) -> Iterator[TestClient]:
    """The app over the finished runs, and over one under beliefs of its own with an overlay."""
    oc.assess(
        "korea",
        futures=16,
        policies=["P7"],
        beliefs="modes",
        overlay=oc.load("korea").overlays[0].id,
        own=_file(own_store.with_name("given.yaml"), OWN),
        folder=shelf.root / "believed",
    )
    order = shelf.add(LedgerOrder("The ledger", of="believed", futures=16, seed=5))
    fulfil(shelf, order)
    app = create_app(shelf.root, store=own_store)
    with TestClient(app, base_url=HOME, follow_redirects=False) as made:
        yield made
    shelf.delete("believed")


def _file(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def lines_of(page: str, after: str) -> dict[str, str]:
    """The first recipe behind a mark of a page: file names, `In Python` and the command."""
    start = page.index('<details class="again">', page.index(after))
    told = page[start : page.index("</details>", start)]
    found = re.findall(r'<p class="hint">(.+?)</p><pre[^>]*><code>(.*?)</code>', told, re.DOTALL)
    return {re.sub("<.*?>", "", k): html.unescape(v) for k, v in found}


def run_python(lines: dict[str, str]) -> dict[str, Any]:
    """The names that are bound when the Python lines are done."""
    names: dict[str, Any] = {}
    exec(lines["In Python"], names)
    return names


def run_commands(lines: dict[str, str]) -> Any:
    """What the last command says: JSON, or the file that `cat` shows."""
    out = ""
    for line in lines["On the command line"].splitlines():
        program, *words = shlex.split(line)
        if program == "cat":
            return Path(words[0]).read_text("utf-8")
        form = [] if "--json" in words else ["--format", "none"]
        done = CliRunner().invoke(command_line, [*words, *form])
        assert done.exit_code == 0, done.output
        out = done.stdout
    return json.loads(out)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def with_own(lines: dict[str, str]) -> dict[str, str]:
    """The same, once the file of beliefs that they name is saved as the page says."""
    (name,) = (k for k in lines if k.startswith("Save this as own.yaml"))
    _file(Path("own.yaml"), lines[name])
    return lines


def of_a_chart(client: TestClient, _shelf: Shelf) -> Told:
    """The CSV file of a chart of an answer."""
    lines = with_own(lines_of(client.get("/runs/believed").text, 'id="figure-wager"'))
    shown = client.get("/runs/believed/charts/figure-wager.csv").text
    return shown, run_python(lines)["path"].read_text("utf-8"), run_commands(lines)


def of_the_timeline(client: TestClient, _shelf: Shelf) -> Told:
    """Entries of some months, the contact of the ledger among them."""
    query = "?since=2025-01&kind=contact&kind=provocation"
    lines = lines_of(client.get(f"/record{query}").text, 'id="figure-timeline"')
    shown = [r["id"] for r in rows(client.get(f"/record/charts/timeline.csv{query}").text)]
    assert "L0001" in shown
    found = (run_python(lines)["found"], run_commands(lines)["entries"])
    python, command = ([m["id"] for m in moments] for moments in found)
    return shown, python, command


def of_the_network(client: TestClient, _shelf: Shelf) -> Told:
    """Ties, and the chance of an answer within a day, which the contact of the ledger doubles."""
    page = client.get(f"/record/network?on={LATER}").text
    lines = lines_of(page, 'id="figure-network"')
    chart = rows(client.get(f"/record/charts/network.csv?on={LATER}").text)
    chance = re.search(r"a chance of (\d+) %", page)
    assert chance
    told = [f"{100 * oc.ties('korea', as_of=LATER).now.reliability_24h_now:.0f}"]
    for found in (run_python(lines)["found"].as_dict(), run_commands(lines)):
        told.append(f"{100 * found['now']['reliability_24h_now']:.0f}")
        assert [round(w["strength"], 2) for w in found["watch"]] == [float(r["Tie"]) for r in chart]
    without, python, command = told
    assert without != python
    return chance[1], python, command


def of_the_claims(client: TestClient, shelf: Shelf) -> Told:
    """What each claim adds, under beliefs of one's own, at central values and with an overlay."""
    lines = with_own(lines_of(client.get("/runs/believed/believe").text, 'id="section-claims"'))
    shown = json.loads((shelf.root / "believed" / "ledger.json").read_text("utf-8"))
    assert (shown["beliefs"], shown["overlay"]) == ("modes", oc.load("korea").overlays[0].id)
    found = (shown, run_python(lines)["found"].as_dict(), json.loads(run_commands(lines)))
    assert shown["own"]["title"] == "Mine <b>"
    return found


@pytest.mark.parametrize("question", [of_a_chart, of_the_timeline, of_the_network, of_the_claims])
def test_page_python_and_command_line_say_the_same(
    client: TestClient,
    shelf: Shelf,
    question: Callable[[TestClient, Shelf], Told],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each recipe as the page shows it, run as it stands, with a ledger of contacts counted."""
    monkeypatch.chdir(tmp_path)
    shown, python, command = question(client, shelf)
    assert shown
    assert python == shown
    assert command == shown


class Asked(Exception):
    """Ends a use case that was asked, in place of its work."""


@pytest.mark.parametrize("question", ["history", "forecast"])
def test_long_questions_are_asked_as_the_page_asked_them(
    client: TestClient, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fits and back-tests take longer than a test may: the same settings reach the use case."""
    kept = json.loads((Path(__file__).parents[1] / "usecases/history.json").read_text())
    kept |= {"seed": 7, "draws": 4 * 900}
    study = HistoryFindings(oc.load("korea"), kept, dt.date(2026, 1, 31))
    monkeypatch.setattr(Archive, "history", lambda _self, _runs: study)
    got: list[dict[str, Any]] = []

    def catch(_case: object, **settings: Any) -> None:
        got.append({k: settings[k] for k in ("seed", "draws") if k in settings})
        raise Asked

    monkeypatch.setattr(f"openchannel.usecases.{question}.{question}", catch)
    if question == "history":
        lines = lines_of(client.get("/record/history").text, "<figure")
    else:
        told = record_recipe("forecast", "korea", {"seed": FORECAST_SEED})
        lines = {"In Python": told.python, "On the command line": told.command}
        with pytest.raises(Asked):
            client.get("/record/forecasts/part")
    with pytest.raises(Asked):
        run_python(lines)
    CliRunner().invoke(command_line, shlex.split(lines["On the command line"])[1:])
    assert got
    assert all(asked == got[0] for asked in got)
    assert got[0] == (
        {"seed": 7, "draws": 900} if question == "history" else {"seed": FORECAST_SEED}
    )


def test_what_the_command_line_cannot_ask_is_said(shelf: Shelf) -> None:
    """`ledger` takes no policy of one's own and no other baseline: the words stand instead."""
    entry = shelf.entry("second")
    assert entry is not None
    told = claims_recipe(entry.manifest, {"futures": 16, "seed": 1})
    assert "--own own.yaml" in told.command
    assert told.refused == ""
    for change, words in (
        ({"baseline": "P3"}, "another baseline"),
        ({"own_policy": {"text": "x"}}, "a policy of its own"),
    ):
        why = ledger_refused(entry.manifest | change)
        assert words in why
        told = claims_recipe(entry.manifest | change, {"futures": 16}, why)
        assert told.command == ""
        assert told.refused == why
        assert "oc.ledger(run.case, futures=16)" in told.python
