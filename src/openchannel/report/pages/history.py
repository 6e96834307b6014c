"""The page of what history says: what can be told apart, what cannot, and how it was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openchannel.domain import DAYS_A_MONTH, Case
from openchannel.report.model import Block, Brief, Bullets, Paragraph, Section, words
from openchannel.report.numbers import plain
from openchannel.report.pages.history_cells import band, number
from openchannel.report.pages.history_curves import curve_figure
from openchannel.report.pages.history_icb import icb_blocks, scale_used
from openchannel.report.pages.history_tables import (
    MODEL_NAMES,
    back_cast_figure,
    back_cast_table,
    crisis_table,
    effect_table,
    model_table,
    posterior_table,
    ratio_table,
    secret_table,
    severity_table,
    spell_table,
    study_figure,
)
from openchannel.report.pages.layout import page_of
from openchannel.report.wording import listed

__all__ = ["history_page"]

Values = Mapping[str, Any]


def history_page(case: Case, data: Values, *, is_short: bool = False) -> Brief:
    """Everything that was found, most important first; the short form is for a screen."""
    contacts = tuple(_contacts(data, is_short))
    sections = [
        Section("section-short", "", "In short", tuple(_short(data))),
        Section("section-contacts", "", "Before and after contacts", contacts),
        Section("section-models", "", "What drives provocations", tuple(_models(data, is_short))),
        Section("section-measured", "", "What the simulator may take", tuple(_measured(data))),
        Section("section-back-casts", "", "Back-casts", tuple(_back_casts(data, is_short))),
        Section(
            "section-spells", "", "How long channels and agreements last", tuple(_spells(data))
        ),
        Section("section-crises", "", "How bad crises get", tuple(_crises(data))),
        Section("section-how", "", "How it was found", tuple(_how(data))),
    ]
    evidence = data["evidence"]
    line = f"record of {evidence['end']}, seed {data['seed']}, {data['draws']:,} draws a model"
    shown = sections[:5] if is_short else sections
    return page_of("What history says", case, (line,), shown)


def _short(data: Values) -> Iterator[Block]:
    if not data["passes"]:
        yield Paragraph(
            words(
                "At least one sampler failed its checks (see the tables). Its numbers "
                "are not to be used; ask for more draws with --draws."
            ),
            "warning",
        )
    study = data["studies"][0]
    best = [m for m in data["models"] if m["tier"] == 2 and m["log_score_behind"]["mean"] == 0.0]
    ratio = next(r for r in data["ratios"] if r["tier"] == 2 and r["exposure"] == "contacts")
    middle, low, high = study["lag_over_lead"]
    yield Paragraph(
        words(
            f"What the record shows best is that provocations follow provocations: of four models, "
            f"the one called “{MODEL_NAMES[best[0]['id']].lower()}” forecasts unseen years best."
        ),
        "answer",
    )
    yield Paragraph(
        words(
            f"Weeks near a contact had {number(ratio['crude'])} times the provocations of other "
            f"weeks; compared within years, {number(ratio['ratio'])} (95 % "
            f"{band(ratio['wide_low'], ratio['wide_high'])}). Most of the gap lies between years. "
            f"Weeks after contacts against weeks before them: {number(middle)} "
            f"({band(low, high)}). {study['verdict']}"
        ),
        "answer",
    )
    yield Paragraph(words("Identified, as far as the record goes:"))
    yield Bullets(tuple(words(x) for x in _identified(data)))
    yield Paragraph(words("Not identified:"))
    yield Bullets(tuple(words(x) for x in _not_identified(data)))
    for sentence in _age_sentences(data["age"]):
        yield Paragraph(words(sentence), "note")


def _identified(data: Values) -> list[str]:
    found = {p["key"]: p for p in data["posteriors"]}
    n, h = found["n_H"], found["h_H"]
    excitation = (
        f"self-excitation since 2012: {number(n['mean'])} events caused by one "
        f"({band(n['low'], n['high'])}), half-life {number(h['mean'])} weeks "
        f"({band(h['low'], h['high'])}), years taken out"
    )
    return [
        excitation,
        "rates and severities of provocations under the codebook, and how both changed by era",
        "how long lines stay open and closed, and how long agreements last",
        f"how often crises come and, {scale_used(data['icb'])}, how high they climb; all wide",
    ]


def _not_identified(data: Values) -> list[str]:
    """What no model of this record can say, whatever its interval."""
    secret = [r for r in data["secret"] if r["share"] == 0.25 and r["ratio"] is not None]
    ends = sorted(r["ratio"] for r in secret)
    sweep = (
        f"; were a quarter of all contacts secret, the ratio by year could be anything from "
        f"{number(ends[0])} to {number(ends[-1])}, by where they lie"
        if ends
        else ""
    )
    contact = (
        "whether contact lowers provocations: both sides chose when to talk, there was no "
        f"experiment, and no natural one is known{sweep}"
    )
    return [
        contact,
        "what a line changes in a crisis: too few crises, and lines were never lost at random",
        "how likely war is: none in any crisis since 1953",
        "effects of leaders as against their times: each governed once",
        "effects of exercises: they come in the same months every year and are announced",
    ]


def _age_sentences(age: Values) -> list[str]:
    """How old the evidence is and what that does to the answer."""
    months = age["days"] / DAYS_A_MONTH
    said = (
        f"The record of provocations ends on {age['end']}, {months:.0f} months before "
        f"{age['as_of']}; its last contact is of {age['last_contact']}. Everything here is as of "
        "the record's end, and a run that starts later begins from that state."
    )
    more = _what_is_missing(age)
    return [said, more] if more else [said]


def _what_is_missing(age: Values) -> str:
    if "rate_low" in age:
        return (
            f"Stretches of that length since 2012 saw {plain(round(age['unseen_low']))} to "
            f"{plain(round(age['unseen_high']))} provocations (middle 90 %). With the stretch that "
            f"is missing, the rate since 2012 would be {plain(age['rate_low'], 3)} to "
            f"{plain(age['rate_high'], 3)} a year in the place of {plain(age['rate'], 3)}."
        )
    if age["days"] > 7:
        return (
            "The record is too old to say how far what is missing would move it; bring it up to "
            "date before relying on its rates."
        )
    return ""


def _contacts(data: Values, is_short: bool) -> Iterator[Block]:
    yield Paragraph(
        words(
            "Bins of weeks before a contact are a placebo: a contact cannot have caused what came "
            "before it. Where they differ from 1 like the bins after it, timing is at work. Every "
            "bin is estimated beside the others, with years partially pooled, exercises, and "
            "self-excitation."
        )
    )
    yield study_figure(data)
    for study in data["studies"]:
        middle, low, high = study["lag_over_lead"]
        yield Paragraph(
            words(
                f"Severity {study['tier']} and more, weeks after over weeks before: "
                f"{number(middle)} ({band(low, high)}). {study['verdict']}"
                + ("" if study["diagnostics"]["passes"] else " The sampler failed its checks.")
            )
        )
    if not is_short:
        yield ratio_table(data)
        yield secret_table(data)


def _models(data: Values, is_short: bool) -> Iterator[Block]:
    yield Paragraph(words(_scores(data)))
    yield model_table(data)
    if not is_short:
        yield effect_table(data)


def _scores(data: Values) -> str:
    said = []
    for tier in sorted({m["tier"] for m in data["models"]}):
        rows = [m for m in data["models"] if m["tier"] == tier]
        near = [
            MODEL_NAMES[m["id"]].lower()
            for m in rows
            if abs(m["log_score_behind"]["mean"]) < 2.0 * m["log_score_behind"]["se"]
            and m["log_score_behind"]["mean"] != 0.0
        ]
        best = next(m for m in rows if m["log_score_behind"]["mean"] == 0.0)
        with_it = f", not measurably better than {listed(near)}" if near else ""
        said.append(
            f"For severity {tier} and more “{MODEL_NAMES[best['id']].lower()}” forecasts "
            f"best{with_it}."
        )
    return " ".join(said)


def _measured(data: Values) -> Iterator[Block]:
    passes = data["diagnostics"]["passes"]
    yield Paragraph(
        words(
            "The specification lets the simulator take these from the record (grade A). Effects of "
            "ties are not among them and are never fitted to history. Years stand for campaigns, "
            "which the simulator has and this model has not."
            + ("" if passes else " The sampler failed its checks: nothing here may be used.")
        ),
        "plain" if passes else "warning",
    )
    yield posterior_table(data)
    yield severity_table(data)
    yield Paragraph(
        words(
            "If the simulator takes the rate and the severities of this record, the chances that a "
            f"provocation starts a crisis are to be multiplied by {number(data['onset_factor'])}, "
            "so that expected onsets stay as they are. With -o a case is written that does so."
        ),
        "note",
    )


def _back_casts(data: Values, is_short: bool) -> Iterator[Block]:
    casts = [c for c in data["back_casts"] if c["model"] == "simulator"]
    missed = [
        f"{year} ({y['recorded']} events, band {band(y['low95'], y['high95'], 3)})"
        for year, first in ((2018, "2012"), (2022, "2019"))
        for c in casts
        for y in c["years"]
        if c["origin"].startswith(first) and y["year"] == year and not y["within95"]
    ]
    if casts:
        verdict = (
            f"The simulator fails the test that the specification sets: {listed(missed)} lies "
            "outside its 95 % band."
            if missed
            else "The stop of 2018 and the surge of 2022 lie inside the simulator's 95 % bands."
        )
        yield Paragraph(words(verdict), "warning" if missed else "plain")
        yield Paragraph(
            words(
                "The simulator's rates are those of the years since 2012; from 1994 and 2001 it "
                "says far too many. It is not meant for those years, and nothing was tuned."
            )
        )
        if not is_short:
            yield back_cast_figure(data)
    if not is_short:
        yield back_cast_table(data)


def _spells(data: Values) -> Iterator[Block]:
    for name, caption in (("spells", "Lines, open and closed"), ("agreements", "Agreements")):
        if data[name]:
            yield curve_figure(f"figure-{name}", caption, data[name])
    yield spell_table("table-channels", "Lines, open and closed", data["spells"])
    yield spell_table("table-agreements", "Lifetimes of agreements", data["agreements"])
    yield Paragraph(
        words(
            "Agreements that were carried out or taken up by a later one are cut off at that day "
            "and not counted as failed. Lines of one kind were often cut on the same day, so "
            "intervals are too narrow by an amount that the record does not give."
        ),
        "note",
    )


def _crises(data: Values) -> Iterator[Block]:
    yield crisis_table(data)
    yield from icb_blocks(data["icb"])


def _how(data: Values) -> Iterator[Block]:
    evidence = data["evidence"]
    events = ", ".join(f"{n} of severity {t} and more" for t, n in evidence["events"].items())
    yield Paragraph(
        words(
            f"{evidence['weeks']} weeks from {evidence['start']} to {evidence['end']}: {events}; "
            f"{evidence['contact_weeks']} weeks with an official contact, "
            f"{evidence['exercise_weeks']} with a large exercise."
        )
    )
    yield Paragraph(
        words(
            f"Negative binomial models, drawn by a No-U-Turn sampler: {data['draws']:,} draws of "
            "four chains a model, three times as many in the study of weeks around contacts, a "
            "quarter as many of two chains for the weeks before an origin. A fit passes where "
            "R-hat is at most 1.01, effective sizes are at least 100 a chain, and no step "
            "diverged; one that fails is drawn once more, twice as long. "
            f"{_attempts(data['fits'])} A model fits the record where seven properties of it lie "
            "in the middle 95 % of series drawn anew. Priors, gradients and tests stand in "
            "the documentation."
        )
    )


def _attempts(fits: Values) -> str:
    """How the fits fared, and how many of them are of a second attempt."""
    again = fits["second_attempts"]
    took = f"{again} of them took a second attempt" if again else "none took a second attempt"
    return f"Of {fits['n']} fits {fits['passed']} passed; {took}."
