"""What no request gets past: a foreign host, a foreign page, a body without bounds.

Owns the headers of every answer too. Every page of the app lives under one strict policy: nothing
from elsewhere, no inline script, no inline style, no frame.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from openchannel.usecases.shelf.serve_needs import LOOPBACK_NAMES

__all__ = [
    "BRIEF_POLICY",
    "FRAMING_POLICY",
    "LARGEST_BODY",
    "Guard",
    "token_matches",
]

LARGEST_BODY = 256 * 1024
"""Bytes; a form with a file of beliefs needs a tenth of it."""

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: The page that puts a brief together shows it in a frame.
FRAMING_POLICY = f"{_POLICY}; frame-src 'self'"
#: The brief carries its own styles and scripts, so it is shut off from the app: no origin, no
#: requests, no forms.
BRIEF_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-scripts"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    # `no-referrer` would have browsers send `Origin: null` with the app's own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_READING = frozenset({"GET", "HEAD"})


class Guard:
    """Stands before the app: refuses what does not ask for it by name, or is of a foreign page."""

    def __init__(self, app: ASGIApp, names: Collection[str] = LOOPBACK_NAMES) -> None:
        self.app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a refusal, or pass the request on and set the headers of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = _refusal(scope, self._names)
        app = self.app if refusal is None else PlainTextResponse(refusal[1], refusal[0])

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with_headers(message["headers"])
            await send(message)

        await app(scope, receive, guarded)


def token_matches(given: str, token: str) -> bool:
    """Whether a form carries the token of this server; takes the same time for every guess."""
    return secrets.compare_digest(given.encode(), token.encode())


def _refusal(scope: Scope, names: frozenset[str]) -> tuple[int, str] | None:
    """Status and words of a refusal; None where the request may pass."""
    sent = Headers(scope=scope)
    if _hostname(sent.get("host", "")) not in names:
        return 421, f"This app answers to {', '.join(sorted(names))} only."
    if scope["method"] in _READING:
        return None
    if not _is_own_page(sent, scope["scheme"]):
        return 403, "This request comes from another page than the app's own."
    length = sent.get("content-length", "")
    if not length.isascii() or not length.isdigit():
        return 411, "A request must say how long it is."
    if len(length) > 12 or int(length) > LARGEST_BODY:
        return 413, f"A request may hold {LARGEST_BODY} bytes."
    return None


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_own_page(sent: Mapping[str, str], scheme: str) -> bool:
    """Whether a form was sent by a page of this server; `scheme` is how the browser reached it."""
    if sent.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = sent.get("origin")
    return origin is None or origin == f"{scheme}://{sent.get('host', '')}"


def _with_headers(headers: list[Any]) -> list[Any]:
    present = {name.lower() for name, _ in headers}
    missing = [(k.encode(), v.encode()) for k, v in _HEADERS.items() if k.encode() not in present]
    return [*headers, *missing]
