"""Libraries that only some questions about beliefs need, loaded when these are asked."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from openchannel.errors import Problem, UserError

__all__ = ["extra"]


def extra(module: str) -> Any:
    """A module of the optional part `belief`.

    Raises
    ------
    UserError
        The library is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        raise UserError(
            Problem(
                file="the installation",
                field=library,
                wrong=f"this question needs a library that cannot be loaded ({error})",
                allowed="openchannel with its optional part `belief`",
                mend="install it with `pip install 'openchannel[belief]'`",
            )
        ) from error
