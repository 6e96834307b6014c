"""What the cells of a row mean: one layout of a field map made into a function of a row.

Owns reading cells and the choice of rows by actors and dates. Which column is which is written in
the maps; where rows are kept belongs to `keeping`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from openchannel.evidence.dates import PRECISIONS, PartialDate, coarser, read_date
from openchannel.evidence.imports.coding import Coded, Coding, kinds
from openchannel.evidence.imports.fieldmap import Layout, Rule
from openchannel.evidence.imports.states import States, states

__all__ = ["Choice", "Event", "RowReader", "read_day"]

_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"  # whatever the user's language
_MONTHS = {name: i for i, name in enumerate(_MONTH_NAMES.split(), start=1)}
_D_MON_YY = re.compile(r"(?:(\d{1,2})-)?([A-Za-z]{3})[a-z]*-(\d{2}|\d{4})\Z", re.ASCII)
_D_MONTH_Y = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})\Z", re.ASCII)
_LAST_CENTURY = 50
_MOST = 2**31 - 1
_LONGEST_TEXT = 2_000

Cells = Sequence[str]


class Event(NamedTuple):
    """A row of a list in our columns; `key` and `content` tell rows and changes apart."""

    key: str
    content: str
    file_line: int
    date: dt.date
    last: dt.date
    precision: str
    actor1: str
    actor2: str
    actor1_name: str
    actor2_name: str
    kind: str
    severity: int | None
    counted: int | None
    deaths: int | None
    place: str
    lat: float | None
    lon: float | None
    text: str
    url: str
    raw_code: str
    confidence: str
    scales: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows are wanted: events between two different members of `actors`, within the days.

    Empty `actors` takes every pair. Where a list names no target the doer alone must be a member.
    A row is within the days if any of its days is.
    """

    actors: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    def takes(self, doers: Sequence[str], targets: Sequence[str] | None) -> bool:
        """Whether an event of these doers and targets is wanted; no targets: one-sided list."""
        if not self.actors:
            return True
        wanted = [d for d in doers if d in self.actors]
        if targets is None:
            return bool(wanted)
        others = [t for t in targets if t in self.actors]
        return any(d != t for d in wanted for t in others)

    def words(self) -> str:
        """The choice as it is written beside an import."""
        parts = [",".join(self.actors) or "all actors"]
        parts += [f"since {self.since}"] if self.since else []
        parts += [f"until {self.until}"] if self.until else []
        parts += [f"{name}={value}" for name, value in self.options.items()]
        return "; ".join(parts)

    def within(self, first: dt.date, last: dt.date) -> bool:
        """Whether any of the days is wanted."""
        return (self.since is None or last >= self.since) and (
            self.until is None or first <= self.until
        )


