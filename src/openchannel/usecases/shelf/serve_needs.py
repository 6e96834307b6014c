"""What `serve` needs of the installation and the machine, said before it starts."""

from __future__ import annotations

import errno
import ipaddress
import re
import secrets
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from openchannel.casefile import builtin_cases
from openchannel.errors import Problem, UserError

__all__ = ["LOOPBACK_NAMES", "Place", "check_case", "place_of"]

#: Names of this machine's own address, which `serve` listens on unless another is named.
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")
_ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104  # what is refused without a name
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server listens.

    names : by which browsers may ask for it; another is refused
    token : what they must show; empty where only this machine reaches it
    shown : the name for its address
    """

    host: str
    port: int
    names: frozenset[str]
    token: str
    shown: str

    @property
    def address(self) -> str:
        """What to open in a browser the first time."""
        name = f"[{self.shown}]" if ":" in self.shown else self.shown
        return f"http://{name}:{self.port}/" + (f"?token={self.token}" if self.token else "")


def check_case(case: str) -> str:
    """The case as the server keeps it: a built-in name, or the whole path of a folder.

    Raises
    ------
    UserError
        With every problem of a folder's files.
    """
    if case in builtin_cases():
        return case
    from openchannel.usecases.cases import load

    return str(Path(load(case).folder).resolve())


def place_of(host: str, port: int, names: Sequence[str] = ()) -> Place:
    """Where the server listens, by what names it may be asked for, and what it asks for.

    An address or a name that others can reach gets a token, made anew at every start.

    Raises
    ------
    UserError
        An address that says nothing of names and no name given; a port that is taken.
    """
    asked = [("--name", n) for n in names] + [("--host", host)]
    given = [_canonical(n) for _, n in asked]
    wrong = [_no_name(field, n) for (field, n), name in zip(asked, given, strict=True) if not name]
    if wrong:
        raise UserError(wrong)
    host, known = given[-1], {*given} - _ANY
    if not known:
        raise UserError(
            Problem(
                file="command line",
                field="--name",
                wrong=f"{host} is every address of this machine, and none that a browser opens",
                allowed="the names or addresses by which browsers reach this machine",
                mend="name one, such as --name office-server.example.org; others are refused",
            )
        )
    _check_port(host, port)
    if all(_is_own(name) for name in given):
        return Place(host, port, frozenset({*LOOPBACK_NAMES, *known}), "", host)
    # A foreign name on this machine's own address is that of something that others reach it by.
    return Place(host, port, frozenset(known), secrets.token_urlsafe(32), given[0])


def _canonical(name: str) -> str:
    """A name or an address as browsers send it; empty where it is neither."""
    name = name.strip().lower()
    with suppress(ValueError):
        return str(ipaddress.ip_address(name.removeprefix("[").removesuffix("]")))
    try:
        name = name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return name if _NAME.fullmatch(name) else ""


def _no_name(field: str, given: str) -> Problem:
    return Problem(
        file="command line",
        field=field,
        wrong=f"{given!r} is neither a name nor an address",
        allowed="a name such as office-server.example.org, or an address such as 192.168.1.20",
        mend="leave out http://, the port and the path; the port is --port",
    )


def _is_own(host: str) -> bool:
    """Whether an address or a name leads to this machine from itself alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name: whoever it leads to may be anybody


def _check_port(host: str, port: int) -> None:
    """Raise `UserError` where nothing can listen there."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        with socket.create_server(found[0][4][:2], family=found[0][0]):
            return
    except OSError as error:
        is_taken = error.errno == errno.EADDRINUSE
        raise UserError(
            Problem(
                file="command line",
                field="--port" if is_taken else "--host",
                wrong=f"{host} port {port} cannot be listened on ({error.strerror})",
                allowed="an address of this machine, and a port that no other program uses",
                mend="name another, such as --port 8766" if is_taken else "leave --host out",
            )
        ) from error
