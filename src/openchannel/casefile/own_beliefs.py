"""A file of one's own beliefs, read strictly and held against the case it is about.

The file says `lo to hi`, quantiles or a number for what one believes otherwise, and may choose a
school of thought (a world) for each module. What the case becomes under it is `own_case`'s.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from openchannel.casefile.document import CaseFile, Document, Step
from openchannel.casefile.mistakes import Mistake
from openchannel.casefile.own_form import BeliefForm, OwnForm, StatementForm
from openchannel.casefile.own_laws import (
    Exactly,
    Quantiles,
    Spread,
    Stated,
    family_of,
    is_ratio,
)
from openchannel.casefile.text import read_text
from openchannel.casefile.tree import read_yaml
from openchannel.casefile.wording import fill_in
from openchannel.casefile.words import listed, one_of
from openchannel.domain import (
    Case,
    Parameter,
    flat_name,
)
from openchannel.errors import Problem, UserError

__all__ = ["OwnBelief", "OwnBeliefs", "parse_own", "read_own"]

Path_ = tuple[Step, ...]
How = Literal["set", "times", "plus"]
_HOWS: tuple[How, ...] = ("set", "times", "plus")
_MAPPINGS = ("beliefs", "modules")


@dataclass(frozen=True, slots=True)
class OwnBelief:
    """What is believed of some elements of one parameter."""

    parameter: str
    elements: tuple[str, ...]
    how: How
    stated: Stated


@dataclass(frozen=True, slots=True)
class OwnBeliefs:
    """One person's beliefs about a case, as written.

    `text` is the file itself, so that a run that keeps it can be run again without the file.
    """

    title: str
    note: str
    beliefs: tuple[OwnBelief, ...]
    modules: Mapping[str, str]
    text: str
    shown: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def as_dict(self) -> dict[str, str]:
        """What a manifest keeps of them."""
        return {"title": self.title, "fingerprint": self.fingerprint, "text": self.text}


def read_own(path: str | Path, case: Case) -> OwnBeliefs:
    """The beliefs in a file, held against the case they are about.

    Raises
    ------
    UserError
        With every problem of the file, each with its line and column.
    """
    text = read_text(Path(path))
    if isinstance(text, Mistake):
        raise UserError(_file(path).problem(text))
    return parse_own(text, case, str(path))


def parse_own(text: str, case: Case, shown: str = "own beliefs") -> OwnBeliefs:
    """The beliefs in a text, such as a manifest keeps; `shown` is the file it is said to be."""
    problems: list[Problem] = []
    root, mistakes = read_yaml(text)
    file = _file(shown)
    problems += [file.problem(m) for m in mistakes]
    if root is None:
        raise UserError(problems)
    document = Document(file, root, text)
    form = fill_in(OwnForm, document, problems) or _rest(document)
    reader = _Reader(case, document, problems)
    own = OwnBeliefs(
        form.title.strip(),
        form.note.strip(),
        tuple(reader.beliefs(form.beliefs)),
        reader.modules(form),
        text,
        shown,
    )
    if problems:
        raise UserError(sorted(problems, key=lambda p: (p.line, p.column, p.field)))
    return own


def _rest(document: Document) -> OwnForm:
    """The form without what does not fit it, so that the rest can be held against the case too."""
    data = document.data()
    kept = {k: v for k, v in data.items() if k in _MAPPINGS} if isinstance(data, dict) else {}
    for _ in range(2):  # a field that is no mapping at all goes with its entries
        try:
            return OwnForm.model_validate(kept)
        except ValidationError as error:
            for complaint in error.errors(include_url=False):
                field, *inner = complaint["loc"]
                if inner and isinstance(kept.get(str(field)), dict):
                    kept[str(field)].pop(str(inner[0]), None)
                else:
                    kept.pop(str(field), None)
    return OwnForm()


def _file(path: str | Path) -> CaseFile:
    return CaseFile(Path(path), str(path), Path(path).name, "own")


class _Reader:
    """Holds what the form says against the case; notes every problem."""

    def __init__(self, case: Case, document: Document, problems: list[Problem]) -> None:
        self.case = case
        self.document = document
        self.problems = problems

    def say(self, path: Path_, wrong: str, allowed: str, mend: str, *, key: bool = False) -> None:
        self.problems.append(self.document.problem(path, wrong, allowed, mend, key=key))

    def modules(self, form: OwnForm) -> dict[str, str]:
        """Worlds by module, both known to the case; and the case is the one meant."""
        if form.case is not None and form.case != self.case.id:
            self.say(
                ("case",),
                f"the file is about the case `{form.case}`, not `{self.case.id}`",
                f"`{self.case.id}`, or no `case` at all",
                "name the case that the beliefs are about",
            )
        known = dict.fromkeys(p.module for p in self.case.parameters.values())
        worlds = [w.id for w in self.case.worlds]
        for module, world in form.modules.items():
            path = ("modules", module)
            if module not in known:
                self.say(
                    path,
                    f"there is no module `{module}`",
                    one_of(module, known),
                    "correct the module; modules are the folders under parameters/",
                    key=True,
                )
            if world not in worlds:
                self.say(
                    path,
                    f"there is no world `{world}`",
                    one_of(world, worlds),
                    "correct the id of the world",
                )
        return dict(form.modules)

    def beliefs(self, forms: Mapping[str, Sequence[BeliefForm]]) -> Iterator[OwnBelief]:
        for key, said in forms.items():
            path: Path_ = ("beliefs", key)
            parameter = self.case.parameters.get(key)
            if parameter is None:
                self._unknown(path, key)
                continue
            seen: set[str] = set()
            for i, form in enumerate(said):
                at = (*path, i) if len(said) > 1 else path
                belief = self._belief(at, parameter, form)
                if belief is None:
                    continue
                if seen & set(belief.elements):
                    self.say(
                        at,
                        f"`{key}` has two beliefs about the same element",
                        "one belief for each element",
                        "join the two, or name the elements of each with `of`",
                    )
                seen |= set(belief.elements)
                yield belief

    def _unknown(self, path: Path_, key: str) -> None:
        """A flattened name is the likeliest slip, and its cure is known exactly."""
        for name, parameter in self.case.parameters.items():
            for element in parameter.elements:
                if element and flat_name(name, element) == key:
                    self.say(
                        path,
                        f"`{key}` is one element of the parameter `{name}`",
                        "keys of parameters, with elements under `of`",
                        f"write `{name}: {{of: [{element}], set: lo to hi}}`",
                        key=True,
                    )
                    return
        self.say(
            path,
            f"there is no parameter `{key}`",
            one_of(key, self.case.parameters),
            "correct the key; docs/reference/parameters.md lists them",
            key=True,
        )

    def _belief(self, path: Path_, parameter: Parameter, form: BeliefForm) -> OwnBelief | None:
        given = [how for how in _HOWS if getattr(form, how) is not None]
        if len(given) != 1:
            self.say(
                path,
                f"{listed(given)} are given" if given else "nothing says what is believed",
                "exactly one of set, times, plus",
                f"write for example `{parameter.key}: 0.1 to 0.4`",
            )
            return None
        (how,) = given
        elements = self._elements(path, parameter, form, how)
        stated = self._stated((*path, how), parameter, elements, how, getattr(form, how))
        if not elements or stated is None:
            return None
        return OwnBelief(parameter.key, elements, how, stated)

    def _elements(
        self, path: Path_, parameter: Parameter, form: BeliefForm, how: How
    ) -> tuple[str, ...]:
        """Elements that the belief is about; none, and a problem, where that cannot be."""
        unknown = [(i, e) for i, e in enumerate(form.of) if e not in parameter.elements]
        for i, element in unknown:
            self.say(
                (*path, "of", i),
                f"`{parameter.key}` has no element `{element}`",
                one_of(element, parameter.elements)
                if parameter.index
                else "no `of`: it has one number",
                "correct the element, or delete `of`",
            )
        shares = {e for d in parameter.draws if d.how == "dirichlet" for e in d.elements}
        elements = tuple(e for e in parameter.elements if not form.of or e in form.of)
        if shares & set(elements):
            self.say(
                path,
                f"the elements of `{parameter.key}` are shares that are drawn together",
                "beliefs about parameters that are no shares",
                "change the shares in a case of your own (`openchannel new`)",
            )
            return ()
        values = {parameter[e] for e in elements}
        if how == "set" and not form.of and len(values) > 1:
            self.say(
                path,
                f"one number would replace elements that differ: {_told(parameter)}",
                "`of` with the elements meant, or `times` or `plus`",
                f"write `{parameter.key}: {{times: 0.5 to 2}}`, or name elements with `of`",
            )
            return ()
        return () if unknown else elements

    def _stated(
        self,
        path: Path_,
        parameter: Parameter,
        elements: tuple[str, ...],
        how: How,
        form: StatementForm,
    ) -> Stated | None:
        kinds = [
            form.at is not None,
            form.low is not None or form.high is not None,
            form.quantiles is not None,
        ]
        if sum(kinds) != 1 or (form.low is None) != (form.high is None):
            self.say(
                path,
                "this says no number, range or quantiles, or more than one of them",
                "a number, `lo to hi`, or `{quantiles: {0.1: x, 0.5: y, 0.9: z}}`",
                "write for example `0.1 to 0.4`",
            )
            return None
        stated = _read(form)
        faults = [*_disorder(stated), *self._beyond(parameter, how, stated)]
        if isinstance(stated, Spread) and not faults and elements:
            family = family_of(parameter, elements, how)
            if is_ratio(family) and stated.low <= 0:
                faults.append(
                    (
                        f"`{parameter.key}` has a range of ratios, and {stated.low:g} is no ratio",
                        "two numbers above 0",
                        "raise the lower number above 0, or write quantiles",
                    )
                )
        for wrong, allowed, mend in faults:
            self.say(path, wrong, allowed, mend)
        return None if faults else stated

    def _beyond(self, parameter: Parameter, how: How, stated: Stated) -> list[tuple[str, str, str]]:
        """Numbers that the parameter cannot be, or multipliers below 0."""
        low, high = parameter.bounds if how == "set" else (0.0, math.inf)
        if how == "plus":
            return []
        out = [x for x in stated.numbers if not low <= x <= high]
        what = "`bounds` of the parameter" if how == "set" else "a multiplier"
        ends = f"from {low:g}" + ("" if math.isinf(high) else f" to {high:g}")
        return [
            (f"{x:g} is out of bounds", f"numbers {ends} ({what})", "correct the number")
            for x in dict.fromkeys(out)
        ]


def _told(parameter: Parameter) -> str:
    pairs = zip(parameter.elements, parameter.values, strict=True)
    return listed(f"{e} {v:g}" for e, v in pairs)


def _read(form: StatementForm) -> Stated:
    if form.at is not None:
        return Exactly(form.at)
    if form.low is not None and form.high is not None:
        return Spread(form.low, form.high)
    assert form.quantiles is not None
    pairs = sorted((_probability(p), x) for p, x in form.quantiles.items())
    return Quantiles(tuple(p for p, _ in pairs), tuple(x for _, x in pairs))


def _probability(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _disorder(stated: Stated) -> list[tuple[str, str, str]]:
    """Ends or quantiles that do not rise, and probabilities that are none."""
    match stated:
        case Spread(low, high) if low >= high:
            fixed = f"write `{low:g}` alone to hold the number"
            mend = f"write `{high:g} to {low:g}`" if low > high else fixed
            return [(f"{low:g} to {high:g} does not rise", "a lower number, then a higher", mend)]
        case Quantiles(probabilities, values):
            if not all(0.0 <= p <= 1.0 for p in probabilities):
                return [
                    (
                        "a key of the quantiles is no probability",
                        "numbers from 0 to 1",
                        "write for example `{0.1: 0.05, 0.5: 0.2, 0.9: 0.6}`",
                    )
                ]
            if sum(0.0 < p < 1.0 for p in probabilities) < 2:
                return [
                    (
                        "fewer than two quantiles lie between 0 and 1",
                        "at least two; 0 and 1 may be added as limits",
                        "write for example `{0.1: 0.05, 0.9: 0.6}`",
                    )
                ]
            rises = all(a < b for a, b in pairwise(probabilities)) and all(
                a <= b for a, b in pairwise(values)
            )
            if not rises or values[0] == values[-1]:
                return [
                    (
                        "the quantiles do not rise with the probability",
                        "numbers in rising order, each probability once",
                        "put them in order",
                    )
                ]
    return []
