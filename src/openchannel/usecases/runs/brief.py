"""`brief`: from a finished run to files that a reader can open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.domain import Case
from openchannel.ensemble.store import write_atomic
from openchannel.errors import UserError
from openchannel.usecases.guard import disk_problems
from openchannel.usecases.json_text import read_mapping
from openchannel.usecases.settings import form_problems

if TYPE_CHECKING:
    from openchannel.report import Brief, Findings, RecordFindings
    from openchannel.usecases.runs.finished_run import Run

__all__ = [
    "FORMATS",
    "brief_bytes",
    "brief_of",
    "excerpt_of",
    "findings_of",
    "parts_always",
    "rewrite_brief",
    "write_brief",
    "write_page",
]

FORMATS = ("html", "pdf", "docx")


def write_brief(run: Run, folder: Path, formats: Sequence[str]) -> list[Path]:
    """Write `brief.html`, `brief.pdf` and `brief.docx`, those asked for, in that order.

    Each file is put in place whole; what stood there stays if it cannot be written.

    Raises
    ------
    UserError
        A form that is not known, evidence that cannot be read, a folder that cannot be written.
    """
    _wanted(formats)
    return write_page(brief_of(run), folder, "brief", formats)


def brief_of(run: Run) -> Brief:
    """The brief of a run as a value."""
    from openchannel.report import compose_brief

    return compose_brief(findings_of(run))


def excerpt_of(brief: Brief, parts: Sequence[str]) -> Brief:
    """A brief of the chosen parts, by anchor, and of those that none may lack."""
    from openchannel.report.excerpt import excerpt

    return excerpt(brief, parts)


def parts_always() -> tuple[str, ...]:
    """Anchors of the parts that stay in every excerpt."""
    from openchannel.report.excerpt import ALWAYS

    return ALWAYS


def brief_bytes(brief: Brief, form: str) -> bytes:
    """A brief, or a page of one subject, as a file of one form."""
    return _RENDERERS[form](brief)


def write_page(page: Brief, folder: Path, name: str, formats: Sequence[str]) -> list[Path]:
    """Write a brief, or a page of one subject, under a name in the forms asked for."""
    written = []
    with disk_problems(folder):
        for form in _wanted(formats):
            content = brief_bytes(page, form)

            def write(path: Path, content: bytes = content) -> None:
                path.write_bytes(content)

            written.append(write_atomic(folder / f"{name}.{form}", write))
    return written


def rewrite_brief(folder: Path, case_fingerprint: str) -> list[Path]:
    """Write the brief of a finished run anew, in the forms it has, if it is a run of this case."""
    from openchannel.usecases.runs.finished_run import open_run

    forms = [f for f in FORMATS if (folder / f"brief.{f}").exists()]
    if not forms or not (folder / "summary.json").exists():
        return []
    run = open_run(folder)
    if run.manifest["case_fingerprint"] != case_fingerprint:
        return []
    return write_brief(run, folder, forms)


def findings_of(run: Run, *, with_record: bool = True) -> Findings:
    """What the brief is made from: the record where the case has one, beliefs where asked.

    Pages that say nothing of the record need not read it, which takes longer than all else.
    """
    from openchannel.report import Findings
    from openchannel.usecases.belief.believe import read_believe
    from openchannel.usecases.building.design import read_design
    from openchannel.usecases.building.hedge import read_hedge

    believe = None if run.folder is None else read_believe(run.folder, run.summary)
    design = None if run.folder is None else read_design(run.folder, run.case)
    hedge = None if run.folder is None else read_hedge(run.folder, run.case)
    return Findings(
        run.case,
        run.summary,
        run.manifest,
        _record(run.case) if with_record else None,
        _claims(run),
        believe,
        design,
        hedge,
    )


def _claims(run: Run) -> Mapping[str, Any] | None:
    """The ledger measured for the same case by the same code, if it lies in the run's folder."""
    from openchannel.usecases.belief.claims import FILE

    # A file that is cut short or of another release is as none: the brief does without it.
    table = {} if run.folder is None else read_mapping(run.folder / FILE)
    same = ("case_fingerprint", "code", "overlay")
    return table if table and all(table.get(k) == run.manifest[k] for k in same) else None


def _record(case: Case) -> RecordFindings | None:
    """What the record of a case says; None without a folder of evidence."""
    if not case.evidence_folder or not Path(case.evidence_folder).is_dir():
        return None
    from openchannel.calibration.record import historical_moments
    from openchannel.calibration.record_association import dialogue_association
    from openchannel.calibration.tie_equations import TieInputs
    from openchannel.calibration.ties import tie_history
    from openchannel.report import RecordFindings
    from openchannel.usecases.evidence.record import sound_record

    with sound_record(case.evidence_folder) as record:
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
    if problems := form_problems("--format", "the brief", formats, FORMATS):
        raise UserError(problems)
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
