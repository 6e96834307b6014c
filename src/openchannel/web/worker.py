"""One run in a process of its own, so that its faults and its memory are nobody else's.

`python -m openchannel.web.worker SHELF RUN`. It stops when its standard input closes, which is
what a dead parent leaves behind; what it had finished is kept.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from openchannel.errors import Interrupted, Problem, UserError
from openchannel.usecases.shelf.shelf import Shelf, fulfil

__all__ = ["main"]

_PATIENT = 10
"""How far a run stands back behind the answers that somebody waits for."""


def main(root: str, run_id: str) -> int:
    """Make one run; 0 done, 2 the order is faulty, 3 our fault, 130 stopped."""
    os.nice(_PATIENT)
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    shelf = Shelf(Path(root))
    try:
        fulfil(shelf, run_id)
    except (KeyboardInterrupt, Interrupted):
        return 130
    except UserError:
        return 2
    except Exception as error:  # noqa: BLE001 - the last net: the page must say what happened
        shelf.fail(run_id, [_crash(error)])
        return 3
    return 0


def _stop_with_parent() -> None:
    # Read without Python's buffer, whose lock would trouble the end of the process.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _crash(error: Exception) -> Problem:
    return Problem(
        file="worker",
        field="",
        wrong=f"openchannel failed, and it is not your fault: {type(error).__name__}: {error}",
        allowed="",
        mend="run it on the command line with OPENCHANNEL_DEBUG=1, and report it",
    )


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked to stop, as by Ctrl-C
    sys.exit(main(*sys.argv[1:3]))
