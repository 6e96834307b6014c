"""Lists of events by others, put into the user's store.

Chooses the field map, the coding and the rows that are wanted, looks at every file before the first
is read, and reports what became of each row.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.errors import Problem, UserError
from openchannel.usecases.days import noted_day
from openchannel.usecases.store import opened_store, store_path

if TYPE_CHECKING:
    from openchannel.evidence.imports.fieldmap import FieldMap
    from openchannel.evidence.imports.importing import Imported
    from openchannel.evidence.imports.meaning import Choice

__all__ = ["DYAD", "EVERY_ACTOR", "ImportReport", "StoreContents", "codes_table", "contents",
           "formats", "import_lists", "scales_table"]  # fmt: skip

DYAD = "USA,PRK"
EVERY_ACTOR = "all"
_MAPPING_ENDINGS = (".yaml", ".yml")

Tell = Callable[[Path, int, int], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows of each file."""

    store: str
    files: tuple[Imported, ...]

    @property
    def has_rows(self) -> bool:
        """Whether every file gave at least one row that could be read."""
        return all(f.read == 0 or f.rejected < f.read for f in self.files)

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class StoreContents:
    """Lists in the store, and the imports that brought them, oldest first."""

    store: str
    lists: tuple[dict[str, Any], ...]
    imports: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        return {"store": self.store, "lists": list(self.lists), "imports": list(self.imports)}


def formats() -> tuple[FieldMap, ...]:
    """Field maps of the known formats, by name."""
    from openchannel.evidence.imports.fieldmap import builtin_maps

    return tuple(builtin_maps().values())


def codes_table() -> str:
    """The table of CAMEO and PLOVER codes, as CSV."""
    from openchannel.evidence.imports.tables import data_text

    return data_text("codes.csv")


def scales_table() -> str:
    """The table of levels of crisis scales and the rungs they fit, as CSV."""
    from openchannel.evidence.imports.tables import data_text

    return data_text("scales.csv")


def import_lists(
    format: str,
    files: Sequence[str | Path],
    *,
    store: str | Path | None = None,
    actors: str = DYAD,
    since: str | None = None,
    until: str | None = None,
    options: Mapping[str, str] | None = None,
    codes: str | Path | None = None,
    rejects: str | Path | None = None,
    tell: Tell | None = None,
) -> ImportReport:
    """Read files of one format into the store; rows that are there already are not added again.

    Parameters
    ----------
    format
        A known format, or the path of a mapping file (`.yaml`).
    store
        The file of the store; left out, that of the user's data folder.
    actors
        Codes of three letters: events between two of them are taken; `all` takes every event.
    since, until
        A day, month or year.
    options
        Settings of the format, such as `day-zero`.
    codes
        A table to use in place of the built-in `codes.csv`.
    rejects
        Folder for the files of rejects; left out, `rejects` beside the store.
    tell
        Hears the file, the bytes behind and the bytes in all.

    Raises
    ------
    UserError
        With every problem of the arguments and of every file. Nothing has been read then.
    """
    from openchannel.evidence.imports.coding import builtin_coding, load_coding
    from openchannel.evidence.imports.importing import import_file
    from openchannel.evidence.imports.opening import check_readable

    field_map = _field_map(format)
    choice = _choice(field_map, actors, since, until, options or {})
    coding = load_coding(Path(codes)) if codes else builtin_coding()
    paths = [Path(f).expanduser() for f in files]
    _check_files(paths, field_map, choice)
    place = Path(rejects) if rejects else store_path(store).parent / "rejects"
    done = []
    with opened_store(store, writing=True) as database:
        for path in paths:
            size = check_readable(path)
            hear = None if tell is None else _heard(tell, path, size)
            target = place / _rejects_name(path, field_map)
            done.append(import_file(path, field_map, coding, choice, database, target, hear))
    return ImportReport(str(store_path(store)), tuple(done))


def contents(store: str | Path | None = None) -> StoreContents:
    """The lists in a store, and the imports that brought them."""
    from openchannel.evidence.keeping.imported import imports_of, sources_of

    with opened_store(store) as database:
        lists, imports = sources_of(database), imports_of(database)
    return StoreContents(
        str(store_path(store)), tuple(map(_plain, lists)), tuple(map(_plain, imports))
    )


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in row.items()}


