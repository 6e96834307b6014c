"""The page of the watch: what is new, how old the rest is, and whether the answer would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openchannel.domain import DAYS_A_MONTH, Case
from openchannel.report.charts import intervals
from openchannel.report.model import (
    Block,
    Brief,
    Bullets,
    Column,
    Figure,
    Paragraph,
    Row,
    Section,
    Table,
    words,
)
from openchannel.report.numbers import SPACE, level, measured, plain, share
from openchannel.report.pages.layout import page_of
from openchannel.report.pages.watch_moves import (
    NOT_TOLD,
    answer_words,
    beliefs_blocks,
    change_words,
    gain_words,
    policies_table,
)
from openchannel.report.wording import count_words, in_sentence, listed, shortened, verdict_words

__all__ = ["watch_page"]

Data = Mapping[str, Any]
_GRADES = {"A": "measured", "B": "published", "C": "assumed"}
_STATES = {
    "excitation": "a run of provocations that sets off others",
    "tension": "tension",
    "receptivity": "whether Pyongyang is closed, wary or open",
    "campaign": "whether a testing campaign is on",
}


def watch_page(case: Case, data: Data) -> Brief:
    """What `watch.json` holds."""
    sections = [
        Section("section-answer", "", "Would the assessment change?", tuple(_answer(case, data))),
        Section("section-new", "", "What is new", tuple(_new(data["changed"]))),
        Section("section-age", "", "How old the evidence is, and what that does",
                tuple(_age(case, data))),
        Section("section-signs", "", "What the signs show", tuple(_signs(case, data))),
    ]  # fmt: skip
    if data["supposed"]:
        supposed = tuple(_supposed(case, data))
        sections.append(Section("section-supposed", "", "What if", supposed))
    sections += [
        Section("section-ahead", "", "What could change it", tuple(_ahead(data))),
        Section("section-blind", "", "Beliefs that decide", tuple(_decisive(data))),
    ]
    run = data["run"]
    line = f"run of {run['futures']:,} futures, seed {run['seed']}; watched on {data['as_of']}"
    return page_of("Watch", case, (line,), sections)


def _answer(case: Case, data: Data) -> Iterator[Block]:
    policy = data["policy"]
    if data["seen"] is None:
        known = data["changed"]["record_end"]
        yield Paragraph(
            words(
                "Nothing has been seen since this run that its beliefs could be weighed by, so the "
                f"assessment stands as it was: the record ends on {known}. That no row is there is "
                "not that nothing happened: if your record and ledger are complete up to a later "
                "day, say so with --until DATE."
            ),
            "answer",
        )
        return
    yield Paragraph(words(answer_words(case, policy, data["seen"])), "answer")
    if data["counted_twice"]:
        yield Paragraph(
            words(
                "Rows of days that the run had read already are counted here once more: they had a "
                "part in what was believed, so the moves are too large. Leave --since out for an "
                "honest answer."
            ),
            "warning",
        )


# --- what is new ---------------------------------------------------------------------------------


def _new(changed: Data) -> Iterator[Block]:
    state = {
        "same": "The record is the one that the run read, to the byte.",
        "changed": "The record has changed since the run.",
        "unknown": "The run does not say which record it read.",
    }
    end = changed["run_record_end"] or "an unknown day"
    yield Paragraph(
        words(
            f"{state[changed['record']]} The run knew outcomes up to {end}; the record now ends on "
            f"{changed['record_end'] or 'no day'}, and its last contact is of "
            f"{changed['last_contact'] or 'no day'}."
        )
    )
    if changed["tables"]:
        yield Bullets(tuple(words(_table_words(t)) for t in changed["tables"]))
    own = changed["ledger"]
    newer = [e for e in own if e["newer_than_run"]]
    written = [e for e in own if e["written_since_run"]]
    if not own:
        yield Paragraph(words("Your ledger is empty, or there is none."))
        return
    yield Paragraph(
        words(
            f"Your ledger holds {_entries(len(own))}: {len(newer)} of days that the run knew "
            f"nothing of, {len(written)} written since the run."
        )
    )
    if newer:
        lines = (f"{e['date']}: {e['what'] or e['sort']} ({e['id']})" for e in newer[-12:])
        yield Bullets(tuple(words(line) for line in lines))
        yield Paragraph(
            words("They count among the signs up to the day that --until says is complete."), "note"
        )


def _entries(n: int) -> str:
    return "one entry" if n == 1 else f"{count_words(n)} entries"


def _table_words(table: Data) -> str:
    told = f"{table['table'].replace('_', ' ')}: {table['rows_then']} rows then"
    told += f", {table['rows_now']} now"
    return f"{told}; newer: {listed(table['newer'][:12])}" if table["newer"] else told


# --- how old it is -------------------------------------------------------------------------------


def _age(case: Case, data: Data) -> Iterator[Block]:
    age = data["age"]
    yield Paragraph(
        words(
            f"On {age['as_of']} the evidence is {_span(age['days'])} old ({age['days']} days). The "
            "run's futures begin in a start state that the case judges, not in one read from the "
            "record, so age makes no number of the run wrong; it is what the run has not been "
            "told that may matter."
        )
    )
    yield Bullets(tuple(words(line) for line in _age_lines(case, data)))


def _age_lines(case: Case, data: Data) -> Iterator[str]:
    age = data["age"]
    left = ", ".join(f"{words_} {_left(age['fading'][k])}" for k, words_ in _STATES.items())
    yield (
        "What was known of the state on that day has faded, by the model's own equations; left of "
        f"a departure from the usual: {left}."
    )
    ties = age["ties"]
    then, now = (
        f"{t['thickness']:.1f} effective channels and a chance of "
        f"{share(round(t['reliability_24h'], 2))} of an answer within a day"
        for t in (ties["then"], ties["now"])
    )
    yield f"Ties, if there was no contact since: {then} then; {now} now."
    if "unseen_low" in age:
        yield (
            f"Stretches of that length since 2012 held {plain(round(age['unseen_low']))} to "
            f"{plain(round(age['unseen_high']))} provocations of severity 2 or more (middle 90 %); "
            "so many may have gone unread."
        )
    policy = in_sentence(case.policy(data["policy"]).short)
    for key, pace in (("if_unseen_low", "calmest"), ("if_unseen_high", "busiest")):
        if key in age:
            yield f"Had it been the {pace} such stretch: {_end_words(policy, age[key])}."
    yield (
        "Forecasts fade fastest: openchannel forecast score, with --gap, tells how they fare at "
        "this age."
    )


def _end_words(policy: str, found: Data) -> str:
    if not found["enough"]:
        return "too few draws carry the weight to say anything"
    move = change_words(found["gain"])
    told = f"the gain of {policy} moves by {move}"
    if move == NOT_TOLD:
        told = f"no measurable move of the gain of {policy}"
    return f"{told}, and the verdict is “{verdict_words(found['verdict_after'])}”"


def _left(part: float) -> str:
    return "less than 1 %" if part < 0.01 else share(round(part, 2)).replace(SPACE, " ")


def _span(days: int) -> str:
    months = round(days / DAYS_A_MONTH)
    if months < 2:
        return f"{days} days"
    return f"{months} months"


# --- signs ---------------------------------------------------------------------------------------


def _signs(case: Case, data: Data) -> Iterator[Block]:
    seen = [s for s in data["signs"] if s["seen"]]
    if not data["signs"]:
        yield Paragraph(
            words("The case has no signs, so nothing can move its beliefs: write signs.yaml.")
        )
        return
    if not seen:
        yield Paragraph(words("No sign has a window to look at; each is given below with why."))
        yield Bullets(tuple(words(f"{s['title']}: {s['why_not']}.") for s in data["signs"]))
        return
    yield _seen_table(seen)
    rest = [s for s in data["signs"] if not s["seen"] and s["table"]]
    if rest:
        yield Bullets(tuple(words(f"{s['title']}: {s['why_not']}.") for s in rest))
    yield policies_table(case, data["policy"], data["seen"], "seen")
    yield from beliefs_blocks(data["seen"], "seen")


def _seen_table(seen: Sequence[Data]) -> Table:
    return Table(
        "table-signs",
        "What was seen, what was to be expected, and what each sign alone makes of the gain",
        (
            Column(words("Sign"), 2.6),
            Column(words("Weeks"), 0.6, "right"),
            Column(words("Seen"), 0.8, "right"),
            Column(words("Expected"), 1.2, "right"),
            Column(words("So far out"), 0.7, "right"),
            Column(words("Move of the gain"), 1.4, "right"),
        ),
        tuple(_seen_row(s) for s in seen),
        words(
            "Expected: the mean, and 5 % to 95 %. So far out: the chance of a count at least as "
            "far from what was expected, either way; a very small one says that the model, or "
            "the record, is at fault rather than a belief."
        ),
        compact=True,
    )


def _seen_row(sign: Data) -> Row:
    seen, expected = sign["seen"], sign["expected"]
    count = str(seen["count"]) + (f" of {seen['trials']}" if seen["trials"] else "")
    cells = (
        f"{sign['title']} ({_GRADES[sign['grade']]})",
        str(seen["weeks"]),
        count,
        f"{plain(expected['mean'], 2)} ({plain(expected['p05'])} to {plain(expected['p95'])})",
        _left(expected["tail"]),
        change_words(sign["alone"]["gain"], enough=sign["alone"]["enough"]),
    )
    return Row(tuple(words(c) for c in cells))


# --- what if -------------------------------------------------------------------------------------


def _supposed(case: Case, data: Data) -> Iterator[Block]:
    found = data["supposed"]
    told = listed([_value_words(s) for s in found["what"]])
    over = f" over {found['weeks']} weeks"
    after = ", on top of what was seen" if data["seen"] else ""
    yield Paragraph(words(f"Suppose {told}{over}{after}."))
    yield Paragraph(words(answer_words(case, data["policy"], found["moved"])), "answer")
    if len(found["what"]) > 1:
        yield Bullets(
            tuple(words(f"{s['title']}, alone: {_alone_words(s['alone'])}") for s in found["what"])
        )
    yield policies_table(case, data["policy"], found["moved"], "supposed")
    yield from beliefs_blocks(found["moved"], "supposed")


def _value_words(supposed: Data) -> str:
    name = f"“{in_sentence(supposed['title'])}”"
    if supposed["how"] == "judged":
        return f"{name} is {'seen' if supposed['value'] else 'not seen'}"
    of = f" of {supposed['trials']}" if supposed["trials"] else ""
    return f"{name} gives {plain(supposed['value'])}{of}"


def _alone_words(found: Data) -> str:
    if not found["enough"]:
        return "too few draws carry the weight to say anything"
    after = gain_words(found["gain"]["after"])
    move = change_words(found["gain"])
    told = f"no measurable move from {after}" if move == NOT_TOLD else f"{move}, to {after}"
    return f"{told}; {verdict_words(found['verdict_after'])}"


# --- what could change it ------------------------------------------------------------------------


def _ahead(data: Data) -> Iterator[Block]:
    told = [f for f in data["foreseen"] if f["told"]]
    rest = [f for f in data["foreseen"] if not f["told"]]
    yield Paragraph(
        words(
            "How far each sign, waited for, and each question, asked, is expected to move the "
            "gain: the spread of the gain over what it may show. The columns say what comes of it "
            "if it shows little, less than one draw in ten would, or much."
        )
    )
    if told:
        yield _ahead_figure(told)
    if rest:
        names = listed([f"“{in_sentence(f['title'])}”" for f in rest])
        yield Paragraph(words(f"Not told from signs that say nothing: {names}."))


def _ahead_figure(told: Sequence[Data]) -> Figure:
    rows = [_ahead_bar(f) for f in told]
    return Figure(
        "figure-ahead",
        "Expected move of the gain, equivalent deaths, with two standard errors. Blue: signs that "
        "the record or a policy shows by itself. Black: questions that somebody must ask.",
        "Signs and questions by how far each is expected to move the gain.",
        intervals(rows, "Expected move of the gain, equivalent deaths", long_names=True),
        Table(
            "table-ahead",
            "",
            (
                Column(words("Sign or question"), 2.6),
                Column(words("Expected move"), 1.2, "right"),
                Column(words("If little is seen"), 1.7),
                Column(words("If much is seen"), 1.7),
            ),
            tuple(_ahead_row(f) for f in told),
            words(f"Names for --suppose, in this order: {', '.join(f['id'] for f in told)}."),
            compact=True,
        ),
    )


def _ahead_bar(found: Data) -> dict[str, Any]:
    move = found["move"]
    return {
        "row": shortened(found["title"], 60),
        "series": "",
        "role": "plain" if found["kind"] == "question" else "focal",
        "mean": move["mean"],
        "low2": move["mean"] - 2.0 * move["mcse"],
        "high2": move["mean"] + 2.0 * move["mcse"],
        "p05": None,
        "p95": None,
        "label": level(measured(move), "count"),
    }


def _ahead_row(found: Data) -> Row:
    def ending(end: Data) -> str:
        value = plain(end["value"], 2) + (f" of {found['trials']}" if found["trials"] else "")
        if not end["enough"]:
            return f"{value}: too few draws"
        turned = end["changes"] == "yes"
        verdict = f"; {verdict_words(end['verdict_after'])}" if turned else ""
        return f"{value}: {change_words(end['gain'])}{verdict}"

    cells = (
        found["title"],
        level(measured(found["move"]), "count"),
        ending(found["low"]),
        ending(found["high"]),
    )
    return Row(tuple(words(c) for c in cells))


def _decisive(data: Data) -> Iterator[Block]:
    yield Paragraph(
        words(
            "The beliefs that the size of the gain turns on most, with the share of its variance "
            "that knowing each would remove, and the signs and questions whose chances name them. "
            "Counts of the model's futures rest on every belief at once and are not listed."
        )
    )
    yield Bullets(tuple(words(_decisive_words(b)) for b in data["beliefs_that_decide"]))


def _decisive_words(belief: Data) -> str:
    named = [*belief["signs"], *belief["questions"]]
    where = f"see {listed(named)}" if named else "no sign and no question speaks of it by name"
    return f"{belief['label']} ({level(measured(belief['share']), 'percent')}): {where}."
