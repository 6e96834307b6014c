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
    words = " ".join(
        p.metavar or p.name.upper() if p.required else f"[{p.name.upper()}]" for p in given
    )
    rows = [(f"`{p.metavar or p.name.upper()}`", getattr(p, "help", "") or "", "") for p in given]
    rows += [_option(p) for p in command.params if p.param_type_name == "option" and not p.hidden]
    told = sentences(command.help.replace("\n\n", " "))
    return f"## {name}\n\n```\n{name} {words}\n```\n\n{told}\n\n{table(('argument or option', 'meaning', 'default'), rows)}"


def _option(option: Any) -> tuple[str, str, str]:
    names = ", ".join(f"`{o}`" for o in option.opts)
    metavar = f" {option.metavar}" if option.metavar else ""
    shown = option.show_default if isinstance(option.show_default, str) else option.default
    usual = "" if shown in (None, False, "", ()) else str(getattr(shown, "value", shown))
    return f"{names}{metavar}", option.help or "", usual
