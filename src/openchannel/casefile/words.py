"""Small sentences about names: the nearest known ones, and lists as people say them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["listed", "nearest", "one_of"]

MOST_SHOWN = 12


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The known names, the most similar first; equal ones in the order of the alphabet.

    Examples
    --------
    >>> nearest("gama_D", ["beta_X", "gamma_L", "gamma_D"])
    ['gamma_D', 'gamma_L', 'beta_X']
    """
    matcher = difflib.SequenceMatcher()
    matcher.set_seq2(name.lower())
    scored = []
    for candidate in dict.fromkeys(known):
        matcher.set_seq1(candidate.lower())
        scored.append((-matcher.ratio(), candidate))
    return [candidate for _, candidate in sorted(scored)]


def listed(names: Iterable[str], most: int = MOST_SHOWN) -> str:
    """Names with commas; past `most`, how many more there are."""
    all_names = list(names)
    shown = ", ".join(all_names[:most])
    left = len(all_names) - most
    return f"{shown} and {left} more" if left > 0 else shown


def one_of(name: str, known: Iterable[str]) -> str:
    """What is allowed where a name is not known: the known names, nearest first."""
    names = nearest(name, known)
    return f"one of {listed(names)}" if names else "no name at all: there is none to refer to"
