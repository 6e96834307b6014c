"""The ledger switched: what the decision looks like without the benefits, or without the risks."""

from __future__ import annotations

from openchannel.domain import Case, Override, World

__all__ = ["LEDGER_SETTINGS", "ledger_worlds"]

#: Settings of the ledger by id, with the kinds of claim that each switches off.
LEDGER_SETTINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "both_on": ("Benefits and risks as believed", ()),
    "benefits_off": ("All benefits off", ("benefit",)),
    "risks_off": ("All risks off", ("risk",)),
    "both_off": ("Both off", ("benefit", "risk")),
}


def _switches(case: Case, kinds: tuple[str, ...]) -> tuple[Override, ...]:
    return tuple(o for p in case.propositions if p.kind in kinds for o in p.off)


def ledger_worlds(case: Case) -> tuple[World, ...]:
    """One world a setting: the defaults, with the switches of whole sides of the ledger."""
    return tuple(
        World(id=key, title=title, argument="", weight=0.0, overrides=_switches(case, kinds))
        for key, (title, kinds) in LEDGER_SETTINGS.items()
    )
