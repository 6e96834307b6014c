"""A server that others can reach: who comes in, by what name, and what is told to the rest."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from openchannel.cli.app import app as command_line
from openchannel.errors import UserError
from openchannel.usecases.shelf.serve_needs import Place, place_of
from openchannel.web import entrance
from openchannel.web.app import create_app
from unit.web.site import served

HOME = "http://office.example:8765"
KEY = "k" * 43


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(tmp_path / "runs", names={"office.example"}, key=KEY)
    with TestClient(app, base_url=HOME, follow_redirects=False) as made:
        yield made


@pytest.fixture
def port() -> int:
    """One that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.mark.parametrize("path", ["/", "/runs/x", "/beliefs", "/nothing", "/assets/vega.js"])
def test_without_the_token_there_is_a_page_that_asks_for_it(client: TestClient, path: str) -> None:
    """No page of the app, not even whether there is one; what the page is drawn with is open."""
    found = client.get(path)
    assert found.status_code == 401
    assert found.headers["www-authenticate"].startswith("Bearer")
    assert "This server asks for its token." in found.text
    assert "<nav" not in found.text
    assert found.headers["content-security-policy"].startswith("default-src 'none'")
    assert client.get("/static/app.css").status_code == 200
    assert client.get("/static/..%2fapp.py").status_code == 404


def test_a_wrong_token_is_refused(client: TestClient) -> None:
    """Guesses of any kind: in the address, as a cookie, in the header; no cookie comes of it."""
    for guess in ("wrong", KEY[:-1], KEY + "k", "ü", "%00", "a&token=" + KEY):
        found = client.get(f"/?token={guess}")
        assert found.status_code == 403, guess
        assert "That is not the token" in found.text
        assert "set-cookie" not in found.headers
    (name,) = {entrance.Entrance(client.app, KEY).cookie}
    assert client.get("/", headers={"cookie": f"{name}=wrong"}).status_code == 401
    assert client.get("/", headers={"cookie": f"other={KEY}"}).status_code == 401
    for header in ("Bearer wrong", KEY, f"Basic {KEY}"):
        assert client.get("/", headers={"authorization": header}).status_code == 401
    assert client.post("/runs", data={"name": "x"}).status_code == 401


def test_the_first_visit_is_remembered_and_the_address_forgets(client: TestClient) -> None:
    """The cookie is for this server alone and out of reach of scripts; the next address is plain."""
    first = client.get(f"/new?token={KEY}")
    assert first.status_code == 200
    told = first.headers["set-cookie"].lower()
    assert all(word in told for word in ("httponly", "samesite=strict", "path=/"))
    assert "domain" not in told
    assert KEY not in first.text
    assert 'content="0; url=/new"' in first.text
    assert "<h1>New run</h1>" in client.get("/new").text
    assert client.get("/new", headers={"host": "elsewhere.example"}).status_code == 421
    foreign = {"origin": "http://elsewhere.example"}
    assert client.post("/runs", data={"name": "x"}, headers=foreign).status_code == 403


def test_an_address_forgets_the_token_at_every_visit(client: TestClient) -> None:
    """Also where the browser is known already, and whether the token is of this start or not."""
    client.get(f"/?token={KEY}")
    for token in (KEY, "earlier"):
        again = client.get(f"/new?name=x&token={token}")
        assert again.status_code == 200
        assert 'content="0; url=/new?name=x"' in again.text
        assert KEY not in again.text
    assert "<h1>New run</h1>" in client.get("/new?name=x").text


def test_an_address_keeps_all_else(client: TestClient) -> None:
    """Beliefs of a link from elsewhere stand in the form that asks and in the way on."""
    asked = "off=B3&off=B4&gamma_D.low=-0.1&text=a+%26+%3Cb%3E+%C3%BC&kind="
    page = client.get(f"/beliefs?{asked}").text
    for field in ('"off" value="B3"', '"off" value="B4"', '"gamma_D.low" value="-0.1"'):
        assert f'<input type="hidden" name={field}>' in page
    assert 'name="text" value="a &amp; &lt;b&gt; ü"' in page
    assert 'name="kind" value=""' in page
    way = f"/beliefs?{asked}".replace("&", "&amp;")
    assert f'href="{way}"' in page
    assert f'content="0; url={way}"' in client.get(f"/beliefs?{asked}&token={KEY}").text


def test_cookies_of_others_do_no_harm(client: TestClient) -> None:
    """A host's other programs may set what no standard allows; ours is found behind it."""
    name = entrance.Entrance(client.app, KEY).cookie
    for others in ('prefs={"a":1}', "a b=c", "=", "x"):
        sent = {"cookie": f"{others}; {name}={KEY}"}
        assert client.get("/record", headers=sent).status_code == 200, others


def _asked(
    site: str, method: str, path: str, sent: dict[str, str], body: str = ""
) -> tuple[Message, str]:
    """Headers and text of what a server answers to a request that a proxy handed on."""
    way = http.client.HTTPConnection(site.removeprefix("http://"), timeout=20)
    kind = {"content-type": "application/x-www-form-urlencoded"}
    way.request(method, path, body, {"host": "office.example", **kind, **sent})
    with way.getresponse() as found:
        told = found.headers, found.read().decode()
    way.close()
    return told


