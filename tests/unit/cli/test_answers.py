"""What commands show: for people at eighty columns, for programs as JSON equal to Python's."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.text import Text
from typer.testing import Result

import openchannel
from openchannel.usecases.runs.answer import answer
from openchannel.cli.assess import DEFAULT_FUTURES
from openchannel.cli.progress import Watched, clock, counted, estimated, progress_of
from openchannel.cli.voice import Voice
from openchannel.ensemble import Progress
from openchannel.calibration import forecast_questions
from openchannel.usecases import checking, settings
from openchannel.usecases.history import calibrate
from openchannel.usecases.evidence import record
from openchannel.usecases.cases import load
from openchannel.usecases.doctor import doctor
from openchannel.usecases.forecasts.forecast import forecast
from openchannel.usecases.forecasts.score import forecast_score
from openchannel.usecases.evidence.record import open_record
from openchannel.usecases.evidence.ties import ties

from .conftest import SMALL

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _few_questions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Forecasts of one question over one window, for speed, and a store of the test's own."""
    monkeypatch.setattr(forecast_questions, "QUESTIONS", forecast_questions.QUESTIONS[:1])
    monkeypatch.setattr(forecast_questions, "WEEKS", (13,))
    monkeypatch.setenv("OPENCHANNEL_STORE", str(tmp_path / "store" / "own.duckdb"))


def plain(value: Any) -> Any:
    """What a value is after a journey through JSON."""
    return json.loads(json.dumps(value, default=lambda d: d.isoformat()))


PYTHON: dict[tuple[str, ...], Callable[[], Any]] = {
    ("check", "korea"): lambda: checking.check("korea").as_dict(),
    ("ties", "korea"): lambda: ties("korea").as_dict(),
    ("calibrate", "korea", "--moments", "--all", "--futures", "0"): lambda: calibrate.moments(
        "korea", futures=0
    ).as_dict(),
    ("forecast", "korea", "--as-of", "2018-01-01", "--no-log"): lambda: forecast(
        "korea", as_of=dt.date(2018, 1, 1)
    ).as_dict(),
    ("forecast", "score", "korea"): lambda: forecast_score("korea").as_dict(),
    ("evidence", "show", "C214"): lambda: record.show_row("korea", "C214"),
    ("evidence", "verify"): lambda: record.verify_record("korea").as_dict(),
    ("evidence", "list", "contacts", "--since", "2018"): lambda: {
        "case": "korea",
        "table": "contacts",
        "rows": record.list_rows("korea", "contacts", since="2018").rows,
    },
    ("evidence", "timeline", "--until", "1990", "--kind", "crisis"): lambda: {
        "case": "korea",
        "entries": record.timeline("korea", until="1990", kinds=["crisis"]),
    },
}


@pytest.mark.parametrize("arguments", PYTHON, ids=" ".join)
def test_json_says_what_python_says(run: Run, arguments: tuple[str, ...]) -> None:
    """One number, two faces."""
    result = run(*arguments, "--json")
    assert 0 == result.exit_code
    assert plain(PYTHON[arguments]()) == json.loads(result.stdout)


EVERY = (
    *PYTHON,
    ("evidence", "list"),
    *(("evidence", "list", t, "--limit", "20") for t in ("provocations", "crises", "exercises")),
    *(("evidence", "list", t, "--limit", "20") for t in ("agreements", "offices", "channels")),
    *(("evidence", "list", t) for t in ("channel_spells", "incidents_lethal", "detentions")),
    ("doctor",),
)


@pytest.mark.parametrize("arguments", EVERY, ids=" ".join)
def test_results_can_be_read_on_eighty_columns_and_silenced(
    run: Run, arguments: tuple[str, ...]
) -> None:
    """Tables keep within the screen; --quiet leaves nothing of them; every command takes --seed."""
    result = run(*arguments, "--seed", "2")
    assert 0 == result.exit_code
    # Problems found by `verify` are told in whole lines, so that editors can follow them.
    table = result.stdout.partition("\nwarning:")[0]
    assert max(map(len, table.splitlines())) <= 80
    assert result.stdout.strip()

    silent = run(*arguments, "--quiet")
    assert (0, "") == (silent.exit_code, silent.output)


