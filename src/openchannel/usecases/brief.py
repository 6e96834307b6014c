"""`brief`: from a finished run to files that a reader can open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from openchannel.domain import Case
from openchannel.ensemble.store import write_atomic
from openchannel.errors import Problem, UserError
from openchannel.usecases.guard import disk_problems

if TYPE_CHECKING:
    from openchannel.report import Brief, Findings, RecordFindings
    from openchannel.usecases.assessment import Run

__all__ = ["FORMATS", "findings_of", "write_brief"]

FORMATS = ("html", "pdf", "docx")


def write_brief(run: Run, folder: Path, formats: Sequence[str]) -> list[Path]:
    """Write `brief.html`, `brief.pdf` and `brief.docx`, those asked for, in that order.

    Each file is put in place whole; what stood there stays if it cannot be written.

    Raises
    ------
    UserError
        A form that is not known, evidence that cannot be read, a folder that cannot be written.
    """
    wanted = _wanted(formats)
    from openchannel.report import compose_brief

    brief = compose_brief(findings_of(run))
    written = []
    with disk_problems(folder):
        for name in wanted:
            content = _RENDERERS[name](brief)

            def write(path: Path, content: bytes = content) -> None:
                path.write_bytes(content)

            written.append(write_atomic(folder / f"brief.{name}", write))
    return written


def findings_of(run: Run) -> Findings:
    """What the brief is made from: the record where the case has one, beliefs where asked."""
    from openchannel.report import Findings
    from openchannel.usecases.believe import read_believe

    believe = None if run.folder is None else read_believe(run.folder, run.summary)
    return Findings(run.case, run.summary, run.manifest, _record(run.case), believe)


def _record(case: Case) -> RecordFindings | None:
    """What the record of a case says; None without a folder of evidence."""
    if not case.evidence_folder or not Path(case.evidence_folder).is_dir():
        return None
    from openchannel.calibration.record import dialogue_association, historical_moments
    from openchannel.calibration.ties import TieInputs, tie_history
    from openchannel.evidence import Record
    from openchannel.report import RecordFindings

    with Record.open(case.evidence_folder) as record:
        if record.end is None:
            return None
        return RecordFindings(
            tuple(historical_moments(record)),
            tuple(dialogue_association(record)),
            tie_history(record, TieInputs.from_case(case)),
            tuple(record.tables()),
        )


def _wanted(formats: Sequence[str]) -> list[str]:
    """Known forms in the order of `FORMATS`, each once."""
    unknown = [f for f in formats if f not in FORMATS]
    if unknown:
        raise UserError(
            Problem(
                file="command line",
                field="--format",
                wrong=f"'{name}' is not a form of the brief",
                allowed=", ".join(FORMATS),
                mend="write one or more of these, separated by commas",
            )
            for name in unknown
        )
    return [f for f in FORMATS if f in formats]


def _html(brief: Brief) -> bytes:
    from openchannel.report.page import render_html

    return render_html(brief).encode("utf-8")


def _pdf(brief: Brief) -> bytes:
    from openchannel.report.paper import render_pdf

    return render_pdf(brief)


def _docx(brief: Brief) -> bytes:
    from openchannel.report.word import render_docx

    return render_docx(brief)


_RENDERERS: dict[str, Callable[[Brief], bytes]] = {"html": _html, "pdf": _pdf, "docx": _docx}
