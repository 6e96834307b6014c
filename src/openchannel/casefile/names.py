"""Names of parameters: unique, flattened without collision, and those that a model asks for."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from openchannel.casefile.draft import Filled
from openchannel.casefile.forms import ParameterForm
from openchannel.casefile.words import one_of
from openchannel.domain import flat_name
from openchannel.errors import Problem

__all__ = ["Required", "check_names"]

#: `scalar`: flattened names; `column`: keys of channel-indexed parameters.
Required = Mapping[str, Collection[str]]

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def check_names(
    parameters: Sequence[Filled[ParameterForm]], shown: str, required: Required | None
) -> list[Problem]:
    """What is wrong with the names of all parameters together; `shown` is the case folder."""
    return [
        *_keys(parameters),
        *_collisions(parameters),
        *([] if required is None else _against(parameters, shown, required)),
    ]


def _keys(parameters: Sequence[Filled[ParameterForm]]) -> list[Problem]:
    """Names that are no names, and keys that stand in two modules."""
    problems: list[Problem] = []
    first: dict[str, Filled[ParameterForm]] = {}
    for filled in parameters:
        key = filled.file.stem
        if not _KEY.fullmatch(key):
            problems.append(
                _of_file(
                    filled,
                    f"`{key}` cannot be the key of a parameter",
                    "a letter, then letters, digits and underscores",
                    "rename the file",
                )
            )
        elif first.setdefault(key, filled) is not filled:
            problems.append(
                _of_file(
                    filled,
                    f"the key `{key}` is taken by {first[key].file.shown}",
                    "each key in one module only",
                    "delete or rename one of the two files",
                )
            )
    return problems


def _collisions(parameters: Sequence[Filled[ParameterForm]]) -> list[Problem]:
    """Elements of different parameters that would share a flattened name."""
    problems: list[Problem] = []
    owner: dict[str, str] = {}
    for filled in parameters:
        for _, form in filled.whole():
            for name in () if form.index == "channel" else _flat_names(filled, form):
                key = owner.setdefault(name, filled.file.stem)
                if key != filled.file.stem:
                    problems.append(
                        _of_file(
                            filled,
                            f"the name `{name}` would belong to `{key}` as well",
                            "flattened names (key and element) that are unique",
                            "rename one of the two parameters",
                        )
                    )
    return problems


def _against(
    parameters: Sequence[Filled[ParameterForm]], shown: str, required: Required
) -> list[Problem]:
    """Names that the model asks for and does not get, or gets and does not know."""
    given: dict[str, dict[str, Filled[ParameterForm]]] = {"scalar": {}, "column": {}}
    unread: set[str] = set()  # a faulty file has its problem already
    for filled in parameters:
        if filled.form is None:
            unread.add(filled.file.stem)
            continue
        if filled.form.index == "channel":
            given["column"][filled.file.stem] = filled
        else:
            given["scalar"] |= dict.fromkeys(_flat_names(filled, filled.form), filled)
    problems: list[Problem] = []
    for kind, names in required.items():
        problems += [
            _missing(shown, name, kind, given)
            for name in sorted(set(names) - set(given[kind]))
            if not any(name.startswith(key) for key in unread)
        ]
        problems += [
            _of_file(
                filled,
                f"the model knows no {_KINDS[kind]} `{name}`",
                one_of(name, names),
                "correct the name of the file or the element, or delete it",
            )
            for name, filled in given[kind].items()
            if name not in names
        ]
    return problems


_KINDS = {"scalar": "parameter", "column": "channel-indexed parameter"}


def _missing(
    shown: str, name: str, kind: str, given: Mapping[str, Mapping[str, Filled[ParameterForm]]]
) -> Problem:
    """A name that is not given, with the parameter to which the element would have to be added."""
    keys = {filled.file.stem: filled for filled in given["scalar"].values() if filled.form}
    for key, filled in keys.items():
        if filled.form and filled.form.index and name.startswith(key):
            element = name.removeprefix(key).removeprefix("_")
            if flat_name(key, element) == name:
                return _of_file(
                    filled,
                    f"the model asks for `{name}`, the element {element} of `{key}`",
                    "every element that the model asks for",
                    f"add `{element}: ...` to `value`",
                )
    where = f"{shown}/parameters/<module>/{name}.yaml"
    extra = ", with `index: channel`" if kind == "column" else ""
    return Problem(
        f"{shown}/parameters",
        name,
        f"the {_KINDS[kind]} `{name}` is missing",
        "every parameter that the model asks for",
        f"write {where}{extra}, or begin case.yaml with `extends: korea`",
    )


def _flat_names(filled: Filled[ParameterForm], form: ParameterForm) -> list[str]:
    return [flat_name(filled.file.stem, element) for element in form.value]


def _of_file(filled: Filled[ParameterForm], wrong: str, allowed: str, mend: str) -> Problem:
    return Problem(filled.file.shown, filled.file.stem, wrong, allowed, mend, 1, 1)
