"""Tables and charts of what history says; each takes the findings as values and gives one block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openchannel.report.charts import intervals, stapled
from openchannel.report.model import Figure, Table, words
from openchannel.report.numbers import NOT_DEFINED, SPACE, plain
from openchannel.report.pages.history_cells import band, columns, number, row
from openchannel.report.wording import listed

__all__ = [
    "back_cast_figure",
    "back_cast_table",
    "crisis_table",
    "effect_table",
    "model_table",
    "posterior_table",
    "ratio_table",
    "secret_table",
    "severity_table",
    "spell_table",
    "study_figure",
]

Values = Mapping[str, Any]

_CODING = {"project": "this record's codebook", "csis": "rows that the older list has too"}
_WHERE = {
    "anywhere": "anywhere",
    "quiet": "all in weeks without a provocation",
    "eventful": "all in weeks with one",
}
_EXPOSURE = {
    "contacts": "within 4 weeks of a contact, by year",
    "windows": "five windows of dialogue, by era",
}
MODEL_NAMES = {
    "constant": "Constant rate",
    "covariates": "Leaders, administrations, exercises, past contacts",
    "exciting": "Self-exciting",
    "both": "Both",
    "simulator": "The simulator",
}


def _ratio(value: float | None) -> str:
    """A ratio with two decimals; more where it is below a tenth."""
    if value is None:
        return NOT_DEFINED
    return f"{value:.2f}" if value >= 0.1 or value == 0.01 else number(value)


def _ratios(low: float | None, high: float | None) -> str:
    return NOT_DEFINED if low is None else f"{_ratio(low)} to {_ratio(high)}"


def _whole(value: float) -> str:
    """An event count or a log score, to the unit."""
    return plain(round(value), 6)


def model_table(data: Values) -> Table:
    """Models by severity: both scores, the sampler's verdict, and what the model fails to give."""
    rows = []
    for m in data["models"]:
        failed = [c["label"] for c in m["checks"] if not c["passes"]]
        rows.append(
            row(
                f"{m['tier']} and more",
                MODEL_NAMES[m["id"]],
                _behind(m["loo_behind"]),
                _behind(m["log_score_behind"]),
                _sampler(m),
                "; ".join(failed) or "nothing",
            )
        )
    return Table(
        "table-models",
        "Models of weekly provocations, and how far each is behind the best",
        columns(
            ("Severity", 1.0),
            ("Model", 2.2),
            ("Left out one week", 1.2, "right"),
            ("Forecast", 1.2, "right"),
            ("Sampler", 1.0),
            ("Does not reproduce", 2.0),
        ),
        tuple(rows),
        words(
            "Log score behind the best model ± one standard error over half-years; 0 is the best. "
            "Left out one week: PSIS-LOO, every other week known. Forecast: one week ahead, "
            "parameters from before 1994, 2001, 2012 or 2019. Sampler: whether the chains of all "
            "weeks pass, and which of the shorter ones behind the forecasts do not."
        ),
        compact=True,
    )


def _sampler(model: Values) -> str:
    """Whether a model's chains pass, and from which origins the shorter ones do not."""
    own = model["diagnostics"]
    told = "passes" if own["passes"] else "fails"
    if own["attempts"] > 1:
        told += " at the second attempt"
    failed = [s["origin"][:4] for s in model["log_scores"] if not s["diagnostics"]["passes"]]
    return f"{told}; fails from {listed(failed)}" if failed else told


def _behind(value: Values) -> str:
    if value["mean"] == 0.0:
        return "0"
    return f"{_whole(value['mean'])} ± {_whole(value['se'])}"


def effect_table(data: Values) -> Table:
    """What the model with both parts says of each part, all severities."""
    (model,) = [m for m in data["models"] if m["tier"] == 2 and m["id"] == "both"]
    rows = [
        row(
            e["name"][:1].upper() + e["name"][1:],
            e["unit"],
            number(e["median"]),
            band(e["low"], e["high"]),
        )
        for e in model["effects"]
    ]
    return Table(
        "table-effects",
        "The model with both parts, events of severity 2 and more",
        columns(("Part", 2.0), ("Unit", 1.6), ("Median", 0.8, "right"), ("95 %", 1.2, "right")),
        tuple(rows),
        compact=True,
    )


