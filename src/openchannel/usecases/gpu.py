"""Whether futures can be played on a GPU, and what is said where they cannot."""

from __future__ import annotations

__all__ = ["COMPILING_FOR_GPU", "card_for", "why_no_gpu"]

COMPILING_FOR_GPU = "compiling the simulator for the GPU, about half a minute each time"


def why_no_gpu() -> str:
    """Why no GPU can be used here, and what to do about it; empty where one can."""
    from openchannel.kernel.gpu.launch import why_no_gpu as why

    return why()


def card_for(wanted: bool) -> str:
    """Name of the card to use; empty where none is wanted or none can be used."""
    if not wanted or why_no_gpu():
        return ""
    from openchannel.kernel.gpu.launch import card

    return card()
