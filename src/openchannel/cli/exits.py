"""How a command ends: the exit codes, and which words go with each.

0 done, 1 a check said no, 2 the user's input, 3 our fault, 130 interrupted. A traceback is never
shown unless `OPENCHANNEL_DEBUG` asks for it.
"""

from __future__ import annotations

import os
import platform
import shlex
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import openchannel
from openchannel.cli.voice import Voice
from openchannel.errors import Interrupted, Problem, UserError

__all__ = ["DONE", "INTERRUPTED", "OUR_FAULT", "SAID_NO", "USER_INPUT", "ReaderGoneError", "ending"]

DONE = 0
SAID_NO = 1
USER_INPUT = 2
OUR_FAULT = 3
INTERRUPTED = 130


class ReaderGoneError(Exception):
    """Who read our output has closed it, as `head` does; there is nobody left to tell."""


def ending(work: Callable[[], object], arguments: Sequence[str]) -> int:
    """Do the work of a command line; its exit code, with everything said that there is to say."""
    voice = Voice.of(arguments)
    try:
        result = work()
        sys.stdout.flush()
    except (ReaderGoneError, BrokenPipeError):
        _let_go_of_output()
        return DONE
    except KeyboardInterrupt:
        return _interrupted(Interrupted("stopped"), arguments, voice)
    except Interrupted as stop:
        return _interrupted(stop, arguments, voice)
    except UserError as error:
        voice.complain(error.problems)
        return USER_INPUT
    except Exception as error:  # noqa: BLE001 - the last net: what falls into it is our fault
        return _unexpected(error, arguments, voice)
    return result if isinstance(result, int) else DONE


def _unexpected(error: Exception, arguments: Sequence[str], voice: Voice) -> int:
    if (usage := _usage_problem(error)) is not None:
        voice.complain([usage])
        return USER_INPUT
    if (refused := _refused_by_system(error)) is not None:
        voice.complain(refused.problems)
        return USER_INPUT
    if os.environ.get("OPENCHANNEL_DEBUG"):
        traceback.print_exception(error)
    voice.complain([_crash(error, arguments)])
    return OUR_FAULT


def _usage_problem(error: Exception) -> Problem | None:
    """What the argument parser objects to; known by its manner, as its classes have moved."""
    tell = getattr(error, "format_message", None)
    if tell is None or not hasattr(error, "exit_code"):
        return None
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "openchannel"
    return Problem(
        file="command line",
        field=path,
        wrong=str(tell()).rstrip("."),
        allowed=_allowed(context) or f"what `{path} --help` lists",
        mend=f"see `{path} --help`",
    )


def _allowed(context: Any) -> str:
    """The commands where one is wanted, arguments and options of a command otherwise."""
    command = getattr(context, "command", None)
    if command is None:
        return ""
    if names := getattr(command, "commands", {}):
        return ", ".join(names)
    words = [o for p in command.params for o in p.opts[:1]]
    return ", ".join(w if w.startswith("-") else w.upper() for w in words)


def _refused_by_system(error: Exception) -> UserError | None:
    """A full disk, a folder without rights: the user's to mend, not a crash."""
    if not isinstance(error, OSError):
        return None
    from openchannel.usecases.guard import disk_problems

    try:
        with disk_problems(None):
            raise error
    except UserError as said:
        return said
    except OSError:
        return None


def _interrupted(stop: Interrupted, arguments: Sequence[str], voice: Voice) -> int:
    again = shlex.join(["openchannel", *arguments])
    kept = f"; what was finished is kept in {stop.folder}" if stop.folder else ""
    voice.insist(f"{stop}{kept}")
    voice.insist(f"to go on, give the same command again: {again}")
    voice.give({"interrupted": str(stop), "folder": stop.folder, "again": again})
    return INTERRUPTED


def _write_log(text: str) -> str:
    """Write a crash down for those who mend openchannel; the path, empty where that fails too."""
    try:
        handle, path = tempfile.mkstemp(prefix="openchannel-crash-", suffix=".log", text=True)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
    except OSError:
        return ""
    return path


def _crash(error: Exception, arguments: Sequence[str]) -> Problem:
    head = (
        f"openchannel {openchannel.__version__}, Python {platform.python_version()}, "
        f"{platform.platform()}\n{shlex.join(['openchannel', *arguments])}\n\n"
    )
    path = _write_log(head + "".join(traceback.format_exception(error)))
    mend = f"report it with the file {path}" if path else "set OPENCHANNEL_DEBUG=1, and report it"
    first = str(error).strip().partition("\n")[0]
    return Problem(
        file=path or "openchannel",
        field="",
        wrong=f"openchannel failed, and it is not your fault: {type(error).__name__}: {first}",
        allowed="a run to its end, or a message that says what to mend",
        mend=mend,
    )


def _let_go_of_output() -> None:
    """Point standard output nowhere, so that the flush at exit has nothing to complain of."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):  # not a real file: nothing will be flushed to it
        pass
