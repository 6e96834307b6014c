"""Field maps: which column of a list becomes which column of ours, in files a person can read.

The maps of the known formats lie in `maps/`; the same form serves for lists that openchannel does
not know (`mapping`). Reading cells by a map belongs to `meaning`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from openchannel.errors import Problem, UserError
from openchannel.evidence.imports.rows import Writing

__all__ = ["FIELDS", "FieldMap", "Layout", "Rule", "builtin_maps", "load_map", "read_map"]

FIELDS = (
    "date",
    "last",
    "precision",
    "actor1",
    "actor2",
    "actor1_name",
    "actor2_name",
    "kind",
    "severity",
    "count",
    "deaths",
    "place",
    "lat",
    "lon",
    "text",
    "url",
    "raw_code",
    "confidence",
    "scales",
)
"""What a map may fill, in the order of the documentation; `date` and `kind` it must."""

_FORMS = ("iso", "yyyymmdd", "d-mon-yy", "month-year", "y-m-d", "steps")
_CODES = ("iso3", "cow", "name", "any", "inside")
_RULE_KEYS = ("column", "columns", "value", "form", "codes", "table", "labels", "join", "optional",
              "floor", "words", "note")  # fmt: skip
_WRITING_KEYS = ("form", "separator", "head", "encoding")
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


@dataclass(frozen=True, slots=True)
class Rule:
    """How one of our columns is made: from columns of the list, or one value for all rows.

    `form` reads dates, `codes` actors, `table` and `labels` kinds; `words` puts words of ours for
    those of the list; `floor: deaths` raises a severity to what the codebook gives for so many
    dead. The columns of `scales` are each kept by name.
    """

    columns: tuple[str, ...] = ()
    value: str | None = None
    form: str = ""
    codes: str = ""
    table: str = ""
    labels: str = ""
    join: str = " / "
    is_optional: bool = False
    floor: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One arrangement of columns in which a list is handed out.

    `columns` are all columns in order where the file has no head. `key` are the columns that name
    a row; where `is_unique` is false, rows with the same key are told apart by their order.
    """

    name: str
    source: str
    fields: Mapping[str, Rule]
    key: tuple[str, ...]
    is_unique: bool
    columns: tuple[str, ...] = ()
    writing: Writing | None = None
    companion: str = ""

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns without which the file is not of this layout."""
        named = [c for r in self.fields.values() if not r.is_optional for c in r.columns]
        return tuple(dict.fromkeys([*self.key, *named]))


@dataclass(frozen=True, slots=True)
class FieldMap:
    """A format: how its rows are written and the layouts it comes in, most specific first."""

    format: str
    title: str
    basis: str
    writing: Writing
    layouts: tuple[Layout, ...]
    blank: frozenset[str] = frozenset({""})
    notes: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)


@cache
def builtin_maps() -> dict[str, FieldMap]:
    """The known formats by name."""
    folder = files(__package__) / "maps"
    found = [
        read_map(entry.read_text(encoding="utf-8"), entry.name)
        for entry in sorted(folder.iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".yaml")
    ]
    return {m.format: m for m in found}


def load_map(path: Path) -> FieldMap:
    """The field map in a file of the user.

    Raises
    ------
    UserError
        With every problem of the file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UserError(
            Problem(
                str(path),
                "mapping",
                f"it cannot be read ({said})",
                "a YAML file that says which column of the list becomes which column of ours",
                "see docs/how-to/import-a-list.md#a-list-that-openchannel-does-not-know",
            )
        ) from error
    return read_map(text, str(path))


def read_map(text: str, file: str) -> FieldMap:
    """A field map from its text; raises with every problem at once."""
    value = _yaml(text, file)
    reading = _Reading(file)
    found = reading.map(value)
    if reading.problems or found is None:
        raise UserError(reading.problems)
    return found


