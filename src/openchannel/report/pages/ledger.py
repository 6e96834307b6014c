"""The page of the ledger: what each benefit and each risk adds to the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openchannel.domain import Case
from openchannel.report.model import Brief, Section
from openchannel.report.pages.layout import page_of
from openchannel.report.sections.claims import claims_blocks

__all__ = ["ledger_page"]


def ledger_page(case: Case, table: Mapping[str, Any]) -> Brief:
    """The waterfalls of `ledger.json` with their numbers."""
    return page_of(
        "What each claim adds",
        case,
        (f"seed {table['seed']}, {table['futures']:,} futures for each set of claims",),
        (Section("section-claims", "", "Benefits and risks, one by one",
                 tuple(claims_blocks(case, table))),),
    )  # fmt: skip
