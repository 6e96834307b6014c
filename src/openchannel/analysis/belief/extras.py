"""Libraries that only some questions about beliefs need, loaded when these are asked."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from openchannel.errors import Problem, UserError

__all__ = ["extra", "present"]


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
        raise UserError(_missing(module.partition(".")[0], str(error))) from error


def present(*libraries: str) -> None:
    """Whether libraries of the part are installed, without the seconds that loading them takes.

    Raises
    ------
    UserError
        With every library that is not there.
    """
    absent = [name for name in libraries if find_spec(name) is None]
    if absent:
        raise UserError(_missing(name, "it is not installed") for name in absent)


def _missing(library: str, why: str) -> Problem:
    return Problem(
        file="the installation",
        field=library,
        wrong=f"this question needs a library that cannot be loaded ({why})",
        allowed="openchannel with its optional part `belief`",
        mend="install it with `pip install 'openchannel[belief]'`",
    )
