"""The script that draws charts in a page: Vega, Vega-Lite and Vega-Embed in one.

It takes a second to put together, longer than many a page, so it is kept between runs. What is
kept is used only if it is whole and was made by the same releases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path

from openchannel.ensemble.store import write_atomic
from openchannel.kernel.cache import cache_root
from openchannel.report.drawing import VEGA_LITE

__all__ = ["clear_script", "script_bundle"]

_DIGEST = 64  # bytes of SHA-256, before the script
_NAME = "charts-*.js"


@cache
def script_bundle() -> str:
    """The script as text; the same for every page of these releases."""
    place = cache_root() / f"charts-{VEGA_LITE}-{metadata.version('vl-convert-python')}.js"
    kept = _taken_down(place)
    if kept is not None:
        return kept
    script = _put_together()
    with suppress(OSError):
        clear_script()
        body = script.encode()
        write_atomic(place, lambda path: _write(path, _sha(body) + body))
    return script


def clear_script() -> None:
    """Forget what is kept, of any release."""
    for path in cache_root().glob(_NAME):
        path.unlink(missing_ok=True)


def _put_together() -> str:
    import vl_convert  # noqa: PLC0415  # heavy

    bundle: Callable[..., str] = vl_convert.javascript_bundle  # its stub asks for a snippet
    return bundle(vl_version=VEGA_LITE)


def _taken_down(place: Path) -> str | None:
    try:
        whole = place.read_bytes()
    except OSError:
        return None
    body = whole[_DIGEST:]
    return body.decode() if whole[:_DIGEST] == _sha(body) else None


def _write(path: Path, whole: bytes) -> None:
    path.write_bytes(whole)


def _sha(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
