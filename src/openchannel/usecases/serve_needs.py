"""What `serve` needs of the installation and the machine, said before it starts."""

from __future__ import annotations

import socket
from importlib.util import find_spec
from pathlib import Path

from openchannel.casefile import builtin_cases
from openchannel.errors import Problem, UserError

__all__ = ["LOOPBACK", "check_case", "check_port", "check_web"]

#: The one address that `serve` listens on: this machine's own.
LOOPBACK = "127.0.0.1"


def check_web() -> None:
    """Raise `UserError` where the optional part `web` is not installed."""
    missing = [n for n in ("fastapi", "python_multipart", "uvicorn") if find_spec(n) is None]
    if missing:
        raise UserError(
            Problem(
                file="installation",
                field=", ".join(missing),
                wrong="the web app needs libraries that are not installed",
                allowed="the optional part `web`",
                mend="pip install 'openchannel[web]'",
            )
        )


def check_case(case: str) -> str:
    """The case as the server keeps it: a built-in name, or the whole path of a folder.

    Raises
    ------
    UserError
        With every problem of a folder's files.
    """
    if case in builtin_cases():
        return case
    from openchannel.usecases.assessment import load

    return str(Path(load(case).folder).resolve())


def check_port(port: int) -> None:
    """Raise `UserError` where another program listens on the port."""
    try:
        with socket.create_server((LOOPBACK, port)):
            return
    except OSError as error:
        raise UserError(
            Problem(
                file="command line",
                field="--port",
                wrong=f"{port} cannot be listened on ({error.strerror})",
                allowed="a port that no other program uses",
                mend="name another, such as --port 8766",
            )
        ) from error
