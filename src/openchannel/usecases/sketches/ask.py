"""What a page asks to have sketched: now, at the start, and before the last move; read strictly."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from openchannel.analysis.changes import Side
from openchannel.casefile import case_source
from openchannel.errors import Problem, UserError
from openchannel.usecases.belief.rows import Moved, belief_rows, moved_words, own_text
from openchannel.usecases.settings import is_whole_number
from openchannel.usecases.shelf.recipe import answer_recipe, steps_recipe
from openchannel.usecases.sketches.sketch import Sketch, Sketches, sizes
from openchannel.usecases.sketches.told import told_change, told_sketch

if TYPE_CHECKING:
    from openchannel.analysis.summary import Findings
    from openchannel.domain import Case

__all__ = ["Ask", "answer_ask", "read_ask", "read_query"]

_TEXTS = ("policy", "baseline", "own_policy", "beliefs", "overlay", "start", "from_policy")
_LONGEST = 60_000
_MOST_MOVED = 200


@dataclass(frozen=True, slots=True)
class Ask:
    """Sketches that an answer holds against each other, and in words what parts them.

    start, before : None where there is nothing to hold against
    """

    now: Sketch
    start: Sketch | None = None
    before: Sketch | None = None
    since_start: tuple[str, ...] = ()
    since_before: tuple[str, ...] = ()


def read_ask(case: Case, data: Mapping[str, Any]) -> Ask:
    """An ask from what a page sends.

    Fields: `policy`, `baseline`, `overlay`, `seed`, `own_policy` (a text); either `beliefs`
    (`ranges` or a school), or `start`, `moved` (beliefs by name as [low, high]) and `off` (claims
    that are switched off); `before`, the `moved` and `off` before the last change; `from_policy`,
    the policy that a policy of one's own began from.

    Raises
    ------
    UserError
        With every problem.
    """
    given = {name: _text(data, name) for name in _TEXTS}
    seed = data.get("seed", 1)
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise UserError(_unfit("seed", "a whole number"))
    common = Sketch(
        given["policy"] or case.focal,
        given["baseline"],
        own_policy=given["own_policy"],
        overlay=given["overlay"],
        seed=seed,
    )
    if given["beliefs"]:
        seen = replace(common, beliefs=given["beliefs"])
        return _about_policy(case, seen, given["from_policy"])
    now, nothing, start = _read_state(data), _State(), given["start"]
    last = data.get("before")
    before = now if last is None else _read_state(last)

    def under(state: _State) -> Sketch:
        return replace(common, own=own_text(case, start, state.moved, state.off))

    def since(state: _State) -> tuple[str, ...]:
        return tuple(moved_words(case, start, state.moved, now.moved, state.off, now.off))

    asked = Ask(under(now))
    if common.own_policy:
        return _about_policy(case, asked.now, given["from_policy"])
    if now != nothing:
        asked = replace(asked, start=under(nothing), since_start=since(nothing))
    if before not in (now, nothing):
        asked = replace(asked, before=under(before), since_before=since(before))
    return asked


def read_query(case: Case, query: Mapping[str, str]) -> dict[str, Any]:
    """An ask from the address of a page: settings, and `NAME.low`, `NAME.high` of what is moved.

    A form without scripts sends every belief; those that stand where they stood are left out.

    Raises
    ------
    UserError
        With every entry that cannot be read.
    """
    problems: list[Problem] = []
    seed = query.get("seed") or "1"
    if not is_whole_number(seed):
        problems.append(_unfit("seed", "a whole number"))
    names = dict.fromkeys(k.rpartition(".")[0] for k in query if k.endswith((".low", ".high")))
    rows = {r.id: r for r in belief_rows(case, query.get("start", ""))}
    moved = {}
    for name in names:
        try:
            ends = tuple(float(query.get(f"{name}.{end}", "")) for end in ("low", "high"))
        except ValueError:
            ends = (math.nan, math.nan)
        if name not in rows or not all(math.isfinite(x) for x in ends):
            problems.append(
                _unfit(name[:40], "a belief of the case, and two numbers, low and high")
            )
        elif ends != (rows[name].low, rows[name].high):
            moved[name] = ends
    if problems:
        raise UserError(problems)
    return {
        "start": query.get("start", ""),
        "policy": query.get("policy") or case.focal,
        "baseline": query.get("baseline") or case.baseline,
        "overlay": query.get("overlay", ""),
        "seed": int(seed),
        "moved": moved,
        "off": [claim for claim in query.get("off", "").split(",") if claim],
    }


def answer_ask(
    ask: Ask, futures: int, sketches: Sketches, stopped: Callable[[], bool]
) -> dict[str, Any] | None:
    """The answer after so many futures; None where it was stopped before it was there."""
    sides: list[Side | None] = []
    for sketch in (ask.now, ask.start, ask.before):
        if sketch is None:
            sides.append(None)
            continue
        found = sketches.grow(sketch, futures, stopped)
        if found is None:
            return None
        sides.append(Side(found, sketch.policy))
    now, start, before = sides
    assert now is not None
    told = told_sketch(now) | _recipes(ask.now, now.findings)
    if start is not None:
        told["start"] = told_sketch(start)
        told["since_start"] = told_change(start, now, ask.since_start)
    if before is not None:
        told["before"] = told_sketch(before)
        told["since_before"] = told_change(before, now, ask.since_before)
    return told


def _recipes(sketch: Sketch, found: Findings) -> dict[str, Any]:
    """How to have the answer without the app, and the answers before it from fewer futures."""
    case = found.case
    asked = {
        "case_source": case_source(case),
        "own": {"text": sketch.own},
        "own_policy": {"text": sketch.own_policy},
        "policies": list(found.plan.policies),
        "baseline": sketch.baseline,
        "futures": found.plan.futures,
        "seed": sketch.seed,
        "beliefs": sketch.beliefs,
        "overlay": sketch.overlay,
    }
    until = [n for n in sizes() if n <= found.plan.futures]
    return {
        "again": asdict(answer_recipe(asked, sketch.policy)),
        "again_each": asdict(steps_recipe(asked, sketch.policy, until)),
    }


@dataclass(frozen=True, slots=True)
class _State:
    """A state of the page of beliefs: what is moved, and which claims are switched off."""

    moved: Moved = field(default_factory=dict)
    off: tuple[str, ...] = ()


def _read_state(given: Any) -> _State:
    if not isinstance(given, Mapping):
        raise UserError(_unfit("before", "a mapping with `moved` and `off`"))
    off = given.get("off", [])
    if not isinstance(off, list) or len(off) > _MOST_MOVED or not all(map(_is_text, off)):
        raise UserError(_unfit("off", "a list of ids of the ledger"))
    return _State(_read_moved(given.get("moved")), tuple(off))


def _is_text(x: Any) -> bool:
    return isinstance(x, str)


def _read_moved(given: Any) -> dict[str, tuple[float, float]]:
    """Beliefs by name as [low, high]; raises `UserError` where it is not that."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or len(given) > _MOST_MOVED:
        raise UserError(_unfit("moved", "a mapping from belief to [low, high]"))
    moved = {}
    for name, ends in given.items():
        numbers = isinstance(ends, list | tuple) and len(ends) == 2
        if not numbers or not all(_is_number(x) for x in ends):
            raise UserError(_unfit(str(name)[:40], "two numbers, low and high"))
        moved[str(name)] = (float(ends[0]), float(ends[1]))
    return moved


def _about_policy(case: Case, now: Sketch, origin: str) -> Ask:
    """A policy of one's own, held against the one that it began from."""
    if not now.own_policy or not origin:
        return Ask(now)
    start = replace(now, policy=origin, own_policy="")
    names = {p.id: p.short for p in case.policies}
    return Ask(
        now, start=start, since_start=(f"This policy in place of “{names.get(origin, origin)}”",)
    )


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise UserError(_unfit(name, f"a text of at most {_LONGEST:,} characters"))
    return value


def _is_number(x: Any) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool) and math.isfinite(x)


def _unfit(field: str, allowed: str) -> Problem:
    return Problem("page", field, "this is not what the app can read", allowed, "correct the entry")
