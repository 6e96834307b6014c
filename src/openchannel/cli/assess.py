"""`openchannel assess`: from a case to findings and a brief, in a folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import openchannel
from openchannel.cli.options import (
    AsJson,
    CaseName,
    DrawnSeed,
    Overlay,
    OwnFile,
    OwnPolicyFile,
    Quiet,
    Threads,
)
from openchannel.cli.progress import Watched, progress_of
from openchannel.cli.run_options import (
    Baseline,
    Beliefs,
    BriefFormats,
    ChartFormats,
    Cluster,
    Futures,
    OnGpu,
    Policies,
    RunFolder,
    Sharpen,
)
from openchannel.cli.voice import Voice
from openchannel.usecases.runs.answer import answer, sharpened

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.usecases.checking import StandingRun
    from openchannel.usecases.runs.finished_run import Run
    from openchannel.usecases.settings import Settings

__all__ = ["DEFAULT_FUTURES", "assess"]

# The use case's own default, written here because help must not load the use case to show it.
DEFAULT_FUTURES = 32_768


class Papers(NamedTuple):
    """What is written for readers beside a run: formats of its brief, forms of its charts."""

    formats: tuple[str, ...]
    charts: tuple[str, ...]

    @classmethod
    def asked(cls, formats: str, charts: str) -> Papers:
        """As the command line names them; what cannot be written is refused at once."""
        from openchannel.usecases.checking import check_formats
        from openchannel.usecases.runs.figures import chart_forms

        return cls(check_formats(formats), chart_forms(charts))

    @property
    def any(self) -> bool:
        """Whether any is asked for."""
        return bool(self.formats or self.charts)


def assess(
    case: CaseName,
    output: RunFolder = None,
    futures: Futures = DEFAULT_FUTURES,
    seed: DrawnSeed = 1,
    policy: Policies = None,
    beliefs: Beliefs = "ranges",
    overlay: Overlay = "",
    own: OwnFile = None,
    own_policy: OwnPolicyFile = None,
    baseline: Baseline = "",
    form: BriefFormats = "html,pdf,docx",
    charts: ChartFormats = "",
    threads: Threads = None,
    cluster: Cluster = "",
    gpu: OnGpu = False,
    sharpen: Sharpen = 0,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare policies on the same futures, and write a brief.

    Ctrl-C keeps what is done; the same command goes on from there.
    """
    voice = Voice(json, quiet)
    voice.say(f"reading the case {case}...")
    from openchannel.usecases.checking import check_output, check_record, standing_run
    from openchannel.usecases.settings import Settings

    papers = Papers.asked(form, charts)
    loaded = openchannel.load(case)
    folder = output if output is not None else Path(f"openchannel-{loaded.id}")
    check_output(folder)
    if own is None and own_policy is None and not baseline and not quiet:
        chosen = Settings(futures, seed, tuple(policy or ()), beliefs, overlay, sharpen=sharpen)
        _look_first(voice, loaded, chosen)
    if papers.any:
        check_record(loaded)
    before = standing_run(folder)
    with progress_of(voice, _watched(loaded), _notices(folder, before, gpu, sharpen)) as report:
        run = openchannel.assess(
            loaded,
            futures=futures,
            seed=seed,
            policies=tuple(policy or ()),
            beliefs=beliefs,
            overlay=overlay,
            own=own,
            own_policy=own_policy,
            baseline=baseline,
            folder=folder,
            threads=threads,
            cluster=cluster,
            gpu=gpu,
            sharpen=sharpen,
            report=report,
            keep_parts=papers.any,
        )
    _finish(voice, run, folder, papers, before)


def _look_first(voice: Voice, case: Case, settings: Settings) -> None:
    """Say what a first look shows, where nothing must be compiled for it; settings are checked."""
    from openchannel.cli.progress import looked_at
    from openchannel.usecases.doctor import simulator_is_compiled
    from openchannel.usecases.runs.first_look import first_look
    from openchannel.usecases.settings import check_settings

    check_settings(case, settings)
    if not simulator_is_compiled():
        return
    look = first_look(case, settings)
    if look is not None:
        voice.say(looked_at(look, _watched(case)))


def _watched(case: Case) -> Watched:
    return Watched(case.policy(case.focal).short, case.policy(case.baseline).short.lower())


def _notices(folder: Path, before: StandingRun | None, gpu: bool, sharpen: int) -> list[str]:
    """What stands in the folder, what takes longer and why, and whether a GPU is used."""
    from openchannel.usecases.doctor import COMPILING, simulator_is_compiled
    from openchannel.usecases.gpu import COMPILING_FOR_GPU, why_no_gpu

    notices = []
    if before is not None:
        made = f"{before.manifest.get('case')}, seed {before.manifest.get('seed')}"
        notices.append(f"{folder} holds a finished run ({made}); it is replaced at the end")
    if not simulator_is_compiled():
        notices.append(COMPILING)
    if gpu:
        why = why_no_gpu()
        notices.append(f"no GPU is used, but threads: {why}" if why else COMPILING_FOR_GPU)
    if sharpen:
        notices.append(
            f"after the run at most about {sharpen:,} further futures a policy and world, on "
            "average, are played where doubt is left, without a word until they are done"
        )
    return notices


def _finish(
    voice: Voice,
    run: Run,
    folder: Path,
    papers: Papers,
    before: StandingRun | None,
) -> None:
    """Write the brief and the charts asked for, then tell the answer and where everything lies."""
    from openchannel.usecases.checking import standing_run

    after = standing_run(folder)
    if before is not None and after is not None and before.digest == after.digest:
        voice.say("the same settings gave the same run, byte for byte")
    files = [folder / name for name in ("summary.json", "draws.parquet", "manifest.json")]
    if papers.any:
        files = [*_write(voice, run, folder, papers), *files]
    voice.give(run.summary)
    for line in (*answer(run.summary, run.case), *sharpened(run.summary)):
        voice.show(line)
    for file in files:
        voice.show_lines(str(file))
    _tell_age(voice, run, folder)


def _tell_age(voice: Voice, run: Run, folder: Path) -> None:
    """How old the evidence is, and what says what that does to the answer."""
    from openchannel.usecases.evidence.state import days_old

    days = days_old(run.manifest, dt.date.today())
    if days is not None:
        source = run.manifest["case_source"]
        voice.say(
            f"the record that the case rests on ended {days} days ago; what that does to the "
            f"answer: openchannel watch {source} {folder}"
        )


def _write(voice: Voice, run: Run, folder: Path, papers: Papers) -> list[Path]:
    """Write brief and charts; the parts of the run go once they stand: a stop costs no futures."""
    from openchannel.errors import Interrupted

    try:
        if papers.formats:
            voice.say(f"writing the brief ({', '.join(papers.formats)})...")
        from openchannel.usecases.guard import disk_problems
        from openchannel.usecases.runs.assessment import discard_parts
        from openchannel.usecases.runs.brief import write_brief
        from openchannel.usecases.runs.figures import figures_of, write_charts

        with disk_problems(folder):
            written = write_brief(run, folder, papers.formats)
            if papers.charts:
                write_charts(figures_of(run).values(), folder, papers.charts)
                written.append(folder / "charts")
        discard_parts(folder)
    except KeyboardInterrupt:
        raise Interrupted("stopped while writing the brief", str(folder)) from None
    return written
