"""The sentences of the chapter, each made from the numbers that it states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openchannel.report.belief.view import BeliefReading, Reading, View
from openchannel.report.model import Span, Text, say, words
from openchannel.report.numbers import (
    MINUS,
    Measured,
    difference,
    is_measurable,
    level,
    measured,
    plain,
    share,
)
from openchannel.report.wording import count_words, in_sentence, listed

__all__ = [
    "about",
    "agreement_words",
    "also_drawn",
    "box_words",
    "choice_words",
    "information_words",
    "matters_words",
    "threshold_words",
    "thresholds_answer",
    "value_text",
]

_MOST_NAMED = 4
_MANY = 100.0


def value_text(value: float | None) -> str:
    """A value of a belief: two significant digits, three of large ones.

    Examples
    --------
    >>> value_text(0.11690697), value_text(309937.0)
    ('0.12', '310,000')
    """
    if value is None:
        return ""
    return plain(value, 2) if abs(value) < _MANY else plain(float(f"{value:.3g}"))


def about(value: float) -> str:
    """A rough number: two significant digits.

    Examples
    --------
    >>> about(873533.0), about(348.2)
    ('870,000', '350')
    """
    return plain(float(f"{value:.2g}"))


def percent(part: float | None) -> str:
    """A share as whole per cent, which is what a share of draws can bear."""
    if part is None:
        return ""
    if 0.0 < part < 0.005:
        return f"less than {share(0.01)}"
    return share(round(part, 2))


# --- thresholds ---------------------------------------------------------------------------------


def thresholds_answer(view: View) -> Text:
    """How many beliefs, moved alone, turn the answer; in the two readings."""
    base = view.rivals[0]
    n = len(view.beliefs)
    alone = [b for b, _ in view.crossing("central", base) if b.data["central"]]
    doubtful = [b for b in view.beliefs if _status(b, "central", base) == "not_told"]
    verb = "better" if view.is_better("central") else "not measurably better"
    gain = Span(_gain(view.known("central", base)), "outcome-composite_loss")
    head = say(
        f"With every belief at its default {in_sentence(view.policy.short)} is {verb} than "
        f"{view.named(base)} ({{}}). Of {n} beliefs moved one at a time over the range that the "
        f"evidence allows, {_how_many(len(alone))} {_turn(len(alone))} that round",
        gain,
    )
    if alone:
        head = (*head, *say(": {}", _named(view, alone)))
    head = (*head, Span("."))
    if doubtful:
        head = (
            *head,
            *say(
                " For {} the run cannot tell at one end.",
                _named(view, doubtful),
            ),
        )
    return (*head, *_others_drawn(view, base))


def _status(belief: BeliefReading, kind: str, rival: str) -> str:
    reading = belief.reading(kind, rival)
    return reading.status if reading else ""


def _how_many(n: int) -> str:
    return "none" if n == 0 else count_words(n)


def _turn(n: int) -> str:
    return "turns" if n <= 1 else "turn"


def _gain(gain: Measured) -> str:
    if not is_measurable(gain):
        return "makes no measurable difference"
    verb = "avoids" if (gain.mean or 0.0) > 0 else "adds"
    return f"{verb} {difference(gain, 'count', sign=False)} equivalent deaths"


def _named(view: View, beliefs: Sequence[BeliefReading]) -> Text:
    names = [in_sentence(view.label(b.name)) for b in beliefs]
    told = [f"“{n}”" for n in names[:_MOST_NAMED]]
    if len(names) > _MOST_NAMED:
        told.append(f"{count_words(len(names) - _MOST_NAMED)} more")
    return words(listed(told))


def _others_drawn(view: View, base: str) -> Text:
    """The second reading: all other beliefs drawn from their ranges."""
    drawn = [b for b, _ in view.crossing("drawn", base)]
    gain = Span(_gain(view.known("drawn", base)), "outcome-composite_loss")
    head = say(
        " With all other beliefs drawn from their ranges it {} on average, and ",
        gain,
    )
    if not drawn:
        return (*head, Span("no belief looked at turns that round."))
    return (*head, *say(f"{{}} {_turn(len(drawn))} it round.", _named(view, drawn)))


def threshold_words(
    view: View, belief: BeliefReading, reading: Reading, rival: str, *, drawn: bool = False
) -> Text:
    """Where a policy stops being better than a rival, and how far that is from the default."""
    t = reading.threshold
    side = "below" if reading.better_above else "above"
    low, default, high = (value_text(belief.data[k]) for k in ("low", "default", "high"))
    # A place names the end of the range by its sign, so its size is the share of the way.
    way = level(_size(reading.place), "percent")
    end = "low" if (reading.place.mean or 0.0) < 0 else "high"
    name = view.label(belief.name)
    others = "with all others drawn, " if drawn else ""
    named = f"{in_sentence(view.policy.short)} is no better than {view.named(rival)}"
    return say(
        f"{{}}: {others}{named} {side} {{}} (default {default}, range {low} to {high}); that is "
        f"{{}} of the way from the default to the {end} end.",
        Span(name, view.trail(belief.name), strong=True),
        Span(level(t, "plain"), "section-made"),
        Span(way, "section-made"),
    )


def also_drawn(reading: Reading) -> Text:
    """The second reading of a threshold, after the first."""
    side = "below" if reading.better_above else "above"
    return say(
        f" With all others drawn from their ranges: {side} {{}}.",
        Span(level(reading.threshold, "plain"), "section-made"),
    )


def _size(place: Measured) -> Measured:
    return Measured(abs(place.mean or 0.0), place.mcse)


# --- boxes --------------------------------------------------------------------------------------


def _limit_words(view: View, limit: Mapping[str, Any]) -> Text:
    """One term of a box: a belief below, above or between values."""
    name = Span(in_sentence(view.label(limit["name"])), view.trail(limit["name"]))
    low, high = limit["low"], limit["high"]
    if low is None:
        return say("{} is below {}", name, value_text(high))
    if high is None:
        return say("{} is above {}", name, value_text(low))
    return say("{} lies between {} and {}", name, value_text(low), value_text(high))


def box_words(view: View, box: Mapping[str, Any]) -> Text:
    """A box as one sentence: its limits, and how many of all and of the losing beliefs it holds."""
    terms = [_limit_words(view, t) for t in box["limits"]]
    joined: Text = ()
    for i, term in enumerate(terms):
        joined = (*joined, *(words(" and ") if i else ()), *term)
    held = box["held_out"]["density"]["mean"]
    return say(
        f"{view.policy.short} loses where {{}}: {{}} of beliefs, {{}} of the losing ones; of the "
        "beliefs inside {} lose ({} among beliefs that the search did not see).",
        joined,
        Span(percent(box["mass"]), "section-made"),
        Span(percent(box["coverage"]), "section-made"),
        Span(percent(box["density"]), "section-made"),
        Span(percent(held), "section-made"),
    )


def again_words(box: Mapping[str, Any]) -> Text:
    """The box run again on fresh beliefs and fresh luck, and whether a mean loss was found."""
    inside, outside = measured(box["again"]["inside"]), measured(box["again"]["outside"])
    if inside.mean is None or outside.mean is None:
        return ()
    told = say(
        " Run again on fresh beliefs and fresh luck: inside it {}, outside it {}.",
        Span(_gain(inside), "outcome-composite_loss"),
        Span(_gain(outside), "outcome-composite_loss"),
    )
    if is_measurable(inside) and inside.mean < 0.0:
        return told
    return (*told, *words(" So no loss on average is measured inside it."))


# --- what matters, what to find out ---------------------------------------------------------------


def matters_words(view: View) -> Text:
    """The beliefs that the sign turns on, with their shares, and what the shares cannot say."""
    found = view.data["matters"]
    top = found["sign"]["ranked"][:5]
    if not top:
        return words("No single belief explains the sign of the difference by more than luck.")
    told = [
        say("{} ({})", Span(in_sentence(view.label(i["name"])), view.trail(i["name"])),
            Span(level(measured(i), "percent"), "section-made"))
        for i in top
    ]  # fmt: skip
    text = say("Whether it wins or loses turns most on {}.", _joined(told))
    if found["dependence"]["misleads"]:
        text = (
            *text,
            Span(
                " These are shares of the variance of the sign that knowing one belief alone would "
                f"remove; beliefs go together{_most_closely(view)}, so they count common parts "
                "twice and do not add up."
            ),
        )
    modules = found["shapley_modules"]["ranked"][:3]
    if modules:
        fair = [
            f"{in_sentence(view.label(m['name']))} {level(measured(m), 'percent')}" for m in modules
        ]
        text = (*text, *say(" Divided fairly among groups of beliefs (Shapley): {}.",
                            Span(listed(fair), "section-made")))  # fmt: skip
    return text


def _most_closely(view: View) -> str:
    """The pair of different parameters that go together most; parts of one sum say nothing new."""
    known = view.data["quantities"]
    for pair in view.data["matters"]["dependence"]["strongest"]:
        one, other = pair["one"], pair["other"]
        if known[one]["parameter"] != known[other]["parameter"]:
            return f" (most closely “{view.label(one)}” and “{view.label(other)}”)"
    return ""


def _joined(texts: Sequence[Text]) -> Text:
    joined: Text = ()
    for i, text in enumerate(texts):
        mark = "" if i == 0 else " and " if i == len(texts) - 1 else ", "
        joined = (*joined, *(words(mark) if mark else ()), *text)
    return joined


def information_words(view: View) -> Text:
    """What knowing everything would be worth, and the school alone."""
    found = view.data["information"]["evpi"]
    every, school = measured(found["at_least"]), measured(found["school"])
    # Knowing everything is worth no less than knowing the school; both are read with luck.
    least = max(every, school, key=lambda m: m.mean or 0.0)
    if not is_measurable(least):
        return words(
            "Knowing every belief before choosing would save nothing that this run can measure, "
            "whatever the noisy means suggest."
        )
    number = Span(level(least, "count"), "section-made")
    most = Span(value_text(found["at_most"]), "section-made")
    if least is school:
        return say(
            "Knowing the right school of thought before choosing would save {} equivalent deaths, "
            "chosen and valued on different luck; knowing every belief besides would save at most "
            "about {} in all.",
            number,
            most,
        )
    text = say(
        "Knowing every belief, the right school of thought included, before choosing would save at "
        "least {} equivalent deaths, chosen and valued on different luck, and at most about {}.",
        number,
        most,
    )
    if not is_measurable(school) or (school.mean or 0.0) < 0:
        return text
    return (
        *text,
        *say(
            " Knowing the right school alone would save {}.",
            Span(level(school, "count"), "section-made"),
        ),
    )


def nothing_told(view: View) -> str:
    """Named questions whose worth cannot be told from nought."""
    asked = view.data["information"]["questions"]
    untold = [q for q in asked if not q["told"]]
    if not untold:
        return ""
    n = len(untold)
    whose = "an answer" if n == 1 else "answers"
    return (
        f"{count_words(n).capitalize()} of {count_words(len(asked))} questions asked would bring "
        f"{whose} whose worth this run cannot tell from nought; the page of beliefs names "
        f"{'it' if n == 1 else 'them'}."
    )


# --- what to choose -------------------------------------------------------------------------------


def choice_words(view: View) -> Text:
    """Which policy is first by which criterion, pooled, and how firmly."""
    pooled = view.data["robust"]["views"]["pooled"]["scores"]
    titles = {c["id"]: c["title"] for c in view.data["robust"]["criteria"]}
    first: dict[str, list[str]] = {}
    for key, scores in pooled.items():
        best = min(scores["policies"].items(), key=lambda kv: kv[1]["rank"])
        if best[1]["first"] >= 0.9:
            first.setdefault(best[0], []).append(f"“{in_sentence(titles[key])}”")
    if not first:
        return words("By no criterion is any policy firmly first.")
    said = [f"{in_sentence(view.short(p))} by {listed(names)}" for p, names in first.items()]
    loose = len(pooled) - sum(len(v) for v in first.values())
    tail = f" By the other {count_words(loose)} no policy is firmly first." if loose else ""
    return words(f"Firmly first, in nine resamples of ten: {'; '.join(said)}.{tail}")


def agreement_words(view: View) -> Text:
    """Policies that every value set ranks above, or below, the status quo."""
    found = view.data["values"]["views"]["pooled"]
    base = view.named(view.data["baseline"])
    n = count_words(len(view.data["values"]["sets"]))
    parts = []
    if found["all_above"]:
        parts.append(f"above {base}: {_policies(view, found['all_above'])}")
    if found["all_below"]:
        parts.append(f"below it: {_policies(view, found['all_below'])}")
    if not parts:
        return words(f"No policy is put measurably above or below {base} by all {n} value sets.")
    disputed = len(found["disputed"])
    tail = f" On {count_words(disputed)} they measurably disagree." if disputed else ""
    return words(f"All {n} value sets put {'; '.join(parts)}.{tail}")


def _policies(view: View, ids: Sequence[str]) -> str:
    return listed([in_sentence(view.short(p)) for p in ids])


def signed(value: Measured, digits: int = 2) -> str:
    """A score with its sign; `0` where it cannot be told from the baseline's."""
    if not is_measurable(value):
        return "≈ 0"
    mean = value.mean or 0.0
    text = f"{abs(mean):.{digits}f}"
    return f"+{text}" if mean > 0 else f"{MINUS}{text}"
