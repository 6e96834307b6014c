"""What `believe` might have found about the small case: numbers fixed by hand, nothing real."""

from __future__ import annotations

import copy
from typing import Any

NOWHERE = {"status": "none", "place": None, "place_mcse": None, "value": None,
           "value_mcse": None, "better_above": None, "crossings": 0}  # fmt: skip
CROSSES = {"status": "crosses", "place": -0.5, "place_mcse": 0.04, "value": 0.15,
           "value_mcse": 0.012, "better_above": True, "crossings": 1}  # fmt: skip


def reading(gains: tuple[float, float, float], threshold: dict[str, Any], error: float = 100.0):
    values = (0.0, 0.3, 0.6)
    return {
        "points": [
            {"place": p, "value": v, "mean": g, "mcse": error}
            for p, v, g in zip((-1.0, 0.0, 1.0), values, gains, strict=True)
        ],
        "threshold": dict(threshold),
    }


def belief(quantity: str, central: dict[str, Any], drawn: dict[str, Any] | None = None):
    def both(one):
        return None if one is None else {"N0": one, "N2": copy.deepcopy(one)}

    return {"quantity": quantity, "low": 0.0, "default": 0.3, "high": 0.6,
            "central": both(central), "drawn": both(drawn)}  # fmt: skip


def words_of(label: str, parameter: str = "e_f") -> dict[str, Any]:
    return {"parameter": parameter, "label": label, "unit": "share", "module": "crisis",
            "grade": "C", "how": "value", "elements": [], "low": 0.0, "default": 0.3,
            "high": 0.6}  # fmt: skip


def index(name: str, mean: float, error: float) -> dict[str, Any]:
    return {"name": name, "mean": mean, "mcse": error}


def ranked(*found: dict[str, Any]) -> dict[str, Any]:
    return {"ranked": list(found), "not_told": [], "by_chance": 0.1}


ENOUGH = {"enough": True, "mcse": 0.02, "wanted": 0.1, "draws": 200, "more": 0}

BOX = {
    "limits": [{"name": "e_f", "low": None, "high": 0.117, "quasi_p": 1e-9, "found": 0.8,
                "low10": 0.1, "high90": 0.14}],
    "coverage": 0.74, "density": 0.61, "mass": 0.11, "chosen": 1,
    "curve": [
        {"limits": [], "coverage": 1.0, "density": 0.2, "mass": 1.0},
        {"limits": [{"name": "e_f", "low": None, "high": 0.117, "quasi_p": 1e-9}],
         "coverage": 0.74, "density": 0.61, "mass": 0.11},
    ],
    "held_out": {"coverage": {"mean": 0.7, "mcse": 0.1}, "density": {"mean": 0.55, "mcse": 0.1}},
    "others": [],
    "again": {"inside": {"mean": -500.0, "mcse": 90.0}, "outside": {"mean": 4200.0, "mcse": 300.0},
              "mass": 0.12},
}  # fmt: skip


def score(versus: float, error: float, rank: int, first: float) -> dict[str, Any]:
    return {"value": 50_000.0 + versus, "versus_baseline": {"mean": versus, "mcse": error},
            "rank": rank, "first": first}  # fmt: skip


def view(n1_first: float = 1.0) -> dict[str, Any]:
    scores = {
        "expected": {
            "policies": {"N0": score(0.0, 0.0, 2, 0.0), "N1": score(-4000.0, 300.0, 1, n1_first),
                         "N2": score(10.0, 100.0, 3, 0.0)},
            "held_out": {"chosen": ["N1", "N1"],
                         "versus_baseline": {"mean": -3900.0, "mcse": 320.0}},
        },
        "satisficing": {
            "policies": {"N0": score(0.0, 0.0, 1, 0.6), "N1": score(-0.1, 0.02, 3, 0.1),
                         "N2": score(0.0, 0.0, 2, 0.3)},
            "held_out": {"chosen": ["N0", "N2"], "versus_baseline": {"mean": 0.0, "mcse": 0.0}},
        },
    }  # fmt: skip
    return {"concordance": 0.5, "scores": scores}


def judged(n1: float, n2: float, best: str) -> dict[str, Any]:
    policies = {
        "N0": {"mean": 0.0, "mcse": 0.0, "first": 0.0},
        "N1": {"mean": n1, "mcse": 0.05, "first": 0.95 if best == "N1" else 0.0},
        "N2": {"mean": n2, "mcse": 0.05, "first": 0.9 if best == "N2" else 0.0},
    }
    return {"policies": policies, "best": best, "held_out": [best, best]}


def value_view() -> dict[str, Any]:
    return {
        "sets": {"deaths": judged(0.8, -0.2, "N1"), "cost": judged(-0.7, 0.02, "N2")},
        "all_above": [], "all_below": [], "disputed": ["N1"],
    }  # fmt: skip


def thresholds() -> dict[str, Any]:
    """The part of the file with the lines that a belief must cross."""
    crossing = reading((-900.0, 800.0, 2500.0), CROSSES)
    sure = reading((1500.0, 800.0, 700.0), NOWHERE)
    known = {"N0": {"mean": 800.0, "mcse": 40.0}, "N2": {"mean": 810.0, "mcse": 60.0}}
    level = {"gain": known, "baseline_loss": 50_000.0}
    return {
        "known": {"central": level, "drawn": copy.deepcopy(level)},
        "beliefs": [belief("e_f", crossing, reading((-400.0, 900.0, 3000.0), CROSSES)),
                    belief("q_on", sure)],
        "factors": [],
        "cost": {"breakeven_usd": {"mean": 4e10, "mcse": 4e9}, "cost_usd": 1.2e8},
        "pairs": [
            {"x": "e_f", "y": "q_on", "rival": "N0", "xs": [0.0, 0.3, 0.6],
             "ys": [0.1, 0.3, 0.5], "gain": [[-900.0, 10.0, 900.0]] * 3,
             "gain_mcse": [[100.0] * 3] * 3, "lines": [[[0.29, 0.1], [0.29, 0.5]]],
             "x_range": [0.0, 0.3, 0.6], "y_range": [0.1, 0.3, 0.5],
             "share_worse": 0.333}
        ],
    }  # fmt: skip


