"""Every chart of every page: its picture, its numbers, and the lines that make it again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from openchannel.usecases.shelf.archive import Archive
from openchannel.usecases.shelf.shelf import Shelf
from openchannel.web.app import create_app
from openchannel.web.kept import KeptCharts
from openchannel.web.sketching import Sketching
from unit.web import sketched
from unit.web.conftest import history_findings

HOME = "http://127.0.0.1:8765"
#: Pages with charts, and the use cases that their recipes ask.
PAGES = {
    "/runs/first": {"assess"},
    "/runs/argued/believe": {"assess", "believe", "ledger"},
    "/beliefs?answer=yes&gamma_D.low=-0.1&gamma_D.high=0.3": {"assess", "curve"},
    "/policies?from=P7&answer=yes": {"assess"},
    "/runs/design/how": {"design"},
    "/runs/hedge/how": {"hedge"},
    "/record?since=2017&until=2019": {"timeline"},
    "/record/network?on=2018-06-12": {"ties"},
    "/record/history": {"history"},
    "/record/forecasts/part": {"forecast"},
}
#: Recipes stand on these, though they show no chart.
ALSO = {"/compare?a=first&b=second": {"compare"}}
STARTS = {"svg": b"<svg", "png": b"\x89PNG"}


@pytest.fixture(scope="module")
def client(shelf: Shelf, store: Path) -> Iterator[TestClient]:
    """The app over runs of every kind, one of them argued about, with a study of history."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Archive, "history", lambda _self, _runs: history_findings())
        patch.setattr(Sketching, "answers", sketched.answers)
        patch.setattr(Sketching, "warm", lambda _self: None)
        app = create_app(shelf.root, store=store)
        with TestClient(app, base_url=HOME, follow_redirects=False) as made:
            yield made


def figures_in(page: str) -> list[str]:
    return re.findall(r"<figure\b.*?</figure>", page, re.DOTALL)


def links_in(text: str) -> dict[str, str]:
    """Addresses of the files that stand under a chart, by form."""
    lines = re.findall(r'<p class="forms">(.*?)</p>', text, re.DOTALL)
    pairs = re.findall(r'href="([^"]+)" download="[^"]+?\.(\w+)"', lines[0]) if lines else []
    return {form: address.replace("&amp;", "&") for address, form in pairs}


def check_file(client: TestClient, form: str, address: str) -> None:
    """A picture that is one, or a sheet of numbers with a head and as many cells in each row."""
    found = client.get(address)
    assert found.status_code == 200, address
    if form in STARTS:
        assert found.content.startswith(STARTS[form]), address
        return
    rows = list(csv.reader(io.StringIO(found.text)))
    assert len(rows) > 1, address
    assert len({len(r) for r in rows}) == 1, address


@pytest.mark.parametrize("path", PAGES)
def test_every_chart_of_a_page_comes_in_three_forms(client: TestClient, path: str) -> None:
    """Each figure has its three files and says how it is made again; no picture stands outside."""
    page = client.get(path).text
    figures = figures_in(page)
    assert figures
    for figure in figures:
        links = links_in(figure)
        assert list(links) == ["svg", "png", "csv"], figure[:200]
        assert "Reproduce in Python or on the command line" in figure
        for form, address in links.items():
            check_file(client, form, address)
    assert path != "/runs/argued/believe" or 'id="figure-boxes-1"' in page
    outside = re.sub(r"<figure\b.*?</figure>", "", page, flags=re.DOTALL)
    assert "<img" not in outside
    assert not re.search(r"<svg(?![^>]*aria-hidden)", outside)


def test_the_curve_of_every_belief_comes_in_three_forms(client: TestClient) -> None:
    """Numbers of each; pictures of one moved, one held by its school, one on a scale of ratios."""
    page = client.get("/beliefs?start=W2&e_f.low=0.1&e_f.high=0.3").text
    names = re.findall(r'data-row="(\w+)"', page)
    blocks = re.findall(r'<div class="files">.*?</div>', page, re.DOTALL)
    assert len(names) == len(blocks) > 100
    files = {name: links_in(block) for name, block in zip(names, blocks, strict=True)}
    for name, links in files.items():
        assert list(links) == ["svg", "png", "csv"]
        assert f"/beliefs/charts/{name}.csv?start=W2" in links["csv"]
    for links in files.values():
        check_file(client, "csv", links["csv"])
    for name in ("e_f", "gamma_D", "q01_times"):
        for form in ("svg", "png"):
            check_file(client, form, files[name][form])
    assert files["e_f"]["svg"].endswith("?start=W2&low=0.1&high=0.3")
    moved = client.get("/beliefs/curve?row=e_f&low=0.2&high=0.3&start=W2").json()
    assert links_in(moved["files"])["csv"].endswith("?start=W2&low=0.2&high=0.3")
    assert client.get("/beliefs/charts/e_f.csv?low=3&high=1").status_code == 422
    assert client.get("/beliefs/charts/none.csv").status_code == 404
    assert client.get("/beliefs/charts/e_f.exe").status_code == 404


@pytest.mark.parametrize("path", [*PAGES, *ALSO])
def test_no_page_asks_what_no_test_asks(client: TestClient, path: str) -> None:
    """Recipes of a page ask the use cases whose recipes are run elsewhere, with seed and sizes."""
    page = client.get(path).text
    lines = page.replace("&#39;", "'").replace("&#34;", '"')
    asked = set(re.findall(r"oc\.(\w+)\(", lines))
    assert asked == {**PAGES, **ALSO}[path]
    for call in re.findall(
        r"oc\.(?:assess|believe|ledger|design|hedge|history|compare)\((?:[^()]|\([^()]*\))*\)",
        lines,
    ):
        assert "seed=" in call
        assert re.search(r"futures=|draws=", call), call


def test_the_charts_of_an_answer_are_kept_a_while() -> None:
    """The same answer has the same mark; the oldest answers go first, and say so."""
    from openchannel.report.sketch_charts import loss_figure

    loss = {"mean": -3.0, "mcse": 1.0, "p05": -9.0, "p95": 2.0}
    made = [loss_figure([("", {**loss, "mean": -float(n)})], "status quo") for n in range(4)]
    kept = KeptCharts(most=3)
    marks = [kept.keep([figure]) for figure in made]
    assert len(set(marks)) == 4
    assert kept.keep([made[3]]) == marks[3]
    assert kept.figure(marks[0], "figure-loss") is None
    assert kept.figure(marks[1], "figure-loss") == made[1]
    assert kept.figure(marks[1], "figure-steps") is None


def test_an_answer_that_is_kept_no_longer_says_so(client: TestClient) -> None:
    """Also for a mark that never was."""
    found = client.get("/sketch/0123456789abcdef0123/figure-loss.svg")
    assert found.status_code == 404
    assert "kept no longer; ask again" in found.text
