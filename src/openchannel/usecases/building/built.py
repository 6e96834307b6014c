"""What a finished design or hedge shows: its page, and the front on several aims at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.report import Brief
    from openchannel.report.model import Figure

__all__ = ["built_page", "linked_front"]


def built_page(kind: str, case: Case, data: Mapping[str, Any]) -> Brief:
    """The page of `design.json` or of `hedge.json`, in the words of the case as it is now.

    Raises
    ------
    KeyError, ValueError, StopIteration
        Where the file is of another release, or names what the case no longer has.
    """
    if kind == "design":
        from openchannel.report.building.page import design_page

        return design_page(case, data)
    from openchannel.report.hedging.page import hedge_page

    return hedge_page(case, data)


def linked_front(case: Case, data: Mapping[str, Any]) -> Figure:
    """The portfolios of a design and the policies of its case, in plots that can be linked."""
    from openchannel.report.building.linked import linked_figure
    from openchannel.report.building.view import View

    return linked_figure(View(case, data))
