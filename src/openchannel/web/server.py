"""The server: uvicorn on one address, which is this machine's own unless another was named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openchannel.usecases.shelf.serve_needs import Place

__all__ = ["run_server"]


def run_server(root: Path, place: Place, case: str = "korea", store: Path | None = None) -> None:
    """Serve the runs in a folder, and a case with its record, until Ctrl-C."""
    import uvicorn

    from openchannel.web.app import create_app

    uvicorn.run(
        create_app(root, case, store, warm=True, names=place.names, key=place.token),
        host=place.host,
        port=place.port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
