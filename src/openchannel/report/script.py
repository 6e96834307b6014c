"""The script that draws charts in a page: Vega, Vega-Lite and Vega-Embed in one.

It takes a second to put together, longer than many a page, so it is kept between runs. What is
kept is used only if it is whole and was made by the same releases.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import metadata

from openchannel.ensemble.store import read_sealed, write_sealed
from openchannel.kernel.cache import cache_root
from openchannel.report.drawing import VEGA_LITE

__all__ = ["clear_script", "script_bundle"]

_NAME = "charts-*.js"


@cache
def script_bundle() -> str:
    """The script as text; the same for every page of these releases."""
    place = cache_root() / f"charts-{VEGA_LITE}-{metadata.version('vl-convert-python')}.js"
    kept = read_sealed(place)
    if kept is not None:
        return kept.decode()
    script = _put_together()
    with suppress(OSError):
        clear_script()
        write_sealed(place, script.encode())
    return script


def clear_script() -> None:
    """Forget what is kept, of any release."""
    for path in cache_root().glob(_NAME):
        path.unlink(missing_ok=True)


def _put_together() -> str:
    import vl_convert  # noqa: PLC0415  # heavy

    bundle: Callable[..., str] = vl_convert.javascript_bundle  # its stub asks for a snippet
    return bundle(vl_version=VEGA_LITE)