def test_a_browser_may_come_by_https(client: TestClient, tmp_path: Path) -> None:
    """Through a proxy on this machine that says so: own forms pass, others' do not; the cookie
    then never goes without encryption.
    """
    bearer = {"authorization": f"Bearer {KEY}"}
    https = {"x-forwarded-proto": "https"}
    more: dict[str, Any] = {"names": {"office.example"}, "key": KEY}
    with served(tmp_path / "proxied", tmp_path / "none.duckdb", **more) as site:
        first, _ = _asked(site, "GET", f"/new?token={KEY}", https)
        assert "secure" in first["set-cookie"].lower()
        for sent, told in (
            ({**https, "origin": "https://office.example"}, "from another time"),
            ({**https, "origin": "http://office.example"}, "from another page"),
            ({"origin": "https://office.example"}, "from another page"),
        ):
            _, words = _asked(site, "POST", "/runs", bearer | sent, "token=x")
            assert told in words, sent
    assert "secure" not in client.get(f"/new?token={KEY}").headers["set-cookie"].lower()


def test_programs_send_the_token_in_a_header(client: TestClient) -> None:
    """As any bearer's."""
    assert client.get("/record", headers={"authorization": f"Bearer {KEY}"}).status_code == 200


@pytest.mark.parametrize("path", ["//elsewhere.example/", "/\\elsewhere.example/", "///x"])
def test_the_page_that_asks_leads_nowhere_else(client: TestClient, path: str) -> None:
    """Whatever address was opened, form and refresh stay on this server."""
    for query in ("", f"?token={KEY}"):
        page = client.get(f"{HOME}{path}{query}").text
        assert 'action="//' not in page
        assert "url=//" not in page


def test_only_the_names_given_are_answered(client: TestClient) -> None:
    """Neither this machine's own names nor a foreign one, token or not; the refusal names them."""
    bearer = {"authorization": f"Bearer {KEY}"}
    for host in ("127.0.0.1", "localhost", "0.0.0.0", "elsewhere.example", ""):
        found = client.get("/", headers={"host": host, **bearer})
        assert found.status_code == 421, host
        assert "office.example" in found.text
    assert client.get("/", headers={"host": "office.example", **bearer}).status_code == 200


def test_tokens_are_compared_in_constant_time(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Address, cookie and header all go through the one comparison that tells no time."""
    seen: list[str] = []

    def watched(given: str, _token: str) -> bool:
        seen.append(given)
        return False

    monkeypatch.setattr(entrance, "token_matches", watched)
    name = entrance.Entrance(client.app, KEY).cookie
    client.get("/?token=a", headers={"authorization": "Bearer b", "cookie": f"{name}=c"})
    assert sorted(seen) == ["a", "b", "c"]


def test_this_machine_alone_needs_no_token(port: int) -> None:
    """Loopback addresses by number and by name; only their names are answered."""
    for host in ("127.0.0.1", "localhost"):
        place = place_of(host, port)
        assert place.token == ""
        assert place.address == f"http://{host}:{port}/"
        assert place.names == {"127.0.0.1", "localhost", "::1"}


def test_others_need_a_token_of_their_own_start(port: int) -> None:
    """A wide address, or a foreign name on this machine's own: long, random, another each time."""
    for host, names in (("0.0.0.0", ("Office.example",)), ("127.0.0.1", ("office.example",))):
        one, two = place_of(host, port, names), place_of(host, port, names)
        assert one.token != two.token
        assert len(one.token) == 43
        assert "office.example" in one.names
        assert "0.0.0.0" not in one.names
        assert one.address == f"http://office.example:{port}/?token={one.token}"
    with pytest.raises(UserError) as told:
        place_of("0.0.0.0", port)
    assert told.value.problems[0].field == "--name"
    with pytest.raises(UserError):
        place_of("no-such-host.invalid", port, ("x",))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(UserError) as told:
            place_of("127.0.0.1", taken.getsockname()[1])
    assert told.value.problems[0].field == "--port"


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (" Office.Example", "office.example"),
        ("[::1]", "::1"),
        ("FE80:0:0:0:0:0:0:1", "fe80::1"),
        ("büro.example", "xn--bro-hoa.example"),
    ],
)
def test_names_are_kept_as_browsers_send_them(port: int, typed: str, asked: str) -> None:
    """Whatever way they were typed: else each request would be refused."""
    assert asked in place_of("127.0.0.1", port, (typed,)).names


def test_what_is_no_name_is_refused_before_the_start(port: int) -> None:
    """All at once; before, the server began and answered nobody, or ended in a traceback."""
    names = ("http://office", "office:8765", "office/app", "-x", "")
    with pytest.raises(UserError) as told:
        place_of("a..b", port, names)
    fields = [p.field for p in told.value.problems]
    assert fields == ["--name"] * 5 + ["--host"]


def test_the_command_prints_the_token_once(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the address alone, on standard output; the server gets names and token."""
    got: list[Place] = []
    monkeypatch.setattr(
        "openchannel.web.server.run_server", lambda _root, place, *_: got.append(place)
    )
    asked = ["serve", "--runs", str(tmp_path), "--port", str(port), "--host", "0.0.0.0"]
    refused = CliRunner().invoke(command_line, asked)
    assert refused.exit_code == 2
    done = CliRunner().invoke(command_line, [*asked, "--name", "office.example", "--json"])
    assert done.exit_code == 0, done.output
    (place,) = got
    assert json.loads(done.stdout)["address"] == place.address
    assert done.output.count(place.token) == 1
    assert place.host == "0.0.0.0"
    plain = CliRunner().invoke(command_line, asked[:-2])
    assert plain.exit_code == 0
    assert "token" not in plain.output
