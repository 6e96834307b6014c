"""`openchannel forecast` and `openchannel forecast score`: what is expected, and how it fared."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from openchannel.cli.blocks import checked_formats, hand_over
from openchannel.cli.options import AsJson, CaseName, DrawnSeed, PageFolder, PageFormats, Quiet, Who
from openchannel.cli.store import StoreOption
from openchannel.cli.voice import Voice

__all__ = ["app"]


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
        str | None,
        typer.Option(
            "--as-of", metavar="DAY", help="First day of the windows.", show_default="today"
        ),
    ] = None,
    log: Annotated[
        bool, typer.Option("--log/--no-log", help="Add the forecasts to the log in the store.")
    ] = True,
    who: Who = "",
    output: PageFolder = None,
    form: PageFormats = "html,pdf",
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: DrawnSeed = 1,
) -> None:
    """Forecast provocations, tests, crises and contacts of the next 4 to 52 weeks, and log it."""
    voice = Voice(json, quiet)
    formats = checked_formats(form, output)
    voice.say(f"forecasting from the record of {case}...")
    from openchannel.usecases.forecasts.forecast import forecast, write_forecast

    found = forecast(case, as_of=as_of, log=log, store=store, who=who, seed=seed)
    kept = f"{found.n_logged} forecasts were added to the log. " if found.n_logged else ""
    hand_over(
        voice,
        found.as_dict(),
        lambda: found.page(is_short=True),
        output,
        lambda folder: write_forecast(found, folder, formats),
        f"{kept}Charts, scores and rules of resolution: -o DIR, or --json.",
    )


@app.command("score")
def score(
    case: CaseName,
    gap: Annotated[
        int, typer.Option("--gap", metavar="WEEKS", help="Age of the evidence at each origin.")
    ] = 0,
    output: PageFolder = None,
    form: PageFormats = "html,pdf",
    store: StoreOption = None,
    json: AsJson = False,
    quiet: Quiet = False,
    seed: DrawnSeed = 1,
) -> None:
    """Test such forecasts on the past, and score logged ones that have come due."""
    voice = Voice(json, quiet)
    formats = checked_formats(form, output)
    voice.say(f"forecasting the record of {case} as it would have been done then...")
    from openchannel.usecases.forecasts.score import forecast_score, write_forecast_score

    found = forecast_score(case, gap=gap, store=store, seed=seed)
    hand_over(
        voice,
        found.as_dict(),
        lambda: found.page(is_short=True),
        output,
        lambda folder: write_forecast_score(found, folder, formats),
        "Every window, every score and the charts: -o DIR, or --json.",
    )