def test_doctor_gives_what_it_looked_at(run: Run) -> None:
    """Room on the disk may change between two looks, so names and states are compared."""
    given = json.loads(run("doctor", "--json").stdout)
    expected = doctor().as_dict()
    assert expected["ok"] is given["ok"] is True
    assert [(p["id"], p["status"]) for p in expected["probes"]] == [
        (p["id"], p["status"]) for p in given["probes"]
    ]


def test_version_and_help_come_without_a_case(run: Run) -> None:
    """Nothing asked is answered with help."""
    assert f"openchannel {openchannel.__version__}\n" == run("--version").stdout
    assert {"openchannel": openchannel.__version__} == json.loads(run("--version", "--json").stdout)
    for arguments in ((), ("--help",), ("-h",)):
        result = run(*arguments)
        assert 0 == result.exit_code
        assert "openchannel assess korea" in result.stdout
    assert "timeline" in run("evidence").stdout


@pytest.mark.parametrize(
    "command",
    [
        ("assess",),
        ("check",),
        ("new",),
        ("ties",),
        ("calibrate",),
        ("forecast", "issue"),
        ("forecast", "score"),
        ("hedge",),
        ("doctor",),
        ("watch",),
        *(("evidence", c) for c in ("list", "show", "timeline", "verify", "export")),
    ],
    ids=" ".join,
)
def test_every_command_takes_the_common_options(run: Run, command: tuple[str, ...]) -> None:
    """--json, --quiet and --seed belong to the contract."""
    text = run(*command, "--help").stdout
    assert all(option in text for option in ("--json", "--quiet", "--seed"))


def test_the_record_is_copied_whole(run: Run, tmp_path: Path) -> None:
    """Ten tables, in the format asked for."""
    result = run("evidence", "export", "copy", "--format", "csv", "--json")
    files = json.loads(result.stdout)["files"]
    assert [Path(f).name for f in files] == sorted(
        (p.name for p in (tmp_path / "copy").iterdir()), key=[Path(f).name for f in files].index
    )
    assert 10 == len(files)


def test_a_new_case_can_be_checked_and_assessed(run: Run, mine: Path, tmp_path: Path) -> None:
    """From `new` to an answer in three lines, and to JSON equal to the summary that was written."""
    assert 0 == run("check", mine).exit_code
    result = run("assess", mine, *SMALL, "-o", "out")
    assert 0 == result.exit_code
    assert result.stderr.startswith(f"reading the case {mine}...\n")
    assert "chance of war, Regular talks against status quo" in result.stderr
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    lines = answer(summary, load(mine))
    assert 3 == len(lines)
    assert " ".join(lines).split() == result.stdout.partition("out/summary")[0].split()
    assert "out/summary.json\nout/draws.parquet\nout/manifest.json\n" in result.stdout

    again = run("assess", mine, *SMALL, "-o", "out", "--json")
    assert summary == json.loads(again.stdout)
    assert "holds a finished run (mine, seed 1)" in again.stderr
    assert "byte for byte" in again.stderr

    python = openchannel.assess(mine, futures=64, policies=["Q1"])
    assert summary == plain(python.summary)


