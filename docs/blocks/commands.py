# ruff: noqa: E501 (its tables are wide)
"""The commands, as the program itself tells them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import typer
from docs.blocks.markdown import sentences, table

from openchannel.cli.app import app
from openchannel.domain import Case

__all__ = ["commands"]


def commands(_case: Case) -> str:
    """Every command with its arguments and options, as the program itself tells them."""
    return "\n\n".join(_commands(typer.main.get_command(app), "openchannel"))


def _commands(group: Any, name: str) -> Iterable[str]:
    for key, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{name} {key}")
        else:
            yield _command(command, f"{name} {key}")


def _command(command: Any, name: str) -> str:
    given = [p for p in command.params if p.param_type_name == "argument"]
    usage = " ".join((name, *(_word(p) if p.required else f"[{_word(p)}]" for p in given)))
    rows = [(f"`{_word(p)}`", p.help or "", _usual(p)) for p in given]
    rows += [_option(p) for p in command.params if p.param_type_name == "option" and not p.hidden]
    told = sentences(command.help.replace("\n\n", " "))
    return f"## {name}\n\n```\n{usage}\n```\n\n{told}\n\n{table(('argument or option', 'meaning', 'default'), rows)}"


def _word(argument: Any) -> str:
    """An argument as the user sees it; brackets say elsewhere that it may be left out."""
    return str(argument.metavar or argument.name.upper()).strip("[]")


def _option(option: Any) -> tuple[str, str, str]:
    names = ", ".join(f"`{o}`" for o in (*option.opts, *option.secondary_opts))
    return f"{names} {option.metavar or ''}".rstrip(), option.help or "", _usual(option)


def _usual(given: Any) -> str:
    """What counts where nothing is given."""
    usual = given.default
    if isinstance(given.show_default, str):
        return given.show_default
    if given.required or usual is None or usual is False:
        return ""
    if usual is True:
        return f"`{given.opts[0]}`"
    return f"{usual:g}" if isinstance(usual, float) else str(usual)
