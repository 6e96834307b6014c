"""The answer in words, by rule from the verdict and the numbers; and small helps of grammar."""

from __future__ import annotations

from collections.abc import Sequence

from openchannel.analysis import Verdict
from openchannel.domain import Policy
from openchannel.report.findings import Findings, Wager, WorldFindings
from openchannel.report.model import Span, Text, say, words
from openchannel.report.numbers import (
    Measured,
    difference,
    is_measurable,
    level,
    share,
    spoken,
)

__all__ = [
    "answer",
    "baseline_words",
    "channel_words",
    "count_words",
    "in_sentence",
    "listed",
    "shortened",
    "verdict_words",
    "years_words",
]

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
          "eleven", "twelve")  # fmt: skip

#: The four verdicts as they stand in tables.
_VERDICTS = {
    Verdict.BETTER: "better",
    Verdict.WORSE: "worse",
    Verdict.NONE: "no measurable difference",
    Verdict.DEPENDS: "depends on beliefs",
}


def verdict_words(verdict: str) -> str:
    """A verdict as it stands in tables."""
    return _VERDICTS[Verdict(verdict)]


def count_words(n: int) -> str:
    """Small counts in words, others in figures."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else f"{n:,}"


def years_words(years: float) -> str:
    """A horizon in words: `ten years`, `2.5 years`."""
    if years == round(years):
        n = round(years)
        return "one year" if n == 1 else f"{count_words(n)} years"
    return f"{years:.1f} years"


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def in_sentence(title: str) -> str:
    """A title inside a sentence: its first letter small, unless it begins a name in capitals."""
    head = title.partition(":")[0].strip()
    if len(head) > 1 and (head[1].isupper() or not head[0].isalpha()):
        return head
    return head[:1].lower() + head[1:]


def channel_words(name: str) -> str:
    """A channel inside a sentence; one that begins with a proper name stays as it is.

    Examples
    --------
    >>> channel_words("General officer talks"), channel_words("New York channel")
    ('general officer talks', 'New York channel')
    """
    second = name.partition(" ")[2][:1]
    return name if second.isupper() else in_sentence(name)


def shortened(name: str, most: int) -> str:
    """A name cut at a word, to `most` characters, so that it fits beside a chart.

    Examples
    --------
    >>> shortened("R12 Political cost at home; a fragile policy is worse than none", 52)
    'R12 Political cost at home; a fragile policy is…'
    """
    if len(name) <= most:
        return name
    kept = name[:most].rpartition(" ")[0] or name[: most - 1]
    return kept.rstrip(" ,;:") + "…"


def baseline_words(policy: Policy) -> str:
    """The baseline inside a sentence: `the status quo`, or its short name in quotation marks."""
    name = in_sentence(policy.short)
    return "the status quo" if name == "status quo" else f"“{policy.short}”"


def _actor(name: str) -> str:
    return f"the {name}" if name.startswith("United ") else name


def answer(findings: Findings) -> tuple[Text, ...]:
    """The answer in three sentences: the verdict, its size, and where it flips."""
    if not findings.has_comparison:
        only = in_sentence(findings.baseline.title)
        return (words(f"This run holds {only} alone, so there is nothing to compare."),)
    wager = findings.wager(findings.focal.id)
    return (
        words(_verdict_sentence(findings, wager)),
        _size_sentence(findings, wager),
        words(_where_sentence(findings, findings.focal)),
    )


def _verdict_sentence(findings: Findings, wager: Wager) -> str:
    focal = f"a policy of {in_sentence(findings.focal.title)}"
    base = baseline_words(findings.baseline)
    who = _actor(findings.case.actors[0].name) if findings.case.actors else "the deciding side"
    match Verdict(wager.verdict):
        case Verdict.BETTER:
            return (
                f"Yes, under the beliefs of this case: {focal} leaves {who} measurably "
                f"better off than {base}."
            )
        case Verdict.WORSE:
            return (
                f"No, under the beliefs of this case: {focal} leaves {who} measurably "
                f"worse off than {base}."
            )
        case Verdict.NONE:
            return (
                "It makes no measurable difference: under the beliefs of this case the losses "
                f"of {focal} cannot be told from those of {base}."
            )
        case Verdict.DEPENDS:
            return f"It depends on what one believes: {_verdict_reason(findings, findings.focal)}."


def _verdict_reason(findings: Findings, policy: Policy) -> str:
    """Why a verdict is `depends on beliefs`: what the mean says, and who says otherwise."""
    gain = findings.wager(policy.id).gain
    name = f"a policy of {in_sentence(policy.title)}"
    base = baseline_words(findings.baseline)
    if not is_measurable(gain):
        mean = f"on the mean, {name} cannot be told from {base}"
    else:
        side = "better" if (gain.mean or 0.0) > 0 else "worse"
        mean = f"on the mean, {name} does {side} than {base}"
    sides = _by_verdict(findings.worlds, policy.id)
    if sides[Verdict.BETTER] and sides[Verdict.WORSE]:
        return f"{mean}, but schools of thought that carry weight point both ways"
    return f"{mean}, but a fifth or more of the beliefs tried point the other way"


def _size_sentence(findings: Findings, wager: Wager) -> Text:
    focal, base = findings.focal.id, findings.baseline.id
    war = findings.difference(focal, "p_war")
    cost = findings.difference(focal, "programme_cost_usd")
    under = Span(spoken(level(findings.level(base, "p_war"), "percent")), "outcome-p_war")
    horizon = years_words(findings.years)
    name = baseline_words(findings.baseline)
    if is_measurable(war):
        verb = "lowers" if (war.mean or 0.0) < 0 else "raises"
        size = Span(difference(war, "points", sign=False), "outcome-p_war")
        head = say(
            f"Over {horizon} it {verb} the chance of war by {{}} from {{}} under {name}",
            size,
            under,
        )
    else:
        head = say(
            f"Over {horizon} no difference in the chance of war can be measured (it is {{}} "
            f"under {name})",
            under,
        )
    return (*head, *_premium(cost), *_deaths(wager, findings.futures))


def _premium(cost: Measured) -> Text:
    if not is_measurable(cost):
        return words(", and the cost is the same")
    money = Span(difference(cost, "usd", sign=False), "outcome-programme_cost_usd")
    if (cost.mean or 0.0) > 0:
        return say(" for an extra {}", money)
    return say(" and saves {}", money)


def _deaths(wager: Wager, futures: int) -> Text:
    fewer, more = wager.luck("fewer_deaths"), wager.luck("more_deaths")
    if more.mean is None or fewer.mean is None:
        return words(".")
    return say(
        ", with fewer deaths in {} of futures and more in {}.",
        *(
            Span(spoken(share(found.mean, futures, found.mcse)), "section-wager")
            for found in (fewer, more)
        ),
    )


def _by_verdict(worlds: Sequence[WorldFindings], policy: str) -> dict[Verdict, list[WorldFindings]]:
    sides: dict[Verdict, list[WorldFindings]] = {v: [] for v in Verdict}
    for world in worlds:
        wager = world.wager(policy)
        if wager is not None:
            sides[Verdict(wager.verdict)].append(world)
    return sides


_WHERE = (
    (Verdict.BETTER, "does better in"),
    (Verdict.WORSE, "does worse in"),
    (Verdict.NONE, "makes no measurable difference in"),
    (Verdict.DEPENDS, "turns on finer beliefs in"),
)


def _where_sentence(findings: Findings, policy: Policy) -> str:
    worlds = findings.worlds
    if len(worlds) == 1:
        return (
            f"This run holds one school of thought, “{worlds[0].world.title}”, so it cannot say "
            "where the answer flips."
        )
    sides = _by_verdict(worlds, policy.id)
    parts = [
        f"{verb} {listed([_weighted(w, worlds[0]) for w in sides[verdict]])}"
        for verdict, verb in _WHERE
        if sides[verdict]
    ]
    if len(parts) == 1:
        verb = next(w for v, w in _WHERE if sides[v])
        n = "both" if len(worlds) == 2 else f"all {count_words(len(worlds))}"
        return f"It {verb} {n} schools of thought."
    return f"By school of thought it {'; it '.join(parts)}."


def _weighted(world: WorldFindings, first: WorldFindings) -> str:
    told = " of the weight" if world is first else ""
    return f"“{world.world.title}” ({share(world.weight)}{told})"
