"""The lines under what a page shows give the same numbers, in Python and on the command line.

Those that take long are in `test_long_recipes`.
"""

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
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import openchannel as oc
from openchannel.analysis import disagreement
from openchannel.cli.app import app as command_line
from openchannel.usecases.shelf.archive import FORECAST_SEED, Archive
from openchannel.report.numbers import Measured, difference, short
from openchannel.report.sketch_charts import belief_figure
from openchannel.usecases.belief.argued import ledger_refused
from openchannel.usecases.runs.compare import side_by_side
from openchannel.usecases.evidence.contact_ledger import add
from openchannel.usecases.building.design_files import write_design
from openchannel.usecases.runs.figures import draw_figure
from openchannel.usecases.shelf.further_orders import LedgerOrder
from openchannel.usecases.history.study import HistoryFindings
from openchannel.usecases.sketches.policy_draft import fields_of
from openchannel.usecases.shelf.recipe import claims_recipe, record_recipe
from openchannel.usecases.shelf.shelf import Shelf, fulfil
from openchannel.web.app import create_app
from openchannel.web.sketching import Sketching
from unit.web import sketched
from unit.web.again import COMMAND, lines_of, rows, run_commands, run_python, write
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
        own=write(own_store.with_name("given.yaml"), OWN),
        folder=shelf.root / "believed",
    )
    order = shelf.add(LedgerOrder("The ledger", of="believed", futures=16, seed=5))
    fulfil(shelf, order)
    small = {"futures": 32, "searches": 1, "generations": 1, "seed": 5}
    write_design(oc.design("korea", budget_usd=20e6, **small), shelf.root / "small", ())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sketching, "answers", sketched.answers)
        patch.setattr(Sketching, "warm", lambda _self: None)
        app = create_app(shelf.root, store=own_store)
        with TestClient(app, base_url=HOME, follow_redirects=False) as made:
            yield made
    shelf.delete("believed")
    shelf.delete("small")


def with_own(lines: dict[str, str]) -> dict[str, str]:
    """The same, once the file of beliefs that they name is saved as the page says."""
    (name,) = (k for k in lines if k.startswith("Save this as own.yaml"))
    write(Path("own.yaml"), lines[name])
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


#: A state of the page of beliefs, and the same as an ask.
MOVED = "answer=yes&policy=P7&start=W5&seed=4&gamma_D.low=-0.1&gamma_D.high=0.3"
ASKED = {"policy": "P7", "start": "W5", "seed": 4, "moved": {"gamma_D": [-0.1, 0.3]}}


def loss_in(found: dict[str, Any]) -> tuple[float, float, str]:
    """A change of loss with its error, to the digits of a run's file, and as a sheet has it."""
    mean, error = (float(f"{found[k]:.12g}") for k in ("mean", "mcse"))
    return mean, error, short(difference(Measured(mean, error), "count"))


def loss_of(summary: dict[str, Any]) -> dict[str, Any]:
    return summary["policies"]["P7"]["versus_baseline"]["composite_loss"]


def sheet_of(client: TestClient, page: str, name: str) -> list[str]:
    """The changes of loss in the numbers of a chart of an answer."""
    address = re.search(rf"/sketch/\w+/{name}\.csv", page)
    assert address
    return [r["Change of loss, equivalent deaths"] for r in rows(client.get(address[0]).text)]


def of_an_answer(client: TestClient, _shelf: Shelf) -> Told:
    """The change of loss while beliefs are moved, from a school and a belief of one's own."""
    page = client.get(f"/beliefs?{MOVED}").text
    lines = with_own(lines_of(page, 'id="figure-loss"'))
    mean, error, words = loss_in(sketched.told(ASKED, 1024)["loss"])
    assert sheet_of(client, page, "figure-loss")[-1] == words
    command = loss_in(loss_of(run_commands(lines)))
    return (mean, error, words), loss_in(run_python(lines)["found"]), command


def of_its_steps(client: TestClient, _shelf: Shelf) -> Told:
    """The same after each number of futures, one command a size."""
    page = client.get(f"/beliefs?{MOVED}").text
    lines = with_own(lines_of(page, 'id="figure-steps"'))
    python = [loss_in(found)[2] for found in run_python(lines)["found"].values()]
    each = [{**lines, COMMAND: line} for line in lines[COMMAND].splitlines()]
    command = [loss_in(loss_of(run_commands(one)))[2] for one in each]
    return sheet_of(client, page, "figure-steps"), python, command


def of_a_policy(client: TestClient, _shelf: Shelf) -> Told:
    """What follows from a policy that was composed on its page."""
    fields = {"from": "P7", **fields_of(oc.load("korea").policy("P7")), "c.DEF": "12"}
    asked = urlencode(fields | {"answer": "yes", "beliefs": "W5", "seed": "2"})
    page = client.get(f"/policies?{asked}").text
    lines = lines_of(page, 'id="figure-loss"')
    write(Path("policy.yaml"), lines["Save this as policy.yaml first."])
    python = loss_in(run_python(lines)["found"])[2]
    found = run_commands(lines)["policies"]["MINE"]["versus_baseline"]["composite_loss"]
    return sheet_of(client, page, "figure-loss")[-1], python, loss_in(found)[2]


def of_a_belief(client: TestClient, _shelf: Shelf) -> Told:
    """The curve of a belief that was moved from where a school has it."""
    page = client.get("/beliefs?start=W2&e_f.low=0.1&e_f.high=0.3").text
    lines = lines_of(page, 'data-row="e_f"')
    shown = client.get("/beliefs/charts/e_f.csv?start=W2&low=0.1&high=0.3").text
    python = run_python(lines)["found"]
    command = belief_figure(run_commands(lines), is_ratio=python.row.is_ratio)
    return shown, *(draw_figure(f, "csv").decode() for f in (python.figure(), command))


def of_two_runs(client: TestClient, shelf: Shelf) -> Told:
    """Results of two runs side by side, from lines that need no folder to stand in."""
    lines = lines_of(client.get("/compare?a=first&b=second").text, "<h1>")
    folders = [shelf.root / name for name in ("first", "second")]
    shown = side_by_side(*folders).as_dict()["results"]
    with (
        pytest.MonkeyPatch.context() as patch
    ):  # beliefs swapped are not on the page, and take long
        patch.setattr(disagreement, "measure_disagreement", lambda *_args, **_settings: None)
        python = run_python(lines)["found"].as_dict()["results"]
        return shown, python, run_commands(lines)["results"]


def of_a_design(client: TestClient, _shelf: Shelf) -> Told:
    """The whole file of a design, searched again."""
    lines = lines_of(client.get("/runs/small/how").text, "Make the design again")
    shown = client.get("/runs/small/how/design.json").json()
    python = json.loads(json.dumps(run_python(lines)["found"].data))
    return shown, python, json.loads(run_commands(lines))


QUESTIONS = (
    of_a_chart,
    of_the_timeline,
    of_the_network,
    of_the_claims,
    of_an_answer,
    of_its_steps,
    of_a_policy,
    of_a_belief,
    of_two_runs,
    of_a_design,
)


@pytest.mark.parametrize("question", QUESTIONS)
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
