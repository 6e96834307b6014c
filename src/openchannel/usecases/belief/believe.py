"""`believe`: what one would have to believe for a policy to be the wrong one, and what to do then.

One run's draws feed all that looks at draws; thresholds and pairs are run exactly, besides. Owns
settings, order and files; `belief.data` gives the results their shape for programs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.extras import BELIEF
from openchannel.usecases.belief.needs import (
    check_case,
    check_run,
    policy_of,
)
from openchannel.usecases.belief.work import Work
from openchannel.usecases.json_text import read_mapping
from openchannel.usecases.runs.files import FILES

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.ensemble.progress import Reporter
    from openchannel.report import Brief
    from openchannel.usecases.runs.finished_run import Run
    from openchannel.usecases.runs.own_beliefs import Own

__all__ = [
    "DEFAULT_FUTURES",
    "FILE",
    "SCHEMA_VERSION",
    "Believe",
    "believe",
    "boxes",
    "evpi",
    "read_believe",
    "sensitivity",
    "thresholds",
    "write_believe",
]

#: Futures of each policy in each world where no finished run is given.
DEFAULT_FUTURES = 16_384
SCHEMA_VERSION = 1
#: The file beside `summary.json` by which a brief knows that it has this chapter.
FILE = FILES["believe"]

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Believe:
    """What was found about one policy.

    data : the findings, as in believe.json
    run : the assessment whose draws were used
    """

    run: Run
    data: dict[str, Any]

    def page(self) -> Brief:
        """All findings as a page of their own."""
        from openchannel.report.belief.page import compose_believe
        from openchannel.usecases.runs.brief import findings_of

        return compose_believe(findings_of(self.run), self.data)

    def sentences(self) -> list[str]:
        """The answer in sentences, for those who read no page."""
        from openchannel.report.belief.chapter import sentences
        from openchannel.usecases.runs.brief import findings_of

        return sentences(findings_of(self.run), self.data)


def believe(
    case: Case | str | Path,
    *,
    run: Run | str | Path | None = None,
    policy: str = "",
    futures: int = DEFAULT_FUTURES,
    seed: int = 1,
    own: Own | None = None,
    folder: str | Path | None = None,
    threads: int | None = None,
    say: Say | None = None,
    report: Reporter | None = None,
) -> Believe:
    """Find what one would have to believe for or against a policy.

    Thresholds of single beliefs, boxes of several, what the decision turns on, what finding out
    is worth, and which policies are robust; docs/explanation/what-you-would-have-to-believe.md
    names the method and the source of each.

    Parameters
    ----------
    run : a finished run, or its folder; without it one is made, with `futures` and `seed`
    policy : id; default the policy that the case is about
    futures : size of the run that is made, and, doubled, of the longest exact run
    own : file, mapping or beliefs of one's own, for the run that is made
    folder : where to keep the run that is made
    say, report : told what is being done, and the progress of the run

    Returns
    -------
    Believe
        `data` as in believe.json (docs/reference/believe-file.md): gains and values of information
        in equivalent deaths, each with its `mcse`; `page()` and `sentences()` say it.

    Raises
    ------
    UserError
        Unknown ids, a run that cannot be used, libraries that are missing, a full disk.
    """
    BELIEF.check()
    tell = say or (lambda _: None)
    finished = _run_of(case, run, _New(futures, seed, own, folder, threads, report))
    asked = policy_of(finished, policy)
    work = Work(finished, asked, futures, seed, threads, tell)
    return Believe(finished, _data(work))


def thresholds(run: Run, policy: str, **settings: Any) -> dict[str, Any]:
    """Thresholds of one policy alone, by exact runs; `settings` are those of `believe`."""
    return _part(run, policy, settings).thresholds()


def boxes(run: Run, policy: str, **settings: Any) -> dict[str, Any]:
    """Where one policy loses: boxes, their stability and a short tree."""
    return _part(run, policy, settings).where()


def sensitivity(run: Run, policy: str, **settings: Any) -> dict[str, Any]:
    """Which beliefs the decision about one policy turns on."""
    return _part(run, policy, settings).matters()


def evpi(run: Run, **settings: Any) -> dict[str, Any]:
    """What it would be worth to know everything, and to know the right school of thought."""
    from openchannel.usecases.belief import findings as shape

    work = _part(run, "", settings)
    return shape.evpi(work.inquiry.evpi())


def read_believe(folder: Path, summary: dict[str, Any]) -> dict[str, Any] | None:
    """What `believe` found for the run of a folder; None where it was not asked.

    None, too, where the file is about another run, as after a new assessment in the same folder.
    """
    data = read_mapping(folder / FILE)
    about = data.get("run", {}).get("summary")
    is_ours = data.get("schema_version") == SCHEMA_VERSION and about == digest(summary)
    return data if is_ours else None


def digest(summary: dict[str, Any]) -> str:
    """SHA-256 of a summary, however it was written down."""
    text = json.dumps(summary, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _data(work: Work) -> dict[str, Any]:
    """believe.json."""
    from openchannel.usecases.belief import data as shape

    parts = {
        "thresholds": work.thresholds(),
        "where": work.where(),
        "matters": work.matters(),
        "information": work.information(),
        "robust": work.robust(),
        "values": work.values(),
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "case": work.case.id,
        "title": work.case.title,
        "policy": work.policy,
        "baseline": work.case.baseline,
        "isolation": work.case.isolation,
        "rivals": list(work.rivals),
        "seed": work.seed,
        "run": {
            "summary": digest(work.run.summary),
            **{k: work.run.summary[k] for k in ("seed", "futures", "n_draws", "n_replicates")},
            "case_fingerprint": work.case.fingerprint,
        },
        "sizes": shape.sizes(work.sweeps.sizes),
        "quantities": shape.quantities(work.case, work.axes, work.draws.quantities),
        **parts,
    }


def _part(run: Run, policy: str, settings: dict[str, Any]) -> Work:
    BELIEF.check()
    check_run(run)
    futures = int(settings.get("futures", DEFAULT_FUTURES))
    seed, threads = int(settings.get("seed", 1)), settings.get("threads")
    say = settings.get("say") or (lambda _: None)
    return Work(run, policy_of(run, policy), futures, seed, threads, say)


@dataclass(frozen=True, slots=True)
class _New:
    """How to make a run where none is given."""

    futures: int
    seed: int
    own: Own | None
    folder: str | Path | None
    threads: int | None
    report: Reporter | None


def _run_of(case: Case | str | Path, run: Run | str | Path | None, new: _New) -> Run:
    """The run given, or a new one; either with draws that can be used."""
    from openchannel.usecases.cases import load
    from openchannel.usecases.runs.assessment import assess
    from openchannel.usecases.runs.finished_run import Run as RunType
    from openchannel.usecases.runs.finished_run import open_run

    if run is None:
        finished = assess(
            case, futures=new.futures, seed=new.seed, own=new.own, folder=new.folder,
            threads=new.threads, report=new.report,
        )  # fmt: skip
    else:
        finished = run if isinstance(run, RunType) else open_run(run)
        check_case(finished, load(case) if isinstance(case, (str, Path)) else case)
    check_run(finished)
    return finished


def write_believe(
    found: Believe, folder: str | Path, formats: Sequence[str] = ("html", "pdf")
) -> list[Path]:
    """Write `believe.json`, its tables and the page; a brief of the same run there takes it in.

    The files written, the brief among them where there was one to write anew.
    """
    from openchannel.usecases.belief.tables import tables
    from openchannel.usecases.plain import write_data, write_text
    from openchannel.usecases.runs.brief import rewrite_brief, write_page

    place = Path(folder)
    data = write_data(place / FILE, found.data)
    texts = [write_text(place / name, text) for name, text in tables(found.data).items()]
    pages = write_page(found.page(), place, "believe", formats)
    return [*pages, data, *texts, *rewrite_brief(place, found.run.case.fingerprint)]