class RowReader:
    """Reads rows of one layout.

    Parameters
    ----------
    columns
        Names of the cells of a row, in order.
    """

    def __init__(
        self,
        layout: Layout,
        columns: Sequence[str],
        coding: Coding,
        choice: Choice,
        blank: frozenset[str],
    ) -> None:
        self._layout = layout
        self._where = {name: i for i, name in enumerate(columns)}
        self._coding = coding
        self._choice = choice
        self._blank = blank
        self._states: States = states()
        rules = layout.fields
        self._cells = {name: self._taker(rule) for name, rule in rules.items()}
        self._rules = rules
        self._key = [self._where[c] for c in layout.key] or list(range(len(columns)))
        self.unplaced: dict[str, int] = {}

    def read(self, cells: Cells, line: int) -> Event | None:
        """The event in a row, or nothing where it is not wanted.

        Raises
        ------
        ValueError
            With the reason in words, where a cell cannot mean what its column says.
        """
        doers = self._actors("actor1", cells)
        targets = self._actors("actor2", cells) if "actor2" in self._rules else None
        if not self._choice.takes(doers, targets):
            self._remember_unplaced(cells, doers, targets)
            return None
        first, last, precision = self._days(cells)
        if not self._choice.within(first, last):
            return None
        coded = self._coded(cells)
        deaths = self._whole("deaths", cells)
        values: tuple[Any, ...] = (
            first,
            last,
            precision,
            ";".join(doers),
            ";".join(targets or ()),
            self._text("actor1_name", cells),
            self._text("actor2_name", cells),
            coded.kind,
            self._severity(cells, coded, deaths),
            self._whole("count", cells),
            deaths,
            self._text("place", cells),
            self._degrees("lat", cells, 90),
            self._degrees("lon", cells, 180),
            self._text("text", cells),
            self._text("url", cells),
            self._text("raw_code", cells),
            self._text("confidence", cells),
            self._scales(cells),
        )
        # Rows without scales keep the content by which stores know them from before there were any.
        content = _digest(map(str, values if values[-1] else values[:-1]))
        return Event(self._row_key(cells), content, line, *values)

    # --- cells -------------------------------------------------------------------------------

    def _taker(self, rule: Rule) -> Callable[[Cells], str]:
        if rule.value is not None:
            value = rule.value
            return lambda _cells: value
        present = [self._where[c] for c in rule.columns if c in self._where]
        if len(present) == 1:
            (only,) = present
            return lambda cells: self._known(cells[only])
        join = rule.join
        return lambda cells: join.join(c for i in present if (c := self._known(cells[i])))

    def _known(self, cell: str) -> str:
        stripped = cell.strip()
        return "" if stripped in self._blank else stripped

    def _text(self, name: str, cells: Cells) -> str:
        take = self._cells.get(name)
        return "" if take is None else take(cells)[:_LONGEST_TEXT]

    def _actors(self, name: str, cells: Cells) -> tuple[str, ...]:
        take = self._cells.get(name)
        return () if take is None else self._states.read(take(cells), self._rules[name].codes)

    def _remember_unplaced(
        self, cells: Cells, doers: Sequence[str], targets: Sequence[str] | None
    ) -> None:
        """Names that no table places, where the other side is one of ours: they may be missed."""
        members = self._choice.actors
        pairs = (("actor1", doers, targets), ("actor2", targets, doers))
        for name, found, other in pairs:
            if found == () and any(o in members for o in other or ()):
                self._count_unplaced(self._cells[name](cells))

    def _count_unplaced(self, name: str) -> None:
        if name and (name in self.unplaced or len(self.unplaced) < 10_000):
            self.unplaced[name] = self.unplaced.get(name, 0) + 1

    def _row_key(self, cells: Cells) -> str:
        parts = [cells[i].strip() for i in self._key]
        if self._layout.is_unique:
            if not all(parts):
                raise ValueError(f"{', '.join(self._layout.key)}: the row has no key")
            return "/".join(parts)
        return _digest(parts)

    # --- meanings ----------------------------------------------------------------------------

    def _days(self, cells: Cells) -> tuple[dt.date, dt.date, str]:
        date = self._date("date", cells)
        if date is None:
            raise ValueError("the date is empty")
        end = self._date("last", cells) if "last" in self._rules else None
        last = date.last if end is None else end.last
        if last < date.first:
            raise ValueError(f"it ends on {last}, before it begins on {date.first}")
        declared = self._text("precision", cells)
        declared = self._rules["precision"].words.get(declared, "") if declared else ""
        precision = coarser(date.precision, declared)
        if precision != date.precision:
            wider = read_date(date.first.isoformat()[: 7 if precision == "month" else 4])
            return wider.first, max(wider.last, last), precision
        return date.first, last, precision

    def _date(self, name: str, cells: Cells) -> PartialDate | None:
        rule = self._rules[name]
        if rule.form in ("y-m-d", "month-year"):
            parts = [self._known(cells[self._where[c]]) for c in rule.columns]
            if not all(parts[:1] if rule.form == "y-m-d" else parts):
                return None
            return _from_parts(parts) if rule.form == "y-m-d" else _month_year(*parts)
        text = self._cells[name](cells)
        return read_day(text, rule.form, self._choice.options) if text else None

    def _coded(self, cells: Cells) -> Coded:
        rule = self._rules["kind"]
        cell = self._cells["kind"](cells)
        if rule.table == "cameo-names":
            return self._coding.name(cell)
        if rule.table:
            return self._coding.code(rule.table, cell)
        if rule.labels:
            return self._coding.label(rule.labels, cell)
        kind = rule.words.get(cell, cell)
        if kind not in kinds():
            raise ValueError(f"'{cell}' is no kind; put it under `words` of the rule")
        return Coded(kind, None)

    def _severity(self, cells: Cells, coded: Coded, deaths: int | None) -> int | None:
        rule = self._rules.get("severity")
        if rule is None:
            return coded.severity
        if rule.floor == "deaths":
            return _by_deaths(coded, deaths)
        cell = self._cells["severity"](cells)
        cell = rule.words.get(cell, cell)
        if not cell:
            return coded.severity
        if cell not in ("1", "2", "3", "4", "5"):
            raise ValueError(f"severity '{cell}' is not a whole number from 1 to 5")
        return int(cell)

    def _whole(self, name: str, cells: Cells) -> int | None:
        take = self._cells.get(name)
        text = take(cells) if take is not None else ""
        if not text:
            return None
        number = text.removesuffix(".0")
        if not (number.isascii() and number.isdigit() and len(number) < 11):
            raise ValueError(f"{name} '{text[:40]}' is not a whole number of 0 or more")
        if int(number) > _MOST:
            raise ValueError(f"{name} '{text[:40]}' is above {_MOST}")
        return int(number)

    def _scales(self, cells: Cells) -> str:
        """The list's own scales by name: `viol=2 gravcr=4`; what is empty is left out."""
        rule = self._rules.get("scales")
        if rule is None:
            return ""
        found = []
        for column in rule.columns:
            level = self._known(cells[self._where[column]]) if column in self._where else ""
            level = level.removesuffix(".0")
            if level and not (level.isascii() and level.isdigit() and len(level) < 6):
                raise ValueError(f"{column} '{level[:40]}' is not a whole number of 0 or more")
            if level:
                found.append(f"{column}={level}")
        return " ".join(found)

    def _degrees(self, name: str, cells: Cells, most: int) -> float | None:
        take = self._cells.get(name)
        text = take(cells) if take is not None else ""
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise ValueError(f"{name} '{text[:40]}' is not a number") from None
        if not -most <= value <= most:
            raise ValueError(f"{name} '{text[:40]}' is not within {-most} and {most}")
        return value


