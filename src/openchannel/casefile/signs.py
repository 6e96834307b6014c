"""Signs of a case: what the record may come to show, and how likely it is under each belief."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openchannel.casefile.document import Document, Step, read_document
from openchannel.casefile.forms.signs import (
    CountedForm,
    JudgedForm,
    LikelihoodForm,
    ModelledForm,
    RowsForm,
    SignForm,
    SucceededForm,
)
from openchannel.casefile.formulas import FormulaError, parse_formula
from openchannel.casefile.layers import find_layers
from openchannel.casefile.wording import fill_in
from openchannel.casefile.words import nearest, one_of
from openchannel.domain import (
    Counted,
    Formula,
    Judged,
    Likelihood,
    Modelled,
    Rows,
    Sign,
    Succeeded,
)
from openchannel.errors import Problem, UserError

__all__ = ["SIGNS", "Vocabulary", "load_signs"]

#: Name of the file in a case folder.
SIGNS = "signs.yaml"
_WAYS = ("modelled", "counted", "succeeded", "judged")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names that signs may use.

    tables : columns of each table of the record, with the values allowed; empty for free text
    counts : what the model counts ; numbers : of the case, for formulas
    quantities : drawn beliefs ; status_quo : the policy of the record
    """

    tables: Mapping[str, Mapping[str, Sequence[str]]]
    counts: Collection[str]
    numbers: Collection[str]
    quantities: Collection[str]
    policies: Collection[str]
    sources: Collection[str]
    status_quo: str


def load_signs(case: str | Path, names: Vocabulary) -> tuple[Sign, ...]:
    """The signs of a case or of a case it extends; none where there is no such file.

    Raises
    ------
    UserError
        With every problem of the file.
    """
    problems: list[Problem] = []
    files = [layer.file(SIGNS) for layer in find_layers(case, problems)]
    found = next((f for f in files if f.path.exists()), None)
    document = read_document(found, problems) if found and not problems else None
    forms = fill_in(list[SignForm], document, problems) if document else None
    made: list[Sign] = []
    if document and forms:
        seen: set[str] = set()
        for i, form in enumerate(forms):
            reader = _Reader(document, names, (i,), problems)
            if form.id in seen:
                reader.note(("id",), f"`{form.id}` names a second sign", "each id once",
                              "give this sign another id")  # fmt: skip
            seen.add(form.id)
            made += reader.sign(form)
    if problems:
        raise UserError(problems)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Holds one sign against the names that it may use; problems go to a common list."""

    document: Document
    names: Vocabulary
    path: tuple[Step, ...]
    problems: list[Problem]

    def note(
        self, path: tuple[Step, ...], wrong: str, allowed: str, mend: str, *, key: bool = False
    ) -> None:
        where = (*self.path, *path)
        self.problems.append(self.document.problem(where, wrong, allowed, mend, key=key))

    def unknown(
        self,
        path: tuple[Step, ...],
        what: str,
        name: str,
        known: Collection[str],
        *,
        key: bool = False,
    ) -> None:
        near = nearest(name, known)
        mend = f"write {near[0]}" if near else "take it out"
        self.note(path, f"there is no {what} `{name}`", one_of(name, known), mend, key=key)

    def sign(self, form: SignForm) -> Iterator[Sign]:
        before = len(self.problems)
        for j, source in enumerate(form.sources):
            if source not in self.names.sources:
                self.unknown(("sources", j), "source", source, self.names.sources)
        rows = self._rows(form.rows) if form.rows else None
        likelihood = self._likelihood(form.likelihood)
        if likelihood is not None:
            self._agree(likelihood, rows)
        if likelihood is not None and len(self.problems) == before:
            yield Sign(
                form.id,
                form.title.strip(),
                rows,
                likelihood,
                form.grade,
                form.reasoning.strip(),
                tuple(form.sources),
            )

    def _rows(self, form: RowsForm) -> Rows:
        if form.table not in self.names.tables:
            self.unknown(("rows", "table"), "table", form.table, self.names.tables)
        else:
            for part in ("where", "among"):
                self._columns(form.table, part, getattr(form, part))
        where, among = ({k: tuple(v) for k, v in m.items()} for m in (form.where, form.among))
        return Rows(form.table, where, among)

    def _columns(self, table: str, part: str, given: Mapping[str, Sequence[str]]) -> None:
        columns = self.names.tables[table]
        for column, values in given.items():
            if column not in columns:
                self.unknown(("rows", part, column), "column", column, columns, key=True)
                continue
            for j, value in enumerate(values):
                if columns[column] and value not in columns[column]:
                    path = ("rows", part, column, j)
                    self.unknown(path, f"value of {column}", value, columns[column])

    def _likelihood(self, form: LikelihoodForm) -> Likelihood | None:
        given = [way for way in _WAYS if getattr(form, way) is not None]
        if len(given) != 1:
            wrong = f"{' and '.join(given)} are given" if given else "no likelihood is given"
            self.note(("likelihood",), wrong, f"one of {', '.join(_WAYS)}", "keep one")
            return None
        path: tuple[Step, ...] = ("likelihood", given[0])
        match getattr(form, given[0]):
            case ModelledForm() as way:
                return self._modelled(path, way)
            case CountedForm() as way:
                rate = self._formula((*path, "rate"), way.rate)
                return None if rate is None else Counted(rate, way.recorded)
            case SucceededForm() as way:
                chance = self._formula((*path, "chance"), way.chance)
                return None if chance is None else Succeeded(chance, way.trials)
            case JudgedForm() as way:
                return self._judged(path, way)
        return None

    def _modelled(self, path: tuple[Step, ...], way: ModelledForm) -> Modelled:
        if way.what not in self.names.counts:
            self.unknown((*path, "what"), "count of the model", way.what, self.names.counts)
        if way.under and way.under not in self.names.policies:
            self.unknown((*path, "under"), "policy", way.under, self.names.policies)
        return Modelled(way.what, way.under or self.names.status_quo, way.recorded)

    def _formula(self, path: tuple[Step, ...], text: str) -> Formula | None:
        try:
            return parse_formula(text, self.names.numbers)
        except FormulaError as error:
            allowed = "numbers and parameters such as lam0, psi0 or rho.NYC, + - * / exp()"
            self.note(path, str(error), allowed, error.mend)
            return None

    def _judged(self, path: tuple[Step, ...], way: JudgedForm) -> Judged:
        if way.belief not in self.names.quantities:
            path_of = (*path, "belief")
            self.unknown(path_of, "drawn quantity", way.belief, self.names.quantities)
        low, high = way.at
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            self.note((*path, "at"), "the two values are not in rising order",
                        "`[low, high]`, low below high", "swap the two")  # fmt: skip
        return Judged(way.belief, (low, high), (way.chance[0], way.chance[1]), way.weeks)

    def _agree(self, likelihood: Likelihood, rows: Rows | None) -> None:
        """What rows and likelihood must agree on."""
        is_share = isinstance(likelihood, Succeeded)
        if rows is not None and bool(rows.among) != is_share:
            self.note(
                ("rows",),
                "a share needs the rows out of which it is" if is_share else "`among` is no use",
                "`among` with `succeeded`, and with nothing else",
                "add `among`" if is_share else "take `among` out",
            )
        under = likelihood.under if isinstance(likelihood, Modelled) else self.names.status_quo
        is_other = under != self.names.status_quo and under in self.names.policies
        if rows is not None and is_other:
            self.note(
                ("likelihood", "modelled", "under"),
                "the record shows the status quo, not another policy",
                "rows with the status quo; another policy without rows, to be supposed",
                "take `under` out, or take `rows` out",
            )
