"""Templates, and the words that they need: a run and a case as a page shows them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from openchannel.casefile import builtin_cases
from openchannel.usecases.runs.answer import progress_words

if TYPE_CHECKING:
    from jinja2 import Environment

    from openchannel.domain import Case
    from openchannel.usecases.shelf.shelf import Entry

__all__ = ["KINDS", "case_choices", "loaded_case", "page", "told"]

#: Kinds of runs, as pages name them.
KINDS = {
    "assess": "assessment",
    "design": "design",
    "hedge": "hedge",
    "history": "what history says",
    "believe": "what to believe",
    "ledger": "the ledger",
    "redteam": "the red team",
}


def page(name: str, **values: Any) -> str:
    """One page of the app; everything that is put in is escaped."""
    return _environment().get_template(f"{name}.html.j2").render(**values)


def told(entry: Entry) -> dict[str, Any]:
    """A run as lists and progress show it."""
    made = entry.manifest
    return {
        "id": entry.id,
        "name": entry.name,
        "state": entry.state,
        "kind": KINDS.get(entry.kind, entry.kind),
        "parts": list(entry.parts),
        "is_under_way": entry.is_under_way,
        "case": made.get("case", ""),
        "futures": made.get("futures", ""),
        "seed": made.get("seed", ""),
        "done": entry.progress.get("done", 0),
        "total": entry.progress.get("total", 0),
        "words": progress_words(entry.progress),
    }


def case_choices(name: str) -> dict[str, Any]:
    """What can be chosen of a case: policies, worlds, overlays, by id and title."""
    case = loaded_case(name)
    return {
        "case": case,
        "baseline": case.policy(case.baseline).short.lower(),
        "policies": [p for p in case.policies if p.id != case.baseline],
        "worlds": case.worlds,
        "overlays": case.overlays,
    }


def loaded_case(name: str) -> Case:
    """A case; a built-in one is read once, a folder each time, for it may have been edited."""
    from openchannel.usecases.cases import load

    return _builtin(name) if name in builtin_cases() else load(name)


@cache
def _builtin(name: str) -> Case:
    from openchannel.usecases.cases import load

    return load(name)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("openchannel.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
