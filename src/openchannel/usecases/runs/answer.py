"""The answer of an assessment in three lines: the question, the verdict, where it flips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from openchannel.domain.lengths import WEEKS_A_YEAR

if TYPE_CHECKING:
    from openchannel.domain import Case

__all__ = ["VERDICT_WORDS", "answer", "policy_rows", "progress_words", "sharpened", "world_rows"]

VERDICT_WORDS = {
    "better": "better",
    "worse": "worse",
    "no_measurable_difference": "no measurable difference",
    "depends_on_beliefs": "it depends on beliefs",
}


def answer(summary: Mapping[str, Any], case: Case) -> list[str]:
    """Three lines about the policy that the case is about, or the first of those that ran."""
    judged = summary["wager"]
    if not judged:
        war = _level(summary["policies"][summary["baseline"]], "p_war")
        return [case.question, f"Only the baseline ran: chance of war {war}.", _NOTHING_TO_FLIP]
    policy = case.focal if case.focal in judged else next(iter(judged))
    return [case.question, _verdict(summary, policy), _flips(summary, policy)]


_NOTHING_TO_FLIP = "Name a policy with --policy to have it compared."


def _verdict(summary: Mapping[str, Any], policy: str) -> str:
    ours = summary["policies"][policy]
    base = summary["policies"][summary["baseline"]]
    word = VERDICT_WORDS[summary["wager"][policy]["verdict"]]
    size = _loss(summary["wager"][policy])
    told = f" ({size})" if size != word else ""
    years = round(summary["horizon_weeks"] / WEEKS_A_YEAR)
    cost = _money(summary["wager"][policy]["cost_usd"])
    return (
        f"{ours['short']} against {base['short'].lower()}: {word}, by the composite loss{told}. "
        f"Chance of war in {years} years {_level(ours, 'p_war')} against {_level(base, 'p_war')}: "
        f"{_difference(ours['versus_baseline']['p_war'])}. Extra cost {cost}. "
        "(\N{PLUS-MINUS SIGN} is one standard error.)"
    )


def _level(policy: Mapping[str, Any], metric: str) -> str:
    from openchannel.report.numbers import Measured, level

    found = policy["metrics"][metric]
    return level(Measured(found["mean"], found["mcse"]), "percent")


def _difference(found: Mapping[str, float]) -> str:
    """A difference in points with its error, if it can be told from nothing."""
    from openchannel.report.numbers import Measured, difference

    return difference(Measured(found["mean"], found["mcse"]), "points")


def _loss(wager: Mapping[str, float]) -> str:
    """Change of the composite loss, in equivalent deaths, with its error."""
    from openchannel.report.numbers import Measured, difference

    change = Measured(-wager["mean_gain"], wager["mean_gain_mcse"])
    return difference(change, "count", "equivalent deaths")


def _flips(summary: Mapping[str, Any], policy: str) -> str:
    """Worlds by what they say of a policy, in the order better, worse, none, depends."""
    groups: dict[str, list[str]] = {word: [] for word in VERDICT_WORDS.values()}
    for world_id, world in summary["worlds"].items():
        word = VERDICT_WORDS[world["wager"][policy]["verdict"]]
        groups[word].append(f"{world['title']} ({world_id})")
    said = [f"{word} in {', '.join(worlds)}" for word, worlds in groups.items() if worlds]
    if len(summary["worlds"]) == 1:
        return f"One world ran: {said[0]}."
    lead = "Where it flips, by world" if len(said) > 1 else "It does not flip between worlds"
    return f"{lead}: {'; '.join(said)}."


def sharpened(summary: Mapping[str, Any]) -> list[str]:
    """What further futures say of the chance of war, a line a policy; nothing where none ran."""
    found = summary.get("sharpened")
    if found is None:
        return []
    if not found["policies"]:
        return ["No further futures were needed: every difference in the chance of war is clear."]
    against = summary["policies"][summary["baseline"]]["short"].lower()
    futures = f"{found['futures']:,} further futures"
    lines = [f"With {futures}, chance of war against {against}; pooled, then by world:"]
    for policy, pooled in found["policies"].items():
        worlds = [f"{w} {_difference(own[policy]['p_war'])}" for w, own in found["worlds"].items()]
        told = "; ".join([_difference(pooled["p_war"]), *worlds])
        lines.append(f"{summary['policies'][policy]['short']} ({policy}): {told}.")
    return lines


def _money(dollars: float) -> str:
    """Dollars in millions or billions, with a sign for a saving.

    Examples
    --------
    >>> _money(167_213_944.3), _money(-2.5e9)
    ('$167 million', '-$2.5 billion')
    """
    sign, size = ("-" if dollars < 0 else ""), abs(dollars)
    if size >= 1e9:
        return f"{sign}${size / 1e9:.1f} billion"
    return f"{sign}${size / 1e6:.0f} million"


def policy_rows(summary: Mapping[str, Any]) -> list[dict[str, str]]:
    """Policies side by side, as words: name, verdict, change of loss, chance of war, cost."""
    rows = []
    for policy, found in summary["policies"].items():
        judged = summary["wager"].get(policy)
        rows.append(
            {
                "id": policy,
                "name": str(found["short"]),
                "verdict": VERDICT_WORDS[judged["verdict"]] if judged else "the baseline",
                "loss": _loss(judged) if judged else "",
                "war": _level(found, "p_war"),
                "cost": _money(judged["cost_usd"]) if judged else "",
            }
        )
    return rows


def world_rows(summary: Mapping[str, Any], policy: str) -> list[dict[str, str]]:
    """Worlds side by side about one policy, as words."""
    return [
        {
            "id": world,
            "name": str(found["title"]),
            "verdict": VERDICT_WORDS[found["wager"][policy]["verdict"]],
            "loss": _loss(found["wager"][policy]),
        }
        for world, found in summary["worlds"].items()
    ]


def progress_words(progress: Mapping[str, Any]) -> str:
    """How far a run is, and the answer so far with its error, in one sentence each."""
    if not progress:
        return "Not begun."
    if "words" in progress:  # a design or a hedge: its steps have names and no common measure
        return str(progress["words"])
    words = f"{progress['done']:,} of {progress['total']:,} futures."
    if progress.get("estimate") is not None and progress.get("error") is not None:
        so_far = {"mean": progress["estimate"], "mcse": progress["error"]}
        words += f" Chance of war so far, against the baseline: {_difference(so_far)}."
    if progress["done"] == 0:
        return (
            f"{words} The first run on a machine takes minutes longer: the simulator is compiled."
        )
    if progress["done"] >= progress["total"]:
        return (
            f"{words} Now the sides of the ledger are switched on and off, and the brief written."
        )
    left = progress.get("seconds_left")
    return f"{words} About {max(1, round(left))} s left." if left else words
