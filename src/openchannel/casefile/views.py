"""World files and the ledger to worlds and propositions."""

from __future__ import annotations

import math
from collections.abc import Sequence

from openchannel.casefile.document import Document, Step
from openchannel.casefile.forms import PropositionForm, WorldForm
from openchannel.casefile.known import Known, refer
from openchannel.casefile.overrides import build_overrides
from openchannel.domain import INDEX_IDS, METRIC_IDS, Proposition, World
from openchannel.errors import Problem

__all__ = ["build_propositions", "build_world", "check_world_weights"]

WEIGHT_TOLERANCE = 1e-6
_METRICS = (*METRIC_IDS, *INDEX_IDS)


def build_world(document: Document, form: WorldForm, known: Known) -> World:
    """The world; what is wrong in its overrides and sources is added to `known.problems`."""
    return World(
        id=form.id,
        title=form.title.strip(),
        argument=form.argument.strip(),
        weight=form.weight,
        overrides=build_overrides(document, ("overrides",), form.overrides, known),
        null_tie_effects=form.null_tie_effects,
        sources=known.sources_of(document, form.sources),
        file=document.file.cited,
    )


def check_world_weights(worlds: Sequence[tuple[Document, WorldForm]]) -> list[Problem]:
    """One problem, at the first world, where the weights do not sum to 1."""
    total = math.fsum(form.weight for _, form in worlds)
    if not worlds or abs(total - 1) <= WEIGHT_TOLERANCE:
        return []
    shown = " + ".join(f"{form.weight:g} ({form.id})" for _, form in worlds)
    return [
        worlds[0][0].problem(
            ("weight",),
            f"the weights of the worlds have the sum {total:g}: {shown}",
            "the sum 1 over all worlds",
            "change the weights in worlds/*.yaml",
        )
    ]


def build_propositions(
    document: Document, forms: Sequence[PropositionForm], known: Known
) -> tuple[Proposition, ...]:
    """The ledger in the order of the file; what is wrong is added to `known.problems`."""
    first: dict[str, int] = {}
    for i, form in enumerate(forms):
        if first.setdefault(form.id, i) != i:
            line = document.locate((first[form.id], "id")).line
            known.problems.append(
                document.problem(
                    (i, "id"),
                    f"the id `{form.id}` is taken; it stands on line {line}",
                    "an id that no other line of the ledger has",
                    "number one of the two anew",
                )
            )
        _check_kind(document, i, form, known)
    return tuple(_proposition(document, i, form, known) for i, form in enumerate(forms))


def _proposition(document: Document, i: int, form: PropositionForm, known: Known) -> Proposition:
    for j, metric in enumerate(form.metrics):
        if metric not in _METRICS:
            path: tuple[Step, ...] = (i, "metrics", j)
            mend = "correct the metric id"
            known.problems.append(refer(document, path, metric, _METRICS, "metric", mend))
    for j, source in enumerate(form.sources):
        known.source(document, (i, "sources", j), source)
    return Proposition(
        id=form.id,
        kind=form.kind,
        claim=form.claim.strip(),
        mechanism=form.mechanism.strip(),
        metrics=tuple(form.metrics),
        size_evidence=form.size_evidence.strip(),
        off=build_overrides(document, (i, "off"), form.off, known),
        argument=form.argument.strip(),
        switch_note=form.switch_note.strip(),
        sources=tuple(form.sources),
    )


def _check_kind(document: Document, i: int, form: PropositionForm, known: Known) -> None:
    letter = {"benefit": "B", "risk": "R"}[form.kind]
    if form.id[0] == letter and form.id[1:].isdigit():
        return
    known.problems.append(
        document.problem(
            (i, "id"),
            f"`{form.id}` is not the id of a {form.kind}",
            f"{letter} and a number for a {form.kind}",
            f"write `id: {letter}1`, for example, or correct `kind`",
        )
    )
