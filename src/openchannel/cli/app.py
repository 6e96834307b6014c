"""The program: its commands, and one way out for all of them."""

from __future__ import annotations

import sys
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

import openchannel
from openchannel.cli import (
    assess,
    believe,
    calibrate,
    case,
    claims,
    compare,
    curve,
    design,
    doctor,
    evidence,
    forecast,
    hedge,
    redteam,
    serve,
    ties,
    watch,
)
from openchannel.cli.encoding import plain_signs
from openchannel.cli.exits import ReaderGoneError, ending
from openchannel.cli.voice import Voice
from openchannel.errors import Interrupted

__all__ = ["app"]


class Program(TyperGroup):
    """Commands whose every ending is told and counted in `exits`."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run one command line and exit with its code."""
        given = args[0] if args else extra.pop("args", None)
        arguments = list(sys.argv[1:] if given is None else given)
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                # A terminal that lacks a sign shows another in its place.
                stream.reconfigure(errors=plain_signs())
        extra |= {"standalone_mode": False, "prog_name": "openchannel"}
        run = super().main
        sys.exit(ending(lambda: run(arguments, **extra), arguments))

    def invoke(self, ctx: Any) -> Any:
        """Run the command; endings that the parser would keep to itself are passed on."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted("stopped") from None
        except BrokenPipeError as error:
            raise ReaderGoneError from error


app = typer.Typer(
    name="openchannel",
    cls=Program,
    help="Whether and how to keep channels open to a rival: many futures, one brief, every number "
    "with its source.",
    epilog="Begin with: openchannel assess korea",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,  # boxes around the help would cost as much time as all the rest
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def program(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Name the release.")] = False,
    json: Annotated[bool, typer.Option("--json", hidden=True)] = False,
) -> None:
    """Name the release, or help where nothing is asked."""
    if version:
        voice = Voice(json)
        voice.give({"openchannel": openchannel.__version__})
        voice.show(f"openchannel {openchannel.__version__}")
        raise typer.Exit
    if json:
        raise typer.BadParameter("write --json after the command", ctx, param_hint="--json")
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())
        raise typer.Exit


app.command("assess")(assess.assess)
app.command("believe")(believe.believe)
app.command("check")(case.check)
app.command("new")(case.new)
app.add_typer(evidence.app, name="evidence")
app.command("ties")(ties.ties)
app.command("calibrate")(calibrate.calibrate)
app.add_typer(forecast.app, name="forecast")
app.command("ledger")(claims.ledger)
app.command("hedge")(hedge.hedge)
app.command("redteam")(redteam.redteam)
app.command("compare")(compare.compare)
app.command("curve")(curve.curve)
app.command("design")(design.design)
app.command("watch")(watch.watch)
app.command("serve")(serve.serve)
app.command("doctor")(doctor.doctor)
