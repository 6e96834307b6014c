"""What a run was made of, as names and words: case, beliefs, policies, seed, versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["facts_of"]

Facts = Iterator[tuple[str, str]]


def facts_of(kind: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Facts about a run from its manifest, or from the file of what was found."""
    made = {"assess": _assessed, "history": _studied}.get(kind, _built)
    return list(made(data))


def _assessed(made: Mapping[str, Any]) -> Facts:
    own = made.get("own")
    yield "Case", f"{made['case']} ({_head(made['case_fingerprint'])})"
    if made.get("evidence_fingerprint"):
        yield "Evidence", _head(made["evidence_fingerprint"])
    yield "Policies", ", ".join(made["policies"])
    if made.get("baseline"):
        yield "Baseline", str(made["baseline"])
    yield "Schools of thought", ", ".join(made["worlds"])
    yield "Beliefs", _BELIEFS.get(made["beliefs"], f"school {made['beliefs']} alone")
    if own:
        yield "Own beliefs", f"{own['title']} ({_head(own['fingerprint'])})"
    if planned := made.get("own_policy"):
        yield "Own policy", f"{planned['title']} ({_head(planned['fingerprint'])})"
    if made["overlay"]:
        yield "Overlay", str(made["overlay"])
    yield "Futures of each policy in each school", f"{made['futures']:,}"
    if "n_draws" in made:
        each = f"{made['n_draws']:,} draws of beliefs, {made['n_replicates']:,} futures of each"
        yield "Of them", each
    yield "Seed", str(made["seed"])
    yield "Release", f"openchannel {made['openchannel']} (code {_head(made['code'])})"
    for name, value in (made.get("platform") or {}).items():
        yield _PLATFORM.get(name, name), str(value)
    for name, digest in (made.get("files") or {}).items():
        yield f"SHA-256 of {name}", str(digest)


def _studied(made: Mapping[str, Any]) -> Facts:
    yield "Case", f"{made['case']} ({_head(made['case_fingerprint'])})"
    evidence = made["evidence"]
    yield "Record", f"from {evidence['start']} to {evidence['end']}"
    yield "Evidence", _head(evidence["fingerprint"])
    yield "Draws of each model", f"{made['draws']:,}"
    passed = "all passed" if made["passes"] else "not all passed"
    fits = made.get("fits")  # earlier releases did not count them
    again = f"; {fits['second_attempts']} of {fits['n']} at a second attempt" if fits else ""
    yield "Checks of the samplers", f"{passed}{again}"
    yield "Seed", str(made["seed"])
    yield "Code", _head(made["code"])


def _built(made: Mapping[str, Any]) -> Facts:
    yield "Case", f"{made['case']} ({_head(made['case_fingerprint'])})"
    if limits := made.get("limits"):
        yield "Budget a year", f"${limits['budget_usd'] / 1e6:,.6g} million"
        people = limits["people"]
        yield "People", "no limit" if people is None else f"at most {people:,.6g}"
        yield "People added in a year", f"at most {limits['people_a_year']:,.6g}"
    if "worlds" in made:
        yield "Schools of thought", ", ".join(made["worlds"])
    if sizes := made.get("sizes"):
        yield "Futures in the final test", f"{sizes['test']:,}"
        yield "Searches", f"{sizes['searches']} of {sizes['generations']} generations"
    if "futures" in made:
        yield "Futures of each branch in each school", f"{made['futures']:,}"
    yield "Seed", str(made["seed"])
    yield "Code", _head(made["code"])


_BELIEFS = {
    "ranges": "drawn from their ranges",
    "modes": "central values",
}
_PLATFORM = {"python": "Python", "machine": "Machine", "system": "System"}


def _head(digest: object) -> str:
    """Enough of a fingerprint to tell two apart."""
    return str(digest)[:12]