def study_figure(data: Values) -> Figure:
    """The event study: a panel for each least severity; bins before a contact are the placebo."""
    panels, cells = [], []
    for study in data["studies"]:
        rows = []
        for b in study["bins"]:
            label = f"{_ratio(b['ratio'])} ({_ratios(b['low'], b['high'])})"
            rows.append(
                {
                    "row": b["label"][:1].upper() + b["label"][1:],
                    "series": "ratio",
                    "role": "same" if b["is_lead"] else "focal",
                    "mean": b["ratio"],
                    "low2": b["low50"],
                    "high2": b["high50"],
                    "p05": b["low"],
                    "p95": b["high"],
                    "label": label,
                }
            )
            cells.append(row(f"{study['tier']} and more", b["label"], label))
        title = {
            "text": f"Severity {study['tier']} and more",
            "subtitle": "grey: weeks before a contact (placebo); blue: the week itself and after",
        }
        scale = {
            "scale": {"type": "log", "domain": [0.35, 2.5], "nice": False, "clamp": True},
            "axis": {"values": [0.35, 0.5, 0.7, 1, 1.4, 2], "format": "~g"},
        }
        panels.append(
            intervals(rows, "Rate over that of other weeks", title=title, scale=scale, origin=1.0)
        )
    first = data["studies"][0]
    return Figure(
        "figure-event-study",
        "Provocations before and after contacts, within years and beside series of events",
        f"Ratios by bin of weeks. {first['verdict']}",
        stapled(*panels),
        Table(
            "table-event-study",
            "Rate over that of other weeks, median and 95 %",
            columns(("Severity", 1.0), ("Weeks", 2.0), ("Ratio", 2.0, "right")),
            tuple(cells),
            compact=True,
        ),
    )


def ratio_table(data: Values) -> Table:
    """Stratified ratios by exposure, coding and severity."""
    rows = [
        row(
            _EXPOSURE[r["exposure"]],
            _CODING[r["coding"]],
            f"{r['tier']} and more",
            _ratio(r["crude"]),
            _ratio(r["ratio"]),
            _ratios(r["low"], r["high"]),
            _ratios(r["wide_low"], r["wide_high"]),
        )
        for r in data["ratios"]
    ]
    return Table(
        "table-ratios",
        "Stratified rate ratios (Mantel and Haenszel)",
        columns(
            ("Weeks compared", 2.0),
            ("Rows", 1.6),
            ("Severity", 1.0),
            ("Crude", 0.7, "right"),
            ("Within strata", 0.8, "right"),
            ("95 %, weeks", 1.2, "right"),
            ("95 %, strata", 1.2, "right"),
        ),
        tuple(rows),
        words(
            "The last column takes a whole year or era as one observation, the honest width for "
            "events that come in series. The windows were picked because talks took place."
        ),
        compact=True,
    )


def secret_table(data: Values) -> Table:
    """The stratified ratio by share and place of contacts that were never made public."""
    rows = []
    for r in data["secret"]:
        ratio = _ratio(r["ratio"])
        if r["share"] and r["error"] is not None:
            ratio += f" ± {_ratio(max(r['error'], 0.01))}"
        rows.append(
            row(
                f"{round(100 * r['share'])}{SPACE}%",
                _WHERE[r["where"]] if r["share"] else "none missing",
                f"{round(100 * r['exposed'])}{SPACE}%",
                ratio,
                _ratios(r["low"], r["high"]) if r["share"] else "",
            )
        )
    return Table(
        "table-secret",
        "The ratio by year, were contacts missing because they were secret",
        columns(
            ("Missing, of all", 1.0),
            ("Where they lie", 2.0),
            ("Weeks near one", 0.9, "right"),
            ("Ratio", 1.0, "right"),
            ("95 % of placements", 1.3, "right"),
        ),
        tuple(rows),
        words(
            "Severity 2 and more. Where the ratio is not defined, hardly a week is left without a "
            "contact near."
        ),
        compact=True,
    )


