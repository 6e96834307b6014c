"""The shapes of `watch.json`; docs/reference/watch-file.md says every field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scipy import special

from openchannel.domain import Collection, Counted, Judged, Modelled, Sign, Succeeded
from openchannel.usecases.belief.data import measured, number, quantities

if TYPE_CHECKING:
    from openchannel.analysis.belief import Index
    from openchannel.analysis.draws import Draws
    from openchannel.analysis.foresee import Foreseen, Predicted
    from openchannel.analysis.reassess import Reassessed
    from openchannel.analysis.reweigh import Moved, Reweighed, Spread
    from openchannel.analysis.signs import Seen
    from openchannel.domain import Case
    from openchannel.usecases.runs.finished_run import Run
    from openchannel.usecases.signs.needs import Supposed

__all__ = [
    "alone",
    "decisive",
    "end",
    "expected",
    "foreseen",
    "header",
    "moved",
    "seen",
    "sign",
    "supposed",
]

_SCHEMA_VERSION = 1
_MOST_BELIEFS = 8
_SMALLEST = 0.02  # standard deviations


def header(run: Run, policy: str, day: dt.date) -> dict[str, Any]:
    """What was asked of which run."""
    from openchannel.usecases.runs.manifest import code_digest

    keys = ("seed", "futures", "n_draws", "n_replicates")
    return {
        "schema_version": _SCHEMA_VERSION,
        "case": run.case.id,
        "case_fingerprint": run.case.fingerprint,
        "code": code_digest(),
        "policy": policy,
        "baseline": run.case.baseline,
        "as_of": day.isoformat(),
        "run": {
            "folder": str(run.folder) if run.folder else None,
            **{k: run.summary[k] for k in keys},
            "evidence_fingerprint": run.manifest.get("evidence_fingerprint"),
        },
    }


# --- signs ---------------------------------------------------------------------------------------


def sign(given: Sign) -> dict[str, Any]:
    """What a sign is."""
    return {
        "id": given.id,
        "title": given.title,
        "grade": given.grade,
        "table": given.rows.table if given.rows else None,
        "likelihood": _likelihood(given),
        "reasoning": given.reasoning,
        "sources": list(given.sources),
    }


def _likelihood(given: Sign) -> dict[str, Any]:
    match given.likelihood:
        case Modelled(what, under, recorded):
            return {"how": "modelled", "what": what, "under": under, "recorded": recorded}
        case Counted(rate, recorded):
            return {"how": "counted", "rate": rate.text, "recorded": recorded}
        case Succeeded(chance, trials):
            return {"how": "succeeded", "chance": chance.text, "trials": trials}
        case Judged() as judged:
            return {"how": "judged", **asdict(judged)}


def seen(given: Seen) -> dict[str, Any]:
    """What a sign has shown, and between which days."""
    last = given.first + dt.timedelta(days=7 * given.weeks - 1)
    return {
        "count": given.count,
        "trials": given.trials or None,
        "first": given.first.isoformat(),
        "last": last.isoformat(),
        "weeks": given.weeks,
    }


def expected(given: Predicted) -> dict[str, Any]:
    """What was to be expected of it."""
    return {k: number(v) for k, v in asdict(given).items()}


def alone(held: Reweighed, found: Reassessed) -> dict[str, Any]:
    """What one sign by itself makes of the answer."""
    return _weights(held) | _policy(found)


def _weights(held: Reweighed) -> dict[str, Any]:
    return {
        "possible": held.possible,
        "effective_draws": number(held.effective),
        "draws": int(held.log_likelihood.shape[1]),
        "enough": held.possible and held.is_enough,
    }


def _moved(found: Moved) -> dict[str, Any]:
    names = ("before", "after", "change")
    parts = {n: getattr(found, n) for n in names}
    return {n: measured(p.mean, p.mcse) for n, p in parts.items()} | {
        "told": found.change.is_measurable
    }


def _policy(found: Reassessed) -> dict[str, Any]:
    return {
        "gain": _moved(found.gain),
        "worse": _moved(found.worse),
        "verdict_before": str(found.before),
        "verdict_after": str(found.after),
        "changes": found.changes,
    }


def moved(
    run: Run,
    draws: Draws,
    held: Reweighed,
    policies: Sequence[Reassessed],
    decisive: Sequence[str],
) -> dict[str, Any]:
    """What evidence makes of schools, beliefs and policies."""
    worlds = {
        w: {"title": run.case.world(w).title, **_moved(held.world(i))}
        for i, w in enumerate(draws.worlds)
    }
    return {
        **_weights(held),
        "bar": number(_bar(len(draws.quantities))),
        "worlds": worlds,
        "beliefs": _beliefs(run.case, draws, held, decisive),
        "policies": {
            p.policy: {"title": run.case.policy(p.policy).short, **_policy(p)} for p in policies
        },
    }


def _bar(n: int) -> float:
    """Errors from which a move is told, so that among `n` beliefs hardly one is by accident.

    In nineteen of twenty pages none is (Bonferroni); among a hundred, two errors would tell five.
    """
    return float(special.ndtri(1.0 - 0.05 / (2.0 * max(n, 1))))


def _beliefs(
    case: Case, draws: Draws, held: Reweighed, decisive: Sequence[str]
) -> list[dict[str, Any]]:
    """Beliefs that moved most, and those that the answer turns on, whether they moved or not."""
    found = {}
    for i, name in enumerate(draws.quantities):
        values = draws.beliefs[:, :, i]
        found[name] = (held.mean(values), held.spread(values, after=False), values)
    size = {n: m.change.mean / s.sd if s.sd > 0.0 else 0.0 for n, (m, s, _) in found.items()}
    bar = _bar(len(found))
    told = [
        n
        for n, (m, _, _) in found.items()
        if abs(m.change.mean) >= bar * m.change.mcse and abs(size[n]) >= _SMALLEST
    ]
    told.sort(key=lambda n: -abs(size[n]))
    wanted = dict.fromkeys((*told[:_MOST_BELIEFS], *decisive[:_MOST_BELIEFS]))
    words = _words(case, wanted)
    return [
        {
            "quantity": name,
            "label": _label(case, name, words[name]),
            "unit": words[name]["unit"],
            "grade": words[name]["grade"],
            "decides": name in decisive,
            "before": _spread(found[name][1]),
            "after": _spread(held.spread(found[name][2], after=True)) if held.possible else None,
            "change_in_sd": measured(
                size[name], found[name][0].change.mcse / max(found[name][1].sd, 1e-300)
            ),
            "told": name in told,
        }
        for name in wanted
    ]


def _words(case: Case, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What each belief is, in words."""
    from openchannel.analysis.belief_axes import axes_of

    wanted = tuple(names)
    axes = {a.name: a for a in axes_of(case) if a.name in wanted}
    return quantities(case, axes, wanted)


