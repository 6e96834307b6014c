"""Who may come in where the server can be reached from elsewhere: whoever has its token.

The token stands in the first address that a browser opens, or is typed into the page that refuses;
after that a cookie carries it that no script can read and no other site can have sent. Programs
send it as `Authorization: Bearer`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, Response

from openchannel.web.pages import page
from openchannel.web.safety import token_matches

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Entrance"]

Pairs: TypeAlias = list[tuple[str, str]]

_OPEN = ("/static/",)  # what the refusing page is drawn with; it says nothing about the runs
_FIELD = "token"


class Entrance:
    """Stands before the app of a server that others can reach; lets in who knows the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app = app
        self._token = token
        #: Its own for each server, as browsers share cookies among the ports of a host.
        self.cookie = f"openchannel-{hashlib.sha256(token.encode()).hexdigest()[:8]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with the page that asks for the token."""
        if scope["type"] != "http" or scope["path"].startswith(_OPEN):
            await self.app(scope, receive, send)
            return
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = next((value for name, value in pairs if name == _FIELD), "")
        is_known = self._is_known(scope)
        if is_known and not given:
            await self.app(scope, receive, send)
            return
        kept = [pair for pair in pairs if pair[0] != _FIELD]
        if is_known or token_matches(given, self._token):
            answer = self._entered(scope, kept)
        else:
            answer = _refused(scope, kept, is_wrong=bool(given))
        await answer(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        """Whether the cookie or the header of a request carries the token."""
        sent = Headers(scope=scope)
        kind, _, bearer = sent.get("authorization", "").partition(" ")
        given = [bearer.strip()] if kind.lower() == "bearer" else []
        given += [cookie_parser(sent.get("cookie", "")).get(self.cookie, "")]
        return any(token_matches(each, self._token) for each in given)

    def _entered(self, scope: Scope, kept: Pairs) -> Response:
        """The way to the same address without the token, and the cookie that holds it from now on.

        No redirect: after a link from elsewhere a browser would not send the cookie with it.
        """
        path, kept = _asked_for(scope, kept)
        answer = HTMLResponse(page("entered", address=_address(path, kept)))
        is_encrypted = scope["scheme"] == "https"
        answer.set_cookie(
            self.cookie,
            self._token,
            path="/",
            httponly=True,
            samesite="strict",
            secure=is_encrypted,
        )
        return answer


def _refused(scope: Scope, kept: Pairs, *, is_wrong: bool) -> Response:
    """The page that asks: 401 where no token was given, 403 where it is wrong.

    It keeps the other fields of the address, such as beliefs of a link from elsewhere.
    """
    path, kept = _asked_for(scope, kept)
    shown = {"path": path, "kept": kept, "address": _address(path, kept)}
    html = page("entrance", is_wrong=is_wrong, **shown)
    if is_wrong:
        return HTMLResponse(html, 403)
    return HTMLResponse(html, 401, {"www-authenticate": 'Bearer realm="openchannel"'})


def _asked_for(scope: Scope, kept: Pairs) -> tuple[str, Pairs]:
    """The page that was asked for, on this server and no other; the first page for a form."""
    if scope["method"] != "GET":
        return "/", []
    return quote("/" + str(scope["path"]).lstrip("/\\")), kept


def _address(path: str, kept: Pairs) -> str:
    return f"{path}?{urlencode(kept)}" if kept else path
