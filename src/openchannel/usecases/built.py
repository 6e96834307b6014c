"""What a finished design or hedge shows: its page as sections, kept so that it opens at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.ensemble.store import write_json

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.report import Brief
    from openchannel.report.model import Figure

__all__ = ["KEPT_HEDGE", "design_sections", "keep_page", "kept_sections"]

#: The page of a hedge as values: `hedge.json` holds its numbers, not its words.
KEPT_HEDGE = "hedge-page.json"


def design_sections(case: Case, data: Mapping[str, Any]) -> tuple[Brief, Figure]:
    """The page of a design, and the front on several aims at once."""
    from openchannel.report.building.linked import linked_figure
    from openchannel.report.building.page import design_page
    from openchannel.report.building.view import View

    return design_page(case, data), linked_figure(View(case, data))


def keep_page(page: Brief, folder: Path) -> None:
    """Keep the page of a hedge in its folder."""
    from openchannel.report import as_data

    write_json(folder / KEPT_HEDGE, as_data(page))


def kept_sections(folder: Path) -> list[dict[str, Any]]:
    """The sections of a hedge that was kept; none where a command made the folder."""
    try:
        found = json.loads((folder / KEPT_HEDGE).read_text("utf-8"))
        return list(found["sections"])
    except (OSError, ValueError, KeyError, TypeError):
        return []