def where() -> dict[str, Any]:
    """The part of the file with the box and the tree."""
    return {
        "school": "V1", "draws": 200, "share": 0.18, "boxes": [copy.deepcopy(BOX)],
        "tree": {"explained": 0.2, "leaves": [
            {"limits": [{"name": "e_f", "low": None, "high": 0.1}], "mass": 0.1,
             "coverage": 0.5, "density": 0.7},
            {"limits": [{"name": "e_f", "low": 0.1, "high": None}], "mass": 0.9,
             "coverage": 0.5, "density": 0.1},
        ]},
    }  # fmt: skip


def matters() -> dict[str, Any]:
    """The part of the file with what the decision turns on."""
    return {
        "school": "V1", "sign": ranked(index("e_f", 0.187, 0.02), index("q_on", 0.08, 0.02)),
        "best": ranked(index("e_f", 0.1, 0.02)), "size": ranked(), "modules": ranked(),
        "shapley_modules": ranked(index("crisis", 0.2, 0.02)),
        "shapley_total": index("all beliefs", 0.3, 0.03), "pawn": ranked(), "regional": [],
        "if_worse": ranked(),
        "screening": [{**index("e_f", 3000.0, 200.0), "change": 2900.0, "spread": 800.0,
                       "from_luck": 90.0, "told": True}],
        "designed": {"first": [index("e_f", 0.6, 0.1)], "total": [index("e_f", 0.8, 0.1)],
                     "points": 1024},
        "dependence": {"misleads": True, "strongest": [
            {"one": "e_f", "other": "q_on", "rank_correlation": 0.5}]},
        "convergence": {"sign": dict(ENOUGH)},
    }  # fmt: skip


def information() -> dict[str, Any]:
    """The part of the file with what finding out is worth."""
    return {
        "unit": "equivalent deaths", "usd_per_unit": 1e7,
        "evpi": {"at_least": {"mean": 1440.0, "mcse": 98.0}, "at_most": 2190.0,
                 "naive": 3500.0, "school": {"mean": 1100.0, "mcse": 120.0}},
        "within_school": {"at_least": {"mean": 200.0, "mcse": 150.0}, "modelled": 900.0,
                          "naive": 2900.0},
        "beliefs": ranked(index("e_f", 310.0, 83.0)), "modules": ranked(),
        "questions": [
            {**index("games", 220.0, 60.0), "title": "Play crises and count readings",
             "of": ["e_f"], "how": "measured", "size": 0.1, "reasoning": "Judged.",
             "grade": "C", "told": True, "convergence": dict(ENOUGH)},
            {**index("watch", 10.0, 40.0), "title": "Watch for a year", "of": ["q_on"],
             "how": "counted", "size": 1.0, "reasoning": "Judged.", "grade": "C",
             "told": False, "convergence": {**ENOUGH, "enough": False, "more": 9000}},
        ],
        "control": [{**index("e_f", 900.0, 200.0), "setting": 0.55, "policy": "N1"}],
    }  # fmt: skip


def robust() -> dict[str, Any]:
    """The part of the file with the criteria of robust choice."""
    return {
        "policies": ["N0", "N1", "N2"],
        "ceilings": {"p_war": 0.08, "p_nuclear_use": 0.02, "programme_cost_usd": 4e8},
        "criteria": [
            {"id": "expected", "title": "Expected loss", "meaning": "mean over beliefs",
             "better": "low"},
            {"id": "satisficing", "title": "Keeps every ceiling", "meaning": "share of beliefs",
             "better": "high"},
        ],
        "views": {"pooled": view(), "V1": view(), "V2": view(0.4)},
    }  # fmt: skip


def values() -> dict[str, Any]:
    """The part of the file with the sets of values."""
    return {
        "policies": ["N0", "N1", "N2"],
        "sets": [
            {"id": "deaths", "title": "Minimise deaths", "reasoning": "Lives first.",
             "grade": "C", "weights": {"fatalities": 1.0}},
            {"id": "cost", "title": "Cost first", "reasoning": "Money first.", "grade": "C",
             "weights": {"programme_cost_usd": 1.0}},
        ],
        "views": {"pooled": value_view(), "V1": value_view(), "V2": value_view()},
    }  # fmt: skip


def example_believe() -> dict[str, Any]:
    """A whole `believe.json` about N1, held against N0 and N2."""
    return {
        "schema_version": 1, "case": "example", "title": "Talks between two neighbours",
        "policy": "N1", "baseline": "N0", "isolation": "N2", "rivals": ["N0", "N2"], "seed": 3,
        "run": {"summary": "", "seed": 7, "futures": 4000, "n_draws": 200, "n_replicates": 20,
                "case_fingerprint": "0123456789abcdef" * 4},
        "sizes": {"known": 16384, "screen": 1024, "near": 4096, "grid": 512, "point": 64,
                  "draws": 256, "each": 8},
        "quantities": {"e_f": words_of("Fewer false readings"), "q_on": words_of("Onset", "q_on")},
        "thresholds": thresholds(),
        "where": where(),
        "matters": matters(),
        "information": information(),
        "robust": robust(),
        "values": values(),
    }  # fmt: skip
