"""What a mistake is, and the files of the case `tiny` that mistakes are made in."""

from __future__ import annotations

from dataclasses import dataclass, field

CASE = "case.yaml"
RHO = "parameters/ties/rho.yaml"
R0 = "parameters/ties/R0.yaml"
FB = "parameters/crisis/fb.yaml"
GAMMA = "parameters/tension/gamma.yaml"
PRICE = "parameters/cost/price.yaml"
V1, V2 = "worlds/V1.yaml", "worlds/V2.yaml"
N0, N2 = "policies/N0.yaml", "policies/N2.yaml"
FAIR = "overlays/fair.yaml"
LEDGER = "propositions.yaml"
BIB = "sources.bib"


@dataclass(frozen=True)
class Fault:
    """One mistake; `where` is `file:line:column`, `words` all stand in the message."""

    name: str
    where: str
    words: tuple[str, ...]
    edits: tuple[tuple[str, str, str], ...] = ()
    adds: dict[str, bytes | None] = field(default_factory=dict)


def edit(name: str, where: str, file: str, old: str, new: str, *words: str) -> Fault:
    """One piece of text of a file replaced."""
    return Fault(name, where, words, edits=((file, old, new),))


def add(name: str, where: str, file: str, content: bytes | None, *words: str) -> Fault:
    """A whole file added, or deleted where there is no content."""
    return Fault(name, where, words, adds={file: content})
