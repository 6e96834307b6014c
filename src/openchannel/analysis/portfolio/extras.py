"""The library that searches, loaded when a search is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from openchannel.errors import Problem, UserError

__all__ = ["extra"]


def extra(module: str) -> Any:
    """A module of the optional part `optimise`.

    Raises
    ------
    UserError
        The library is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise UserError(
            Problem(
                file="the installation",
                field=module.partition(".")[0],
                wrong=f"the search needs a library that cannot be loaded ({error})",
                allowed="openchannel with its optional part `optimise`",
                mend="install it with `pip install 'openchannel[optimise]'`",
            )
        ) from error
