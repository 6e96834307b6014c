"""Who may come in where the server can be reached from elsewhere: whoever has its token.

The token stands in the first address that a browser opens, or is typed into the page that refuses;
after that a cookie carries it that no script can read and no other site can have sent. Programs
send it as `Authorization: Bearer`.
"""

from __future__ import annotations

import hashlib
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

from starlette.responses import HTMLResponse, Response

from openchannel.web.pages import page
from openchannel.web.safety import token_matches

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Entrance"]

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
        if scope["type"] != "http" or scope["path"].startswith(_OPEN) or self._is_known(scope):
            await self.app(scope, receive, send)
            return
        await self._answer(scope)(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        """Whether the cookie or the header of a request carries the token."""
        sent = _headers(scope)
        kind, _, bearer = sent.get("authorization", "").partition(" ")
        given = [bearer.strip()] if kind.lower() == "bearer" else []
        given += _cookies(sent.get("cookie", ""), self.cookie)
        return any(token_matches(each, self._token) for each in given)

    def _answer(self, scope: Scope) -> Response:
        """401 where nothing was given, 403 where it is wrong; the first visit sets the cookie."""
        given = parse_qs(scope["query_string"].decode("latin-1")).get(_FIELD, [""])[0]
        address = _address(scope)
        if not given:
            html = page("entrance", is_wrong=False, address=address)
            return HTMLResponse(html, 401, {"www-authenticate": 'Bearer realm="openchannel"'})
        if not token_matches(given, self._token):
            return HTMLResponse(page("entrance", is_wrong=True, address=address), 403)
        # No redirect: after a link from elsewhere a browser would not send the cookie with it.
        answer = HTMLResponse(page("entered", address=address))
        answer.set_cookie(self.cookie, self._token, httponly=True, samesite="strict", path="/")
        return answer


def _address(scope: Scope) -> str:
    """The page that was asked for, on this server and no other; the first page for a form."""
    if scope["method"] != "GET":
        return "/"
    return quote("/" + str(scope["path"]).lstrip("/\\"))


def _headers(scope: Scope) -> dict[str, Any]:
    return {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}


def _cookies(header: str, name: str) -> list[str]:
    """What a cookie holds, if it was sent."""
    try:
        found = SimpleCookie(header)
    except CookieError:
        return []
    return [found[name].value] if name in found else []