def read_day(text: str, form: str, options: Mapping[str, str] | None = None) -> PartialDate:
    """The days that a cell stands for, in the way its list writes dates.

    Raises
    ------
    ValueError
        With the reason in words.

    Examples
    --------
    >>> read_day("20180612", "yyyymmdd").first
    datetime.date(2018, 6, 12)
    >>> read_day("Sep-84", "d-mon-yy").precision
    'month'
    """
    if form == "yyyymmdd":
        if not (len(text) == 8 and text.isascii() and text.isdigit()):
            raise ValueError(f"'{text[:40]}' is not a date of eight digits")
        return read_date(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    if form == "d-mon-yy":
        return _d_mon_yy(text)
    if form == "steps":
        return _steps(text, options or {})
    if (match := _D_MONTH_Y.match(text)) is not None:
        return _from_parts([match[3], str(_month(match[2])), match[1]])
    if len(text) > 10 and text[10] in " T":  # a time of day follows
        text = text[:10]
    return read_date(text)


def _d_mon_yy(text: str) -> PartialDate:
    match = _D_MON_YY.match(text)
    if match is None:
        raise ValueError(f"'{text[:40]}' is not a date such as 9-Apr-84")
    year = int(match[3])
    if len(match[3]) == 2:
        year += 1900 if year >= _LAST_CENTURY else 2000
    return _from_parts([str(year), str(_month(match[2])), match[1] or ""])


def _month_year(month: str, year: str) -> PartialDate:
    return _from_parts([year, str(_month(month[:3])), ""])


def _month(name: str) -> int:
    if (number := _MONTHS.get(name.casefold())) is None:
        raise ValueError(f"'{name}' is no month")
    return number


def _from_parts(parts: Sequence[str]) -> PartialDate:
    """A date from year, month and day; what is not known or no day at all makes it coarser."""
    year, month, day = (p.removesuffix(".0") for p in parts)
    if not year.isdigit() or not year.isascii():
        raise ValueError(f"'{year[:40]}' is no year")
    written = f"{int(year):04d}"
    if not _is_number(month, 12):
        return read_date(written)
    written += f"-{int(month):02d}"
    return read_date(f"{written}-{int(day):02d}" if _is_number(day, 31) else written)


def _is_number(text: str, most: int) -> bool:
    """Whether a part of a date is known; codes such as -9 and 66 mean that it is not."""
    return text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= most


def _steps(text: str, options: Mapping[str, str]) -> PartialDate:
    zero = read_date(options["day-zero"]).first
    per_day = int(options.get("step", "1"))
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise ValueError(f"step '{text[:40]}' is not a whole number")
    try:
        day = zero + dt.timedelta(days=int(text) // per_day)
    except OverflowError:
        raise ValueError(f"step '{text}' lies beyond the calendar") from None
    return PartialDate(day, day, PRECISIONS[0])


def _by_deaths(coded: Coded, deaths: int | None) -> int | None:
    """Severity of the table, raised to 4 for one dead and to 5 for ten: lines 8 and 9."""
    if not deaths or kinds()[coded.kind] not in ("provocation", "use of force"):
        return coded.severity
    return max(coded.severity or 0, 5 if deaths >= 10 else 4)


def _digest(parts: Any) -> str:
    return hashlib.blake2b(
        "\x1f".join(parts).encode("utf-8", "replace"), digest_size=10
    ).hexdigest()