_RECEPTIVITY = {"0": "closed", "1": "wary", "2": "open"}


def _label(case: Case, name: str, told: Mapping[str, Any]) -> str:
    """A belief in words; the elements of receptivity are numbers in the files."""
    parameter = case.parameters.get(told["parameter"])
    word = _RECEPTIVITY.get(name.rpartition("_")[2], "")
    if parameter is None or parameter.index != "receptivity" or not word:
        return str(told["label"])
    return f"{parameter.label.partition(':')[0]}: {word}"


def _spread(given: Spread) -> dict[str, Any]:
    return {k: number(v) for k, v in asdict(given).items()}


def supposed(given: Supposed, held: Reweighed, found: Reassessed) -> dict[str, Any]:
    """One supposition, and what it alone makes of the answer."""
    return {
        "id": given.about.id,
        "title": given.about.title,
        "how": _how(given.about),
        "value": number(given.value),
        "trials": given.trials or _trials(given.about),
        "alone": alone(held, found),
    }


def _how(about: Sign | Collection) -> str:
    return about.how if isinstance(about, Collection) else str(_likelihood(about)["how"])


def _trials(about: Sign | Collection) -> int | None:
    """Trials of a question; those of a sign are given with what it shows."""
    if isinstance(about, Collection) and about.how == "succeeded":
        return int(about.size)
    return None


# --- what may come -------------------------------------------------------------------------------


def foreseen(found: Foreseen, about: Sign | Collection, trials: int) -> dict[str, Any]:
    """How far a sign may move the answer."""
    return {
        "id": about.id,
        "title": about.title,
        "kind": "question" if isinstance(about, Collection) else "sign",
        "in_record": isinstance(about, Sign) and about.rows is not None,
        "grade": about.grade,
        "how": _how(about),
        "trials": trials or _trials(about),
        "move": measured(found.move.mean, found.move.mcse),
        "told": found.move.mean > 0.0,
        "saves": measured(found.saves.mean, found.saves.mcse),
    }


def end(value: float, held: Reweighed, found: Reassessed) -> dict[str, Any]:
    """The answer if a sign shows one value."""
    return {"value": number(value), **alone(held, found)}


def decisive(
    case: Case,
    found: Sequence[Index],
    signs: Sequence[Sign],
    questions: Sequence[Collection],
) -> list[dict[str, Any]]:
    """Beliefs that the answer turns on, and which signs and questions name them."""
    wanted = [i.name for i in found[:_MOST_BELIEFS]]
    words = _words(case, wanted)
    return [
        {
            "quantity": i.name,
            "label": _label(case, i.name, words[i.name]),
            "share": measured(i.value, i.error),
            "signs": [s.id for s in signs if i.name in _named(s)],
            "questions": [q.id for q in questions if i.name in q.of],
        }
        for i in found[:_MOST_BELIEFS]
    ]


def _named(given: Sign) -> tuple[str, ...]:
    """Quantities that a likelihood names; the model's futures rest on all of them."""
    match given.likelihood:
        case Counted(rate, _):
            return rate.names
        case Succeeded(chance, _):
            return chance.names
        case Judged() as judged:
            return (judged.belief,)
        case _:
            return ()
