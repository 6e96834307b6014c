"""The command line: arguments, words on a screen, exit codes; every answer comes from a use case.

Importing this package loads nothing heavy, so that help comes at once.
"""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the program on the arguments of the process, and exit with its code."""
    from openchannel.cli.app import app

    app()
