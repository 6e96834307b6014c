"""The server: uvicorn on the loopback address, and on no other."""

from __future__ import annotations

from pathlib import Path

from openchannel.usecases.serve_needs import LOOPBACK

__all__ = ["run_server"]


def run_server(root: Path, port: int, case: str = "korea", store: Path | None = None) -> None:
    """Serve the runs in a folder, and a case with its record, until Ctrl-C."""
    import uvicorn

    from openchannel.web.app import create_app

    uvicorn.run(
        create_app(root, case, store, warm=True),
        host=LOOPBACK,
        port=port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
