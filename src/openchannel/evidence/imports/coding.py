"""Kinds and severities: codes of CAMEO and PLOVER and labels of lists, by tables one can edit.

`codes.csv` gives each code its kind and, where the codebook allows it, a severity; a code that is
not in the table takes that of the longest code that begins it. `labels.csv` gives labels by
patterns, the first that fits. `kinds.csv` says what the kinds mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from openchannel.errors import Problem, UserError
from openchannel.evidence.imports.tables import data_rows, own_rows

__all__ = ["Coded", "Coding", "builtin_coding", "kinds", "load_coding"]

_CODE_COLUMNS = ("scheme", "code", "name", "also", "kind", "severity", "why")
_LABELS_KEPT = 10_000
_WILD = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Coded:
    """What a code or label means to us; `severity` is nothing where the codebook cannot say."""

    kind: str
    severity: int | None


@cache
def kinds() -> dict[str, str]:
    """Kind to group: provocation, use of force, words, contact, and so on."""
    return {r["kind"]: r["group"] for r in data_rows("kinds.csv")}


class Coding:
    """Looks up codes and labels."""

    def __init__(
        self, codes: Iterable[Mapping[str, str]], labels: Iterable[Mapping[str, str]]
    ) -> None:
        self._codes: dict[str, dict[str, Coded]] = {}
        self._names: dict[str, Coded] = {}
        for row in codes:
            coded = Coded(row["kind"], int(row["severity"]) if row["severity"] else None)
            self._codes.setdefault(row["scheme"], {})[row["code"].casefold()] = coded
            if row["scheme"] == "cameo":
                for name in [row["name"], *row["also"].split(";")]:
                    if name:
                        self._names[_plain(name)] = coded
        self._labels: dict[str, list[tuple[re.Pattern[str], Coded]]] = {}
        for row in labels:
            severity = int(row["severity"]) if row["severity"] else None
            entry = (re.compile(row["pattern"], re.IGNORECASE), Coded(row["kind"], severity))
            self._labels.setdefault(row["scheme"], []).append(entry)
        self._known: dict[tuple[str, str], Coded] = {}  # labels of a list are few; see `label`

    def code(self, scheme: str, code: str) -> Coded:
        """Meaning of a code; of the longest known beginning where the code itself is unknown.

        Raises
        ------
        ValueError
            If no beginning of it is a code of the scheme.
        """
        table = self._codes.get(scheme, {})
        folded = code.strip().casefold()
        if (found := table.get(folded)) is not None:
            return found
        shorter = folded.partition("/")[0] if scheme == "plover" else folded
        while shorter:
            if (found := table.get(shorter)) is not None:
                return found
            shorter = "" if scheme == "plover" else shorter[:-1]
        raise ValueError(f"'{code}' is no code of {scheme.upper()}")

    def name(self, name: str) -> Coded:
        """Meaning of a CAMEO event given by its name; ValueError where the name is unknown."""
        found = self._names.get(_plain(name))
        if found is None:
            raise ValueError(f"'{name}' is no event name of codes.csv")
        return found

    def label(self, scheme: str, label: str) -> Coded:
        """Meaning of a label by the first pattern that fits; ValueError where none does."""
        key = (scheme, label)
        if key not in self._known:
            if len(self._known) >= _LABELS_KEPT:
                self._known.clear()
            self._known[key] = self._look_up(scheme, label)
        return self._known[key]

    def _look_up(self, scheme: str, label: str) -> Coded:
        for pattern, coded in self._labels.get(scheme, ()):
            if pattern.search(label):
                return coded
        raise ValueError(f"'{label}' fits no pattern of {scheme} in labels.csv")


def _plain(name: str) -> str:
    folded = _WILD.sub(" ", name.casefold()).strip()
    for ending in (", not specified below", ", not specified"):
        folded = folded.removesuffix(ending)
    return folded


@cache
def builtin_coding() -> Coding:
    """The tables of the package, read once."""
    return Coding(data_rows("codes.csv"), data_rows("labels.csv"))


def load_coding(path: Path) -> Coding:
    """The user's own `codes.csv` in place of the built-in one, with the built-in labels.

    Raises
    ------
    UserError
        With every row that cannot be used.
    """
    rows = own_rows(path, _CODE_COLUMNS, partial(_wrong, path))
    seen: set[tuple[str, str]] = set()
    problems = []
    for line, row in rows:
        if row["kind"] not in kinds():
            problems.append(_wrong(path, line, f"'{row['kind']}' is no kind"))
        if row["severity"] not in ("", "1", "2", "3", "4", "5"):
            problems.append(_wrong(path, line, f"'{row['severity']}' is no severity"))
        key = (row["scheme"], row["code"].casefold())
        if key in seen:
            problems.append(_wrong(path, line, f"{row['scheme']} {row['code']} stands twice"))
        seen.add(key)
    if problems:
        raise UserError(problems)
    return Coding((row for _, row in rows), data_rows("labels.csv"))


def _wrong(path: Path, line: int, wrong: str) -> Problem:
    return Problem(
        str(path),
        "codes",
        wrong,
        f"columns {', '.join(_CODE_COLUMNS)}; kinds {', '.join(kinds())}; "
        "severities 1 to 5 or none",
        "copy codes.csv of the package (`openchannel evidence formats --codes`) and change it",
        line=line,
    )
