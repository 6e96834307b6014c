"""The shapes of the parts of `believe.json` that come from a run's draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from openchannel.usecases.belief.data import measured, number

if TYPE_CHECKING:
    from openchannel.analysis.belief import (
        Box,
        Convergence,
        Index,
        Screened,
        SobolIndices,
        Stability,
    )
    from openchannel.analysis.choice import Choice, Scores
    from openchannel.analysis.draws import Draws
    from openchannel.analysis.inquiry import Evpi, Information, Inquiry, Matters, Where
    from openchannel.analysis.stakeholders import Judged, Views
    from openchannel.domain import Case, Collection, ValueSet

__all__ = ["evpi", "information", "matters", "robust", "values", "where"]


def _index(index: Index) -> dict[str, Any]:
    return {"name": index.name, **measured(index.value, index.error)}


def _ranked(indices: Iterable[Index]) -> dict[str, Any]:
    """Those told from nought, largest first; the rest by name alone."""
    from openchannel.analysis.belief import rank

    found = rank(indices)
    return {
        "ranked": [_index(i) for i in found.ranked],
        "not_told": [i.name for i in found.unranked],
        "by_chance": number(found.by_chance),
    }


def _convergence(found: Convergence) -> dict[str, Any]:
    return {
        "enough": bool(found.enough),
        "mcse": number(found.error),
        "wanted": number(found.wanted),
        "draws": found.draws,
        "more": found.more,
    }


# --- where it loses -----------------------------------------------------------------------------


def where(found: Where, inquiry: Inquiry, again: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Boxes with their curves and their stability, and the tree."""
    boxes = [
        {
            **_box(one.box),
            "limits": _limits(one.box, firm),
            "chosen": one.chosen,
            "curve": [_box(b) for b in one.curve],
            "held_out": {
                "coverage": measured(firm.coverage, firm.coverage_spread),
                "density": measured(firm.density, firm.density_spread),
            },
            "others": [{"name": n, "share": number(s)} for n, s in firm.others[:5]],
            "again": dict(fresh),
        }
        for one, firm, fresh in zip(found.boxes, found.stability, again, strict=True)
    ]
    return {
        "school": inquiry.school,
        "draws": inquiry.beliefs.n,
        "share": number(found.share),
        "boxes": boxes,
        "tree": {
            "explained": number(found.tree.explained),
            "leaves": [
                {
                    "limits": [_term(*t) for t in leaf.terms],
                    "mass": number(leaf.mass),
                    "coverage": number(leaf.coverage),
                    "density": number(leaf.density),
                }
                for leaf in found.tree.leaves
            ],
        },
    }


def _term(name: str, low: float, high: float) -> dict[str, Any]:
    return {"name": name, "low": number(low), "high": number(high)}


def _box(box: Box) -> dict[str, Any]:
    return {
        "limits": [{**_term(t.name, t.low, t.high), "quasi_p": number(t.quasi_p)}
                   for t in box.limits],
        "coverage": number(box.coverage),
        "density": number(box.density),
        "mass": number(box.mass),
    }  # fmt: skip


def _limits(box: Box, firm: Stability) -> list[dict[str, Any]]:
    by_name = {s.name: s for s in firm.limits}
    made = []
    for t in sorted(box.limits, key=lambda t: t.quasi_p):
        s = by_name[t.name]
        found = {"found": number(s.found), "low10": number(s.low), "high90": number(s.high)}
        made.append({**_term(t.name, t.low, t.high), "quasi_p": number(t.quasi_p), **found})
    return made


# --- what matters -------------------------------------------------------------------------------


def matters(
    found: Matters, school: str, screened: Sequence[Screened], designed: SobolIndices
) -> dict[str, Any]:
    """Every measure, ranked as far as its errors allow."""
    pairs = [
        {"one": a, "other": b, "rank_correlation": number(rho)}
        for a, b, rho in found.dependence.strongest[:5]
    ]
    return {
        "school": school,
        "sign": _ranked(found.sign),
        "best": _ranked(found.best),
        "size": _ranked(found.size),
        "modules": _ranked(found.modules),
        "shapley_modules": _ranked(found.shapley.effects),
        "shapley_total": _index(found.shapley.explained),
        "pawn": _ranked(found.pawn),
        "regional": [
            {**_index(r.distance), "shift": number(r.shift)}
            for r in sorted(found.regional, key=lambda r: -r.distance.value)
            if not r.distance.covers_zero
        ],
        "if_worse": _ranked(found.if_worse),
        "screening": [
            {**_index(s.effect), "change": number(s.mean), "spread": number(s.spread),
             "from_luck": number(s.from_luck), "told": bool(s.stands_out)}
            for s in sorted(screened, key=lambda s: -s.effect.value)
        ],
        "designed": {
            "first": [_index(i) for i in designed.first],
            "total": [_index(i) for i in designed.total],
            "points": designed.n_runs,
        },
        "dependence": {"misleads": bool(found.dependence.misleads), "strongest": pairs},
        "convergence": {k: _convergence(c) for k, c in found.convergence.items()},
    }  # fmt: skip


