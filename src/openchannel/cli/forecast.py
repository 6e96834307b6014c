"""`openchannel forecast` and `openchannel forecast score`: what is expected, and how it fared."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from openchannel.cli.options import AsJson, CaseName, DrawnSeed, Quiet
from openchannel.cli.store import StoreOption
from openchannel.cli.tables import Column, plain_table
from openchannel.cli.voice import Voice
from openchannel.errors import Problem, UserError

if TYPE_CHECKING:
    from openchannel.calibration.scores import Skill
    from openchannel.usecases.forecast import ForecastTable, ScoreTable

__all__ = ["app"]

_SHOWN_WEEKS = 13
_N_MISSES = 6
_SURE = 0.8


class _CaseFirst(TyperGroup):
    """`forecast korea` is short for `forecast issue korea`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["issue", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_CaseFirst,
    help="Dated probabilities from the record, logged; with score: how such forecasts fared. "
    "`forecast CASE` is short for `forecast issue CASE`.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("issue")
def issue(
    case: CaseName,
    as_of: Annotated[
        str,
        typer.Option(
            "--as-of", metavar="DAY", help="First day of the windows.", show_default="today"
        ),
    ] = "",
    log: Annotated[
        bool, typer.Option("--log/--no-log", help="Add the forecasts to the log in the store.")
    ] = True,
    who: Annotated[
        str,
        typer.Option(metavar="NAME", help="Who forecasts.", show_default="user of this machine"),
    ] = "",
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: DrawnSeed = 1,
) -> None:
    """Forecast provocations, tests, crises and contacts of the next 4 to 52 weeks, and log it."""
    voice = Voice(json, quiet)
    day = _day(as_of)
    voice.say(f"forecasting from the record of {case}...")
    from openchannel.usecases.forecast import forecast

    table = forecast(case, as_of=day, log=log, store=store, who=who, seed=seed)
    voice.give(table.as_dict())
    voice.show(_forecasts(table))
    voice.show(_age(table))


@app.command("score")
def score(
    case: CaseName,
    gap: Annotated[
        int, typer.Option("--gap", metavar="WEEKS", help="Age of the evidence at each origin.")
    ] = 0,
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: DrawnSeed = 1,
) -> None:
    """Back-test the forecasts from 1995 on, and score logged ones that have come due."""
    voice = Voice(json, quiet)
    voice.say(f"forecasting the record of {case} as it would have been done from 1995 on...")
    from openchannel.usecases.forecast import score as score_of

    table = score_of(case, gap=gap, store=store, seed=seed)
    voice.give(table.as_dict())
    voice.show(_scores(table))
    voice.show(_misses(table))
    voice.show(_reliability(table))
    voice.show(_closing(table))


def _day(given: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(given) if given else None
    except ValueError:
        raise UserError(
            Problem("command line", "--as-of", f"'{given}' is not a day", "a day as YYYY-MM-DD",
                    "write it as 2026-01-31")
        ) from None  # fmt: skip


def _forecasts(table: ForecastTable) -> Any:
    from openchannel.calibration.forecast_questions import QUESTIONS, WEEKS

    said = {(f.question, (f.last - f.first).days // 7 + 1): f for f in table.rows}
    columns = [Column("At least one, chance; count", share=2)]
    columns += [Column(f"{w} weeks", "right", whole=True) for w in WEEKS]
    rows = []
    for question in QUESTIONS:
        cells = [said[question.id, w] for w in WEEKS]
        rows.append(
            [question.title, *(f"{_chance(f.probability)}; {f.low}-{f.high}" for f in cells)]
        )
    return plain_table(columns, rows, f"Forecasts from {table.as_of}")


def _chance(value: float) -> str:
    """A chance in whole per cent, never none and never certain."""
    if value < 0.01:
        return "<1 %"
    return ">99 %" if value > 0.99 else f"{100 * value:.0f} %"


def _age(table: ForecastTable) -> str:
    age = (table.as_of - table.evidence_end).days
    kept = f" {table.n_logged} forecasts were added to the log." if table.n_logged else ""
    sure = [c for t in table.tests for p, c in zip(t.said, t.came, strict=True) if p >= _SURE]
    fared = f" What was given {_SURE:.0%} or more came in {sum(sure) / max(len(sure), 1):.0%} of "
    fared += "back-tests at this age of evidence."
    models = sorted({f.model.replace("_", " ") for f in table.rows})
    return (
        f"Counts: central 80 % interval. Model: {', '.join(models)}. "
        f"The evidence ends on {table.evidence_end}, {age} days before the first day"
        + (
            f"; models were chosen and trained at that age, and `openchannel forecast score "
            f"{table.case} --gap {table.gap}` tells what it costs."
            if table.gap
            else "."
        )
        + f"{fared} Rules of resolution: --json.{kept}"
    )


def _scores(table: ScoreTable) -> Any:
    columns = [
        Column("Question", share=2),
        Column("Weeks", "right", whole=True),
        Column("Came", "right", whole=True),
        Column("Brier", "right", whole=True),
        Column("Log", "right", whole=True),
        Column("CRPS", "right", whole=True),
        Column("Interval", "right", whole=True),
        Column("Skill: climatology", "right", whole=True),
        Column("persistence", "right", whole=True),
        Column("recent rate", "right", whole=True),
    ]
    rows = []
    for test in table.tests:
        own = next(m for m in test.models if m.model == test.chosen)
        numbers = (own.brier, own.log_score, own.crps, own.interval_score)
        rows.append(
            [
                table.titles[test.question], str(test.weeks), f"{test.n_came}/{test.n}",
                *(f"{x:.2f}" for x in numbers),
                *(_skill(s) for s in test.brier_skill.values()),
            ]
        )  # fmt: skip
    return plain_table(columns, rows, "Back-test from 1995: mean scores, and Brier skill")


def _skill(found: Skill) -> str:
    """A skill with its error, in per cent; marked where it is told from nothing."""
    sign = " *" if found.is_measurable else "  "
    return f"{100 * found.value:+.0f} ± {100 * found.error:.0f} %{sign}"


def _misses(table: ScoreTable) -> Any:
    found = [(m, t) for t in table.tests if t.weeks == _SHOWN_WEEKS for m in t.misses]
    worst = sorted(found, key=lambda f: -f[0].log_score)[:_N_MISSES]
    columns = [Column("Question", share=1), Column("Said", "right", whole=True)]
    columns += [Column("What came", share=2)]
    rows = [[table.titles[t.question], _chance(m.said), m.event] for m, t in worst]
    return plain_table(columns, rows, "The misses that cost most, 13 weeks ahead")


def _reliability(table: ScoreTable) -> Any:
    import numpy as np

    from openchannel.calibration.scores import reliability

    shown = [t for t in table.tests if t.weeks == _SHOWN_WEEKS]
    said = np.array([p for t in shown for p in t.said])
    came = np.array([c for t in shown for c in t.came], float)
    columns = [Column(h, "right", whole=True) for h in ("Said", "Came", "Band", "Forecasts")]
    rows = [
        [f"{b.said:.0%}", f"{b.came:.0%}", f"{b.low:.0%} to {b.high:.0%}", str(b.n)]
        for b in reliability(said, came)
    ]
    return plain_table(columns, rows, "Reliability, 13 weeks ahead, all questions")


def _closing(table: ScoreTable) -> str:
    pools = [t for t in table.tests if t.chosen == "pool"]
    due = f"{len(table.due)} logged forecasts have come due, {table.n_waiting} wait."
    if table.due:
        due += f" Their mean Brier score is {sum(d.brier for d in table.due) / len(table.due):.2f}."
    return (
        "Skill is the share of the Brier score of a baseline that is saved, ± one standard error "
        "(block bootstrap); * is two errors or more from nothing. "
        f"The pool of models beats the best single one by three errors in {len(pools)} of "
        f"{len(table.tests)} cases; elsewhere the discounted rate is issued. "
        f"The record ends on {table.evidence_end}. "
        f"{due}"
    )