def _yaml(text: str, file: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise UserError(
            Problem(
                file,
                "mapping",
                f"it is not YAML ({getattr(error, 'problem', None) or type(error).__name__})",
                "names, a colon and a value on each line, indented by two spaces",
                "mend the line",
                line=mark.line + 1 if mark else 0,
            )
        ) from error


class _Reading:
    """Turns the values of one file into a map and gathers what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def wrong(self, place: str, wrong: str, allowed: str, mend: str) -> None:
        self.problems.append(Problem(self.file, place, wrong, allowed, mend))

    def map(self, value: Any) -> FieldMap | None:
        if not isinstance(value, Mapping):
            self.wrong("mapping", "the file names nothing", "format, layouts", "see the example")
            return None
        known = ("format", "title", "source", "basis", "writing", "blank", "notes", "options",
                 "layouts")  # fmt: skip
        self._names(value, known, "mapping")
        name = self._text(value, "format", "mapping")
        layouts = value.get("layouts")
        if not isinstance(layouts, Sequence) or isinstance(layouts, str) or not layouts:
            self.wrong("layouts", "there is none", "a list of layouts", "add one with `fields`")
            layouts = []
        writing = self.writing(value.get("writing"), "writing")
        source = str(value.get("source") or name)
        read = [self.layout(v, f"layouts.{i + 1}", source, writing) for i, v in enumerate(layouts)]
        return FieldMap(
            name,
            str(value.get("title") or name),
            str(value.get("basis") or "a mapping file"),
            writing,
            tuple(r for r in read if r is not None),
            frozenset({"", *(str(b) for b in value.get("blank") or ())}),
            tuple(str(n) for n in value.get("notes") or ()),
            {str(k): str(v) for k, v in (value.get("options") or {}).items()},
        )

    def writing(self, value: Any, place: str) -> Writing:
        if value is None:
            return Writing()
        if not isinstance(value, Mapping):
            self.wrong(place, f"'{value}' is no writing", ", ".join(_WRITING_KEYS), "name the keys")
            return Writing()
        self._names(value, _WRITING_KEYS, place)
        form = str(value.get("form", "quoted"))
        self._choice(form, ("lines", "quoted", "json"), f"{place}.form")
        separator = str(value.get("separator", "comma"))
        self._choice(separator, tuple(_SEPARATORS), f"{place}.separator")
        encoding = str(value.get("encoding", "utf-8"))
        self._choice(encoding, ("utf-8", "latin-1", "cp1252", "cp949", "utf-8-sig"),
                     f"{place}.encoding")  # fmt: skip
        return Writing(
            form, _SEPARATORS.get(separator, ","), bool(value.get("head", True)), encoding
        )

    def layout(self, value: Any, place: str, source: str, writing: Writing) -> Layout | None:
        if not isinstance(value, Mapping):
            self.wrong(place, "it is no layout", "name, key, fields", "indent its lines")
            return None
        known = ("name", "source", "key", "unique", "columns", "fields", "writing", "companion")
        self._names(value, known, place)
        own = self.writing(value["writing"], f"{place}.writing") if "writing" in value else None
        fields = value.get("fields")
        rules: dict[str, Rule] = {}
        if isinstance(fields, Mapping):
            self._names(fields, FIELDS, f"{place}.fields")
            rules = {str(k): self.rule(v, str(k), f"{place}.fields.{k}") for k, v in fields.items()}
        for needed in ("date", "kind"):
            if needed not in rules:
                self.wrong(f"{place}.fields", f"'{needed}' is missing", ", ".join(FIELDS),
                           f"say which column gives the {needed}")  # fmt: skip
        columns = self._list(value.get("columns"), f"{place}.columns")
        if not (own or writing).has_head and not columns:
            self.wrong(f"{place}.columns", "the file has no head and no columns are named",
                       "every column in order", "list them")  # fmt: skip
        return Layout(
            str(value.get("name") or source),
            str(value.get("source") or source),
            rules,
            self._list(value.get("key"), f"{place}.key"),
            bool(value.get("unique", False)),
            columns,
            own,
            str(value.get("companion") or ""),
        )

    def rule(self, value: Any, name: str, place: str) -> Rule:
        if isinstance(value, str):
            return Rule((value,))
        if not isinstance(value, Mapping):
            self.wrong(place, f"'{value}' is no rule", ", ".join(_RULE_KEYS), "write column: NAME")
            return Rule()
        self._names(value, _RULE_KEYS, place)
        columns = self._list(value.get("columns", value.get("column")), place)
        if not columns and value.get("value") is None:
            self.wrong(place, "it names no column", "column, columns or value", "name one")
        rule = Rule(
            columns,
            None if value.get("value") is None else str(value["value"]),
            str(value.get("form") or ("iso" if name in ("date", "last") else "")),
            str(value.get("codes") or ("any" if name in ("actor1", "actor2") else "")),
            str(value.get("table") or ""),
            str(value.get("labels") or ""),
            str(value.get("join", " / ")),
            bool(value.get("optional", False)),
            str(value.get("floor") or ""),
            {str(k): str(v) for k, v in (value.get("words") or {}).items()},
            str(value.get("note") or ""),
        )
        self._check(rule, place)
        return rule

    def _check(self, rule: Rule, place: str) -> None:
        if rule.form:
            self._choice(rule.form, _FORMS, f"{place}.form")
            wanted = {"month-year": 2, "y-m-d": 3}.get(rule.form, 1)
            if rule.columns and len(rule.columns) != wanted:
                self.wrong(place, f"form {rule.form} with {len(rule.columns)} columns",
                           f"{wanted}", "name them in the order of the form")  # fmt: skip
        if rule.codes:
            self._choice(rule.codes, _CODES, f"{place}.codes")
        if rule.table:
            self._choice(rule.table, ("cameo", "cameo-names", "plover"), f"{place}.table")
        if rule.floor:
            self._choice(rule.floor, ("deaths",), f"{place}.floor")

    def _choice(self, given: str, allowed: Sequence[str], place: str) -> None:
        if given not in allowed:
            self.wrong(
                place, f"'{given}' is not known", ", ".join(allowed), _nearest(given, allowed)
            )

    def _names(self, value: Mapping[Any, Any], known: Iterable[str], place: str) -> None:
        names = tuple(known)
        for name in value:
            if str(name) not in names:
                self.wrong(f"{place}.{name}", "the name is not known", ", ".join(names),
                           _nearest(str(name), names))  # fmt: skip

    def _text(self, value: Mapping[Any, Any], name: str, place: str) -> str:
        found = value.get(name)
        if not isinstance(found, str) or not found.strip():
            self.wrong(f"{place}.{name}", "it is missing", "a short name", f"add `{name}: ...`")
            return "unnamed"
        return found.strip()

    def _list(self, value: Any, place: str) -> tuple[str, ...]:
        if value is None:
            return ()
        if isinstance(value, (str, int)):
            return (str(value),)
        if isinstance(value, Sequence):
            return tuple(str(v) for v in value)
        self.wrong(place, f"'{value}' is no list of columns", "[A, B]", "write the names")
        return ()


def _nearest(given: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(given, known, n=1, cutoff=0.0)
    return f"write {near[0]}" if near else "leave it out"