def _heard(tell: Tell, path: Path, size: int) -> Callable[[int], None]:
    return lambda behind: tell(path, behind, size)


def _rejects_name(path: Path, field_map: FieldMap) -> str:
    """One name for each file and format, so that a second import replaces the first's rejects."""
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]
    return f"{field_map.format}-{path.name}-{place}.csv"


def _field_map(format: str) -> FieldMap:
    from openchannel.evidence.imports.fieldmap import builtin_maps, load_map

    known = builtin_maps()
    if format in known:
        return known[format]
    if format.lower().endswith(_MAPPING_ENDINGS):
        return load_map(Path(format).expanduser())
    near = get_close_matches(format, known, n=1, cutoff=0.0)[0]
    raise UserError(
        Problem(
            "command line",
            "FORMAT",
            f"'{format}' is not a format",
            f"{', '.join(known)}, or the path of a mapping file ending in .yaml",
            f"write {near}, or see `openchannel evidence formats`",
        )
    )


def _check_files(paths: Sequence[Path], field_map: FieldMap, choice: Choice) -> None:
    """Raise with what is wrong with any of the files, before any is read."""
    from openchannel.evidence.imports.listing import open_list

    problems: list[Problem] = []
    for path in paths:
        try:
            layout = open_list(path, field_map).layout
        except UserError as error:
            problems.extend(error.problems)
            continue
        counts_steps = any(rule.form == "steps" for rule in layout.fields.values())
        if counts_steps and "day-zero" not in choice.options:
            problems.append(
                Problem(
                    str(path),
                    "--option",
                    "it counts time in steps, and the day of step 0 is not known",
                    "day-zero=YYYY-MM-DD",
                    "add --option day-zero=2018-01-01, with the first day of the list",
                )
            )
    if problems:
        raise UserError(problems)


def _choice(
    field_map: FieldMap,
    actors: str,
    since: str | None,
    until: str | None,
    options: Mapping[str, str],
) -> Choice:
    from openchannel.evidence.imports.meaning import Choice

    problems: list[Problem] = []
    chosen = () if actors.lower() == EVERY_ACTOR else _actors(actors, problems)
    first = noted_day("--since", since, problems)
    last = noted_day("--until", until, problems, at_end=True)
    if first and last and last < first:
        problems.append(
            _wrong("--until", f"{until} lies before {since}", "a later day", "swap them")
        )
    problems.extend(_options_problems(field_map, options))
    if problems:
        raise UserError(problems)
    return Choice(chosen, first, last, dict(options))


def _actors(text: str, problems: list[Problem]) -> tuple[str, ...]:
    from openchannel.evidence.imports.states import states

    known = states()
    codes = tuple(dict.fromkeys(c.strip().upper() for c in text.split(",") if c.strip()))
    for code in codes:
        if code not in known.codes:
            meant = known.state(code)
            problems.append(
                _wrong(
                    "--actors",
                    f"'{code}' is no code of a state",
                    "codes of three letters between commas, or all",
                    f"write {meant}" if meant else "write, for example, USA,PRK",
                )
            )
    if len(codes) < 2:
        problems.append(
            _wrong(
                "--actors",
                "an event lies between two actors",
                "two codes or more, or all",
                f"write {DYAD}",
            )
        )
    return codes


def _options_problems(field_map: FieldMap, options: Mapping[str, str]) -> list[Problem]:
    problems: list[Problem] = []
    known = ", ".join(f"{k}: {v}" for k, v in field_map.options.items()) or "none"
    for name, value in options.items():
        if name not in field_map.options:
            problems.append(
                _wrong(
                    "--option",
                    f"'{name}' is no setting of {field_map.format}",
                    known,
                    "leave it out",
                )
            )
        elif name == "day-zero":
            noted_day("--option day-zero", value, problems)
        elif not (value.isascii() and value.isdigit() and 0 < int(value) <= 86_400):
            problems.append(
                _wrong(
                    f"--option {name}",
                    f"'{value}' is not a whole number from 1 to 86400",
                    known,
                    f"write {name}=1",
                )
            )
    return problems


def _wrong(field: str, wrong: str, allowed: str, mend: str) -> Problem:
    return Problem("command line", field, wrong, allowed, mend)
