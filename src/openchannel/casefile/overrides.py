"""Overrides of worlds and ledger lines: which parameter, which elements, set or scaled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openchannel.casefile.document import Document, Step
from openchannel.casefile.forms import OverrideForm, ParameterForm
from openchannel.casefile.known import Known, refer
from openchannel.casefile.parameters import elements_of
from openchannel.casefile.words import listed, one_of
from openchannel.domain import Override, flat_name
from openchannel.errors import Problem

__all__ = ["build_overrides"]

Path = tuple[Step, ...]


def build_overrides(
    document: Document, at: Path, forms: Mapping[str, Sequence[OverrideForm]], known: Known
) -> tuple[Override, ...]:
    """All overrides of the mapping that stands at `at`, in its order."""
    overrides: list[Override] = []
    for key, changes in forms.items():
        path = (*at, key)
        if key not in known.parameters:
            known.problems.append(_unknown_parameter(document, path, key, known))
            continue
        parameter = known.parameters[key]
        seen: set[str] = set()
        for i, form in enumerate(changes):
            step = (*path, i) if len(changes) > 1 else path
            override = _override(document, step, key, form, parameter, known)
            if override is None:
                continue
            elements = () if parameter is None else elements_of(parameter, known.channels)
            changed = set(override.elements or elements)
            if seen & changed:
                _say(
                    known,
                    document,
                    step,
                    f"`{key}` is changed twice for the same element",
                    "one change for each element",
                    "join the two changes",
                )
            seen |= changed
            overrides.append(override)
    return tuple(overrides)


def _override(
    document: Document,
    path: Path,
    key: str,
    form: OverrideForm,
    parameter: ParameterForm | None,
    known: Known,
) -> Override | None:
    given = [name for name in ("set", "times") if getattr(form, name) is not None]
    if len(given) != 1:
        wrong = "both `set` and `times` are given" if given else "nothing says how it changes"
        _say(
            known,
            document,
            path,
            wrong,
            "a number, `{set: x}` or `{times: x}`",
            f"write for example `{key}: 0.1`",
        )
        return None
    if parameter is not None and not _elements_exist(document, path, key, form, parameter, known):
        return None
    value = form.times if form.set is None else form.set
    assert value is not None
    if form.set is not None and parameter is not None:
        _check_bounds(document, path, value, parameter, known)
    return Override(key, tuple(form.of), "times" if form.set is None else "set", value)


def _elements_exist(
    document: Document,
    path: Path,
    key: str,
    form: OverrideForm,
    parameter: ParameterForm,
    known: Known,
) -> bool:
    elements = elements_of(parameter, known.channels)
    unknown = [(i, e) for i, e in enumerate(form.of) if e not in elements]
    for i, element in unknown:
        allowed = one_of(element, elements) if parameter.index else "no `of`: it has one number"
        _say(
            known,
            document,
            (*path, "of", i),
            f"`{key}` has no element `{element}`",
            allowed,
            "correct the element, or delete `of`",
        )
    repeated = sorted({e for e in form.of if form.of.count(e) > 1})
    if repeated:
        _say(
            known,
            document,
            (*path, "of"),
            f"{listed(repeated)} is named twice",
            "each element once",
            "delete the repeated element",
        )
    return not unknown and not repeated


def _check_bounds(
    document: Document, path: Path, value: float, parameter: ParameterForm, known: Known
) -> None:
    low, high = parameter.bounds
    if low is not None and high is not None and low >= high:
        return  # said where the bounds stand
    if (low is None or value >= low) and (high is None or value <= high):
        return
    ends = ["no bound" if end is None else f"{end:g}" for end in (low, high)]
    _say(
        known,
        document,
        (*path, "set"),
        f"{value:g} is out of bounds",
        f"a number from {ends[0]} to {ends[1]} (`bounds` of the parameter)",
        "correct the number",
    )


def _unknown_parameter(document: Document, path: Path, key: str, known: Known) -> Problem:
    """A flattened name is the likeliest slip, and its cure is known exactly."""
    for name, form in known.parameters.items():
        for element in () if form is None else form.value:
            if element and flat_name(name, element) == key:
                return document.problem(
                    path,
                    f"`{key}` is one element of the parameter `{name}`",
                    "keys of parameters, with elements under `of`",
                    f"write `{name}: {{of: [{element}], set: ...}}`",
                    key=True,
                )
    mend = "correct the key; parameter keys are the names of the files under parameters/"
    return refer(document, path, key, known.parameters, "parameter", mend, key=True)


def _say(known: Known, document: Document, path: Path, wrong: str, allowed: str, mend: str) -> None:
    known.problems.append(document.problem(path, wrong, allowed, mend))
