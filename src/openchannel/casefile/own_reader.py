"""Holds a file of one's own beliefs against the case that it is about; notes every problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openchannel.casefile.document import Document, Step
from openchannel.casefile.own_checks import How, faults_of, read_statement
from openchannel.casefile.own_form import BeliefForm, OwnForm, StatementForm
from openchannel.casefile.own_laws import Stated
from openchannel.casefile.words import listed, one_of
from openchannel.domain import Case, Parameter, flat_name
from openchannel.errors import Problem

__all__ = ["OwnBelief", "Reader"]

Path_ = tuple[Step, ...]
_HOWS: tuple[How, ...] = ("set", "times", "plus")


@dataclass(frozen=True, slots=True)
class OwnBelief:
    """What is believed of some elements of one parameter."""

    parameter: str
    elements: tuple[str, ...]
    how: How
    stated: Stated


class Reader:
    """Holds what the form says against the case; notes every problem."""

    def __init__(self, case: Case, document: Document, problems: list[Problem]) -> None:
        self.case = case
        self.document = document
        self.problems = problems

    def say(self, path: Path_, wrong: str, allowed: str, mend: str, *, key: bool = False) -> None:
        """Note a problem at a place of the file."""
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
        """Every belief that fits the case, in the order of the file."""
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
        stated = read_statement(form)
        faults = faults_of(parameter, elements, how, stated)
        for wrong, allowed, mend in faults:
            self.say(path, wrong, allowed, mend)
        return None if faults else stated


def _told(parameter: Parameter) -> str:
    pairs = zip(parameter.elements, parameter.values, strict=True)
    return listed(f"{e} {v:g}" for e, v in pairs)
