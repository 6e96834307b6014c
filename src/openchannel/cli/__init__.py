"""The command line: arguments, words on a screen, exit codes; every answer comes from a use case.

Importing this package loads nothing heavy, so that help comes at once.
"""

from __future__ import annotations

import os

__all__ = ["main"]

#: What NumPy's linear algebra reads, once, when it is loaded.
_THREADS_OF_ALGEBRA = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")


def main() -> None:
    """Run the program on the arguments of the process, and exit with its code."""
    _hold_algebra_to_one_thread()
    from openchannel.cli.app import app

    app()


def _hold_algebra_to_one_thread() -> None:
    """Unless the environment says another number.

    Our matrices are small and our futures keep every core busy already: a second thread of the
    algebra took two thirds as much processor time again, and no time off the clock.
    """
    if not any(os.environ.get(name) for name in _THREADS_OF_ALGEBRA):
        os.environ[_THREADS_OF_ALGEBRA[0]] = "1"
