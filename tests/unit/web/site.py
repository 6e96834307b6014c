"""A server on a free port of this machine, for tests that need a real one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from openchannel.web.app import create_app


@contextmanager
def served(root: Path, store: Path, **more: Any) -> Iterator[str]:
    """The address of the app over a folder of runs, until the block ends."""
    config = uvicorn.Config(
        create_app(root, store=store, **more),
        host="127.0.0.1",
        port=0,
        log_level="error",
        lifespan="on",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)
