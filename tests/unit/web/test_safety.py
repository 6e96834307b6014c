"""What the web app refuses, and what it says about itself in every answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from openchannel.web.app import create_app
from openchannel.web.safety import LARGEST_BODY

HOME = "http://127.0.0.1:8765"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(tmp_path / "runs"), base_url=HOME, follow_redirects=False) as made:
        yield made


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "", "[", "0.0.0.0"])
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    """A name that was pointed at this machine from elsewhere gets no page (DNS rebinding)."""
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:1", "[::1]:8765"])
def test_names_of_this_machine_are_answered(client: TestClient, host: str) -> None:
    """Every name of the loopback address leads to the app."""
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://example.org"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_a_form_of_another_page_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    """A foreign page cannot order a run, whatever it sends."""
    assert client.post("/runs", data={"name": "x"}, headers=headers).status_code == 403


def test_a_form_without_the_token_is_refused(client: TestClient, tmp_path: Path) -> None:
    """No token, no run; nothing is written."""
    for token in ("", "wrong", "ü"):
        assert client.post("/runs", data={"name": "x", "token": token}).status_code == 403
    assert not (tmp_path / "runs").exists()


def test_bodies_are_bounded(client: TestClient) -> None:
    """A body over the bound, or of untold length, is refused before it is read."""
    big = client.post("/runs", content=b"a" * (LARGEST_BODY + 1))
    untold = client.post("/runs", content=iter([b"a"]))
    assert (big.status_code, untold.status_code) == (413, 411)


@pytest.mark.parametrize(
    "path",
    [
        "/runs/..%2f..%2fetc",
        "/runs/%2e%2e/manifest.json",
        "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/runs/absent",
        "/runs/absent/brief.html",
        "/runs/absent/events",
        "/runs/absent/charts/x.svg",
        "/docs",
        "/openapi.json",
    ],
)
def test_paths_lead_nowhere_else(client: TestClient, path: str) -> None:
    """A path cannot climb out of the folder of runs or out of the assets."""
    assert client.get(path).status_code == 404


def test_every_answer_has_the_strict_policy(client: TestClient) -> None:
    """Pages, refusals and assets alike: nothing inline, nothing from elsewhere."""
    for path, status in (("/", 200), ("/new", 200), ("/static/app.css", 200), ("/nothing", 404)):
        found = client.get(path)
        policy = found.headers["content-security-policy"]
        assert found.status_code == status
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert found.headers["x-content-type-options"] == "nosniff"
    page = client.get("/new").text
    assert "http://" not in page
    assert "https://" not in page
    assert " style=" not in page


def test_nesting_without_end_is_refused(client: TestClient) -> None:
    """JSON nested deeper than anything that openchannel writes is told to be unfit, not followed.

    Three sizes: read but refused by the bound, too deep for Python's reader, and far beyond.
    """
    found = re.search(r'name="token" value="([^"]+)"', client.get("/new").text)
    assert found
    for depth in (70, 950, 8_000):
        nest = '{"a":' * depth + "1" + "}" * depth
        asked = client.post("/sketch", content=nest, headers={"x-token": found[1]})
        assert asked.status_code == 400, depth
        sent = {"token": found[1], "name": "x", "futures": "16", "seed": "1", "expects": nest}
        assert "no list of checksums" in client.post("/runs", data=sent).text
        file = {"file": ("run.json", nest.encode(), "application/json")}
        told = client.post("/new/file", data={"token": found[1]}, files=file)
        assert told.status_code == 422
        assert "nested too deep" in told.text
        sent |= {"expects": "", "own": "a: " + "[" * depth + "]" * depth}
        assert client.post("/runs", data=sent).status_code == 422, depth