def test_the_brief_is_asked_for_in_the_formats_given(
    run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The formats go to the use case, and the paths it gives come first."""
    asked = []

    class Brief:
        @staticmethod
        def write_brief(_: object, folder: Path, formats: tuple[str, ...]) -> list[Path]:
            asked.append(formats)
            return [folder / f"brief.{f}" for f in formats]

    monkeypatch.setitem(__import__("sys").modules, "openchannel.usecases.runs.brief", Brief)
    result = run("assess", mine, *SMALL[:-1], "pdf,html", "-o", "out")
    assert 0 == result.exit_code
    assert [("pdf", "html")] == asked
    assert "out/brief.pdf\nout/brief.html\nout/summary.json\n" in result.stdout


def test_an_assessment_tells_the_age_of_its_record(run: Run) -> None:
    """In days, with the command that says what it does to the answer; a quiet one does not."""
    small = ("--beliefs", "modes", "--policy", "P7", "--futures", "64", "--format", "none")
    began = dt.date.today()
    result = run("assess", "korea", *small, "-o", "out")
    with open_record("korea") as record:
        end = record.end
    assert end is not None
    days = {(day - end).days for day in (began, dt.date.today())}
    (told,) = re.findall(r"ended (\d+) days ago", result.stderr)
    assert int(told) in days
    assert "openchannel watch korea out" in result.stderr
    assert "days ago" not in run("assess", "korea", *small, "-o", "out", "--quiet").output


def test_the_output_folder_is_named_after_the_case(run: Run, mine: Path, tmp_path: Path) -> None:
    """Without -o, results lie beside, not inside, the case."""
    small = ("--beliefs", "W5", "--policy", "Q1", "--futures", "4", "--format", "none")
    result = run("assess", mine, *small, "--quiet")
    assert (0, "") == (result.exit_code, result.output)
    assert (tmp_path / "openchannel-mine" / "summary.json").is_file()


def test_the_default_size_shown_is_that_of_the_use_case() -> None:
    """Help shows a number without loading what it belongs to."""
    assert settings.DEFAULT_FUTURES == DEFAULT_FUTURES


def test_progress_is_told_in_words() -> None:
    """Futures, time left, and the answer so far with its error."""
    watched = Watched("Full engagement", "status quo")
    moment = Progress(1024, 4096, 10.0, 0, -0.00125, 0.0004)
    assert "1,024 of 4,096 futures a policy and world, 0:30 left" == counted(moment)
    assert (
        "chance of war, Full engagement against status quo: -0.12 points (s.e. 0.04)"
        == estimated(moment, watched)
    )
    assert "" == estimated(Progress(0, 4096, 0.0, 0), watched)
    assert "1:01:01" == clock(3661)


@pytest.mark.parametrize("terminal", [True, False])
def test_the_first_answer_is_on_screen_with_the_second_group(terminal: bool) -> None:
    """On a terminal in a bar that is redrawn, in a log as a line; each within eighty columns."""
    out, err = io.StringIO(), io.StringIO()
    voice = Voice()
    voice.__dict__["aside"] = Console(file=out, width=80, force_terminal=terminal)
    with (
        contextlib.redirect_stderr(err),
        progress_of(voice, Watched("Full engagement", "status quo"), ["first this"]) as tell,
    ):
        assert tell is not None
        tell(Progress(32, 128, 0.0, 32))
        tell(Progress(33, 128, 1.0, 32))
        tell(Progress(34, 128, 2.0, 32, -0.001, 0.0005))
    shown = Text.from_ansi(out.getvalue()).plain + err.getvalue()
    lines = [line.strip() for line in shown.replace("; ", "\n").splitlines()]
    for words in (
        "first this",
        "resumed 32 of 128 futures a policy and world",
        "34 of 128 futures a policy and world, 1:34 left",
        "chance of war, Full engagement against status quo: -0.10 points (s.e. 0.05)",
    ):
        assert words in lines
    with progress_of(Voice(quiet=True), Watched("a", "b")) as silent:
        assert silent is None


def wager(verdict: str) -> dict[str, Any]:
    return {"verdict": verdict, "cost_usd": 2e8, "mean_gain": 40.0, "mean_gain_mcse": 10.0}


def policy(short: str, war: float, gap: float) -> dict[str, Any]:
    return {
        "short": short,
        "metrics": {"p_war": {"mean": war, "mcse": 0.001}},
        "versus_baseline": {"p_war": {"mean": gap, "mcse": 0.0004}},
    }


def test_the_answer_claims_no_difference_below_two_errors() -> None:
    """A difference of one standard error is not told from nothing; a flip is told by world."""
    case = load("korea")
    summary = {
        "baseline": "P0",
        "horizon_weeks": 520,
        "wager": {"P7": wager("depends_on_beliefs")},
        "policies": {
            "P0": policy("Status quo", 0.03, 0.0),
            "P7": policy("Full engagement", 0.0296, -0.0004),
        },
        "worlds": {
            "W1": {"title": "Spiral", "wager": {"P7": wager("better")}},
            "W2": {"title": "Deterrence", "wager": {"P7": wager("worse")}},
        },
    }
    question, verdict, flips = answer(summary, case)
    assert case.question == question
    assert (
        "Full engagement against status quo: it depends on beliefs, by the composite loss "
        "(−40 ± 10 equivalent deaths). Chance of war in 10 years 2.96 ± 0.10 % against "
        "3.00 ± 0.10 %: no measurable difference. Extra cost $200 million. "
        "(± is one standard error.)"
    ) == verdict.replace("\N{NO-BREAK SPACE}", " ")
    assert "Where it flips, by world: better in Spiral (W1); worse in Deterrence (W2)." == flips


def test_an_answer_of_one_world_or_of_the_baseline_alone_says_so() -> None:
    """Nothing flips where there is nothing to compare."""
    case = load("korea")
    summary = {
        "baseline": "P0",
        "horizon_weeks": 520,
        "wager": {"P1": wager("worse")},
        "policies": {"P0": policy("Status quo", 0.03, 0.0), "P1": policy("Isolation", 0.04, 0.01)},
        "worlds": {"W2": {"title": "Deterrence", "wager": {"P1": wager("worse")}}},
    }
    _, verdict, flips = answer(summary, case)
    assert "Isolation against status quo: worse" in verdict
    assert "+1.00 ± 0.04 points" in verdict.replace("\N{NO-BREAK SPACE}", " ")
    assert "One world ran: worse in Deterrence (W2)." == flips
    _, verdict, _ = answer(summary | {"wager": {}}, case)
    told = "Only the baseline ran: chance of war 3.00 ± 0.10 %."
    assert told == verdict.replace("\N{NO-BREAK SPACE}", " ")


def test_nothing_measurable_is_said_once() -> None:
    """The verdict and the size of the difference are not the same words twice."""
    case = load("korea")
    summary = {
        "baseline": "P0",
        "horizon_weeks": 520,
        "wager": {"P7": wager("no_measurable_difference") | {"mean_gain": 1.0}},
        "policies": {"P0": policy("Status quo", 0.03, 0.0), "P7": policy("Full", 0.03, 0.0)},
        "worlds": {},
    }
    _, verdict, _ = answer(summary | {"worlds": {"W2": {
        "title": "Deterrence", "wager": {"P7": wager("no_measurable_difference")},
    }}}, case)  # fmt: skip
    assert "no measurable difference, by the composite loss. Chance of war" in verdict


def test_dates_in_json_are_text() -> None:
    """No value of a report is left that JSON cannot hold."""
    report = ties("korea")
    assert isinstance(report.record_end, dt.date)
    assert report.record_end.isoformat() == report.as_dict()["record_end"]


def test_forecasts_and_scores_are_written_as_pages(run: Run, tmp_path: Path) -> None:
    """Each file is named; the data are what --json gives; a file in the way is refused first."""
    for command, name in ((("forecast", "korea", "--as-of", "2018-01-01", "--no-log"), "forecast"),
                          (("forecast", "score", "korea"), "forecast-score")):  # fmt: skip
        result = run(*command, "-o", "out", "--format", "html")
        assert 0 == result.exit_code
        assert {f"out/{name}.html", f"out/{name}.json"} <= set(result.stdout.splitlines())
        kept = json.loads((tmp_path / "out" / f"{name}.json").read_text("utf-8"))
        assert kept == json.loads(run(*command, "--json").stdout)
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert 2 == run("forecast", "score", "korea", "-o", "taken").exit_code