def spell_table(name: str, caption: str, spells: Sequence[Values]) -> Table:
    """Spells: counts, median by Kaplan and Meier, constant hazard, Weibull shape."""
    rows = []
    for s in spells:
        w = s["weibull"]
        shape = f"{number(w['shape'])} ({band(w['shape_low'], w['shape_high'])})" if w else ""
        rows.append(
            row(
                s["label"][:1].upper() + s["label"][1:],
                f"{s['ends']} of {s['n']}",
                number(s["median"]),
                f"{number(s['rate'])} ({band(s['rate_low'], s['rate_high'])})",
                shape or NOT_DEFINED,
            )
        )
    return Table(
        name,
        caption,
        columns(
            ("Spells", 2.2),
            ("Ended", 0.8, "right"),
            ("Median, years", 0.8, "right"),
            ("Ends a year", 1.5, "right"),
            ("Weibull shape", 1.5, "right"),
        ),
        tuple(rows),
        words(
            "Median after Kaplan and Meier, not defined where fewer than half have ended. A shape "
            "whose interval lies below 1 means that what has lasted long lasts longer. 95 % in "
            "brackets."
        ),
        compact=True,
    )


def crisis_table(data: Values) -> Table:
    """How high crises climbed and how long they lasted."""
    rows = []
    for c in data["crises"]:
        for rung, label, k, low, high in c["shares"]:
            if rung >= 3:
                rows.append(
                    row(c["label"], f"reached {label}", f"{k} of {c['n']}", band(low, high))
                )
        weeks = f"{number(c['median_weeks'])} (quartiles {band(*c['quartiles'])})"
        rows.append(row(c["label"], "weeks, median", weeks, ""))
    return Table(
        "table-crises",
        "Crises that reached a rung or a higher one, by this project's coding",
        columns(("Crises", 1.8), ("Measure", 1.6), ("Found", 1.6, "right"), ("95 %", 1.0, "right")),
        tuple(rows),
        words("Weeks: from trigger to end, as this record dates them."),
        compact=True,
    )


def posterior_table(data: Values) -> Table:
    """Parameters of grade A: the case beside the record."""
    rows = [
        row(
            p["label"],
            p["key"],
            f"{number(p['held'])} ({band(p['held_low'], p['held_high'])})",
            f"{number(p['mean'])} ({band(p['low'], p['high'])})",
            p["verdict"],
        )
        for p in data["posteriors"]
    ]
    return Table(
        "table-posteriors",
        "Parameters that the record measures, 2012 on",
        columns(
            ("Parameter", 2.2),
            ("Key", 0.7),
            ("Case (range)", 1.5, "right"),
            ("Record (95 %)", 1.5, "right"),
            ("Case and record", 1.2),
        ),
        tuple(rows),
        compact=True,
    )


def severity_table(data: Values) -> Table:
    """Shares of severities under both readings of the record."""
    rows = []
    for s in data["severities"]:
        parts = zip(
            s["counts"], s["held"], s["mean"], s["low"], s["high"], s["agrees"], strict=True
        )
        for severity, (n, held, mean, low, high, agrees) in enumerate(parts, start=2):
            rows.append(
                row(
                    _CODING[s["coding"]],
                    str(severity),
                    str(n),
                    number(held),
                    f"{number(mean)} ({band(low, high)})",
                    "agrees" if agrees else "disagrees",
                )
            )
    return Table(
        "table-severities",
        "Severities of provocations, 2012 on",
        columns(
            ("Rows", 2.0),
            ("Severity", 0.7, "right"),
            ("Events", 0.7, "right"),
            ("Case", 0.7, "right"),
            ("Record (95 %)", 1.5, "right"),
            ("Case and record", 1.0),
        ),
        tuple(rows),
        compact=True,
    )


