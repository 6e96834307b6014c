"""A case folder to a checked case, or every problem of every file at once.

Owns the order of work: find the folders, read the files, hold the parts against each other.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from openchannel.casefile.actions import build_overlay, build_policy
from openchannel.casefile.calendar import build_calendar, build_counted_from
from openchannel.casefile.document import Document
from openchannel.casefile.draft import Draft, Filled, read_draft
from openchannel.casefile.fingerprint import case_fingerprint
from openchannel.casefile.forms import CaseForm, ParameterForm
from openchannel.casefile.known import Known
from openchannel.casefile.layers import Layer, find_layers
from openchannel.casefile.names import Required, check_names
from openchannel.casefile.overview import build_actors, build_channels, build_weights, check_roles
from openchannel.casefile.parameters import build_parameter
from openchannel.casefile.tree import Mapping as Mapped
from openchannel.casefile.views import build_propositions, build_world, check_world_weights
from openchannel.domain import (
    Calendar,
    Case,
    Channel,
    Overlay,
    Parameter,
    Policy,
    Proposition,
    World,
)
from openchannel.errors import CaseError, Problem

__all__ = ["check_case", "load_case"]

F = TypeVar("F")
T = TypeVar("T")


def load_case(name_or_folder: str | Path, *, required: Required | None = None) -> Case:
    """The case of this name or folder, checked.

    Parameters
    ----------
    name_or_folder
        A built-in case, or the path of a case folder. A `Path` is always a folder.
    required
        Names that the parameters must give, no more and no fewer: under `scalar` flattened names,
        under `column` keys of channel-indexed parameters. Without it no name is asked for.

    Raises
    ------
    CaseError
        With all problems of all files, each with file, line, column and field.
    """
    case, problems = check_case(name_or_folder, required=required)
    if case is None:
        raise CaseError(problems)
    return case


def check_case(
    name_or_folder: str | Path, *, required: Required | None = None
) -> tuple[Case | None, list[Problem]]:
    """The case and no problem, or None and every problem in the order of files and lines."""
    problems: list[Problem] = []
    layers = find_layers(name_or_folder, problems)
    if not layers:
        return None, problems
    case = _build(read_draft(layers, problems), problems, required)
    if case is not None:
        return case, []
    return None, sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.field, p.wrong))


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the files under the case folder give, each checked against what the case defines."""

    parameters: dict[str, Parameter]
    worlds: list[World]
    policies: list[Policy]
    overlays: list[Overlay]
    propositions: list[Proposition]


def _build(draft: Draft, problems: list[Problem], required: Required | None) -> Case | None:
    """Holds the parts of a draft against each other; None where there is any problem."""
    known = _known(draft, problems)
    parts = _parts(draft, known)
    weighed = [pair for filled in draft.worlds for pair in filled.whole()]
    if len(weighed) == len(draft.worlds):
        problems += check_world_weights(weighed)
    problems += check_names(draft.parameters, draft.shown, required)
    for document, form in draft.overview.whole():
        check_roles(document, form, known)
        channels = build_channels(document, form, problems)
        calendar = build_calendar(document, form.calendar, problems)
        weights = build_weights(document, form, problems)
        counted_from = build_counted_from(document, form.counted_from, problems)
        if calendar is not None and not problems:
            return _case(draft, form, parts, channels, calendar, weights, counted_from)
    return None


def _parts(draft: Draft, known: Known) -> _Parts:
    return _Parts(
        parameters=_parameters(draft.parameters, known),
        worlds=_each(draft.worlds, build_world, known),
        policies=_each(draft.policies, build_policy, known),
        overlays=_each(draft.overlays, build_overlay, known),
        propositions=[
            line
            for document, forms in draft.ledger.whole()
            for line in build_propositions(document, forms, known)
        ],
    )


def _case(
    draft: Draft,
    form: CaseForm,
    parts: _Parts,
    channels: tuple[Channel, ...],
    calendar: Calendar,
    weights: Mapping[str, float],
    counted_from: Mapping[str, dt.date],
) -> Case:
    return Case(
        id=form.id,
        title=form.title.strip(),
        question=form.question.strip(),
        actors=build_actors(form),
        channels=channels,
        parameters=parts.parameters,
        worlds=tuple(parts.worlds),
        policies=tuple(parts.policies),
        overlays=tuple(parts.overlays),
        propositions=tuple(parts.propositions),
        sources=draft.library.sources,
        calendar=calendar,
        baseline=form.baseline,
        status_quo=form.status_quo,
        focal=form.focal,
        isolation=form.isolation,
        weights=weights,
        limits=tuple(limit.strip() for limit in form.limits),
        counted_from=counted_from if _is_of_its_record(draft.layers) else {},
        evidence_folder=_evidence_folder(draft.layers),
        folder=draft.shown,
        fingerprint=case_fingerprint(draft.texts()),
    )


def _known(draft: Draft, problems: list[Problem]) -> Known:
    form, ledger = draft.overview.form, draft.ledger.form
    return Known(
        channels=None if form is None else tuple(form.channels),
        parameters={filled.file.stem: filled.form for filled in draft.parameters},
        policies=[filled.file.stem for filled in draft.policies],
        propositions=None if ledger is None else [line.id for line in ledger],
        sources=draft.library.keys,
        problems=problems,
    )


def _parameters(files: Sequence[Filled[ParameterForm]], known: Known) -> dict[str, Parameter]:
    built: dict[str, Parameter] = {}
    for filled in files:
        module, key = filled.file.name.split("/")[1], filled.file.stem
        for document, form in filled.whole():
            parameter = build_parameter(key, module, document, form, known)
            if parameter is not None:
                built[key] = parameter
    return built


def _each(
    files: Sequence[Filled[F]], build: Callable[[Document, F, Known], T], known: Known
) -> list[T]:
    """Built parts in the natural order of their ids: P2 before P10."""
    ordered = sorted(files, key=lambda filled: _natural(filled.file.stem))
    return [build(*pair, known) for filled in ordered for pair in filled.whole()]


def _natural(name: str) -> list[tuple[int, str]]:
    return [
        (int(part), "") if part.isdigit() else (-1, part)
        for part in re.split(r"(\d+)", name)
        if part
    ]


def _is_of_its_record(layers: Sequence[Layer]) -> bool:
    """Whether the first days stand beside the evidence or above it, and not in a case below.

    A case with a record of its own does not take over from when another record is complete.
    """
    for layer in layers:
        root = layer.overview.root
        if isinstance(root, Mapped) and "counted_from" in root.entries:
            return True
        if (layer.folder / "evidence").is_dir():
            return False
    return False


def _evidence_folder(layers: Sequence[Layer]) -> str:
    """The nearest evidence folder as a whole; records of two cases are never mixed."""
    for layer in layers:
        folder = layer.folder / "evidence"
        if folder.is_dir():
            return str(folder.resolve())
    return ""