# --- what to find out ---------------------------------------------------------------------------


def evpi(found: Evpi) -> dict[str, Any]:
    """Perfect information, between what can be shown and what cannot be ruled out."""
    return {
        "at_least": measured(found.at_least.value, found.at_least.error),
        "at_most": number(found.at_most),
        "naive": number(found.naive),
        "school": measured(found.school.value, found.school.error),
    }


def information(
    case: Case, found: Information, questions: Sequence[Collection], inquiry: Inquiry
) -> dict[str, Any]:
    """Values of knowing, asking and setting, in equivalent deaths and in money."""
    from openchannel.analysis.belief import enough_for_sign

    texts = {q.id: q for q in questions}
    vsl = case.parameters["vsl_musd"].value * 1e6 if "vsl_musd" in case.parameters else None
    asked = sorted(found.questions, key=lambda i: -i.value)
    n = inquiry.beliefs.n
    return {
        "unit": "equivalent deaths",
        "usd_per_unit": number(vsl),
        "evpi": evpi(found.evpi),
        "within_school": {
            "at_least": measured(found.within.at_least.value, found.within.at_least.error),
            "modelled": number(found.within.modelled),
            "naive": number(found.within.naive),
        },
        "beliefs": _ranked(found.beliefs),
        "modules": _ranked(found.modules),
        "questions": [
            {
                **_index(i),
                "title": texts[i.name].title,
                "of": list(texts[i.name].of),
                "how": texts[i.name].how,
                "size": number(texts[i.name].size),
                "reasoning": texts[i.name].reasoning,
                "grade": texts[i.name].grade,
                "told": not i.covers_zero,
                "convergence": _convergence(enough_for_sign(i, n)),
            }
            for i in asked
        ],
        "control": [
            {**_index(c.saved), "setting": number(c.setting), "policy": found.policies[c.policy]}
            for c in sorted(found.control, key=lambda c: -c.saved.value)
            if not c.saved.covers_zero
        ],
    }


# --- what to choose -----------------------------------------------------------------------------


def robust(found: Choice, ceilings: Mapping[str, float]) -> dict[str, Any]:
    """Policies by criteria, pooled and by world."""
    return {
        "policies": list(found.policies),
        "ceilings": {k: number(v) for k, v in ceilings.items()},
        "criteria": [
            {"id": s.criterion.id, "title": s.criterion.title, "meaning": s.criterion.meaning,
             "better": s.criterion.better}
            for s in found.views[""]
        ],
        "views": {
            name or "pooled": {
                "concordance": number(found.concordance[name]),
                "scores": {s.criterion.id: _scores(found, s) for s in view},
            }
            for name, view in found.views.items()
        },
    }  # fmt: skip


def _scores(found: Choice, s: Scores) -> dict[str, Any]:
    return {
        "policies": {
            p: {
                "value": number(s.value[i]),
                "versus_baseline": measured(s.versus[i], s.error[i]),
                "rank": int(s.rank[i]),
                "first": number(s.first[i]),
            }
            for i, p in enumerate(found.policies)
        },
        "held_out": {
            "chosen": list(s.held_out.chosen),
            "versus_baseline": measured(s.held_out.versus, s.held_out.error),
        },
    }


def values(views: Views, sets: Sequence[ValueSet], draws: Draws) -> dict[str, Any]:
    """Scores of every value set, and where the sets agree."""
    from openchannel.analysis.stakeholders import agreement

    def named(places: Sequence[int]) -> list[str]:
        return [draws.policies[i] for i in places]

    told = {}
    for name, judged in views.items():
        above, below, split = agreement(judged)
        told[name or "pooled"] = {
            "sets": {j.values.id: _judged(j, draws.policies) for j in judged},
            "all_above": named(above),
            "all_below": named(below),
            "disputed": named(split),
        }
    return {
        "policies": list(draws.policies),
        "sets": [
            {"id": s.id, "title": s.title, "reasoning": s.reasoning, "grade": s.grade,
             "weights": {m: number(w) for m, w in s.weights.items()}}
            for s in sets
        ],
        "views": told,
    }  # fmt: skip


def _judged(judged: Judged, policies: Sequence[str]) -> dict[str, Any]:
    return {
        "policies": {
            p: {**measured(judged.score[i], judged.error[i]), "first": number(judged.first[i])}
            for i, p in enumerate(policies)
        },
        "best": policies[judged.best],
        "held_out": list(judged.held_out),
    }