def back_cast_table(data: Values) -> Table:
    """Score and coverage of every back-cast, and the two years that must be caught."""
    rows = []
    for c in data["back_casts"]:
        years = {y["year"]: y for y in c["years"]}
        told = []
        for year, first in ((2018, 2012), (2022, 2019)):
            if c["origin"].startswith(str(first)) and (y := years.get(year)):
                inside = "in" if y["within95"] else "outside"
                told.append(f"{year}: {y['recorded']}, {inside} {band(y['low95'], y['high95'], 3)}")
        n = len(c["years"])
        rows.append(
            row(
                MODEL_NAMES[c["model"]],
                c["origin"][:4],
                number(c["crps"]),
                f"{round(c['coverage80'] * n)} of {n}",
                f"{round(c['coverage95'] * n)} of {n}",
                "; ".join(told),
            )
        )
    return Table(
        "table-back-casts",
        "Back-casts of events a year, up to ten years on, nothing after the start known",
        columns(
            ("Model", 2.0),
            ("From", 0.6),
            ("CRPS", 0.6, "right"),
            ("In 80 %", 0.8, "right"),
            ("In 95 %", 0.8, "right"),
            ("The stop of 2018, the surge of 2022", 2.2),
        ),
        tuple(rows),
        words("CRPS in events a year, smaller is better; years inside the band of all years."),
        compact=True,
    )


def back_cast_figure(data: Values) -> Figure:
    """The simulator's bands beside the record, one panel for each origin."""
    casts = [c for c in data["back_casts"] if c["model"] == "simulator"]
    rows = [
        {
            "origin": f"From {c['origin'][:4]}",
            "year": y["year"],
            **{k: y[k] for k in ("recorded", "mean", "low95", "high95", "low80", "high80")},
        }
        for c in casts
        for y in c["years"]
    ]
    table = tuple(
        row(r["origin"], str(r["year"]), str(r["recorded"]), band(r["low95"], r["high95"], 3))
        for r in rows
    )
    return Figure(
        "figure-back-casts",
        "The simulator from four starts, with the record's receptivity and talks put in",
        "Bands of simulated events a year, and the events of the record as points.",
        _panels(rows),
        Table(
            "table-back-cast-years",
            "Events a year: record, and the simulator's 95 %",
            columns(
                ("Start", 1.0), ("Year", 0.8), ("Record", 0.8, "right"), ("95 %", 1.2, "right")
            ),
            table,
            compact=True,
        ),
    )


def _panels(rows: Sequence[Values]) -> dict[str, Any]:
    from openchannel.report.theme import BLUE, INK  # noqa: PLC0415  # drawn here alone

    x = {
        "field": "year",
        "type": "ordinal",
        "title": None,
        "axis": {"labelAngle": 0, "labelExpr": "datum.value % 3 == 0 ? datum.value : ''"},
    }

    def y(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "title": "Events a year"}

    def area(low: str, high: str, opacity: float) -> dict[str, Any]:
        return {
            "mark": {"type": "bar", "color": BLUE, "opacity": opacity, "width": {"band": 0.9}},
            "encoding": {"x": x, "y": y(low), "y2": {"field": high}},
        }

    return {
        "data": {"values": list(rows)},
        "facet": {"field": "origin", "type": "nominal", "title": None},
        "columns": 2,
        "spec": {
            "width": 235,
            "height": 120,
            "layer": [
                area("low95", "high95", 0.2),
                area("low80", "high80", 0.3),
                {
                    "mark": {
                        "type": "point",
                        "filled": True,
                        "size": 46,
                        "color": INK,
                        "opacity": 1,
                    },
                    "encoding": {"x": x, "y": y("recorded")},
                },
            ],
        },
        "resolve": {"scale": {"x": "independent"}},
    }
