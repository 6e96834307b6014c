"""States by the names and numbers that lists use for them.

`countries.csv` holds the states with their Correlates of War and Gleditsch-Ward numbers and other
names, `persons.csv` people and offices that stand for a state. Both are meant to be read and
lengthened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from openchannel.evidence.imports.tables import data_rows

__all__ = ["States", "states"]

_BRACKETED = re.compile(r"\(([^()]+)\)\s*\Z")
_SPLIT = re.compile(r"[;|,]")


@cache
def states() -> States:
    """The states, read once."""
    return States()


class States:
    """Turns names and numbers into ISO codes of three letters."""

    def __init__(self) -> None:
        self._by_name: dict[str, str] = {}
        self._by_number: dict[str, str] = {}
        self.codes: set[str] = set()
        self.names: dict[str, str] = {}
        for row in data_rows("countries.csv"):
            code = row["iso3"]
            self.codes.add(code)
            self.names[code] = row["name"]
            for name in [row["name"], *row["also"].split(";")]:
                if name:
                    self._by_name[name.casefold()] = code
            for number in row["cow"].split(";"):
                if number:
                    self._by_number[number] = code
        self._people = {
            name.strip().casefold(): row["iso3"]
            for row in data_rows("persons.csv")
            for name in row["name"].split(";")
        }
        spelled = sorted((n for n in self._by_name if len(n) > 3), key=len, reverse=True)
        self._inside = re.compile(r"\b(" + "|".join(map(re.escape, spelled)) + r")\b")

    def state(self, name: str) -> str:
        """Code of a state by its name or code; empty where there is none."""
        folded = name.strip().casefold()
        if name.strip().upper() in self.codes and len(folded) == 3:
            return name.strip().upper()
        return self._by_name.get(folded, "")

    def read(self, cell: str, codes: str) -> tuple[str, ...]:
        """States that a cell names, each once, in order; an unknown number gives `COW:n`.

        `codes` is `iso3` (the cell is a code), `cow` (numbers), `name` (a state, a person, or
        words that end in a state in brackets), `inside` (names of states within words) or `any`
        (codes, names or numbers, several of them between semicolons, bars or commas).
        """
        if not cell:
            return ()
        if codes == "iso3":
            return (cell,)
        if codes == "name":
            return self._named(cell)
        if codes == "inside":
            return _once(self._by_name[m] for m in self._inside.findall(cell.casefold()))
        whole = self.state(cell)
        if whole:
            return (whole,)
        parts = [p.strip() for p in _SPLIT.split(cell)]
        if codes == "cow":
            return _once(self._number(p) for p in parts if p)
        return _once(self.state(p) or self._by_number.get(p, "") for p in parts)

    def _number(self, text: str) -> str:
        number = text.removesuffix(".0")
        if not number.isdigit():
            raise ValueError(f"'{text}' is no number of a state")
        return self._by_number.get(number) or f"COW:{number}"

    def _named(self, cell: str) -> tuple[str, ...]:
        folded = cell.strip().casefold()
        found = self._by_name.get(folded) or self._people.get(folded)
        if not found and (match := _BRACKETED.search(cell)):
            found = self.state(match[1])
        return (found,) if found else ()


def _once(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for c in codes if c))
