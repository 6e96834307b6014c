"""What every page of one subject has: title, case, release, warning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import metadata

from openchannel.domain import Case
from openchannel.report.model import Brief, Section
from openchannel.report.sections.making import WARNING

__all__ = ["page_of"]


def page_of(
    title: str,
    case: Case,
    lines: Sequence[str],
    sections: Sequence[Section],
    warning: str = WARNING,
) -> Brief:
    """A page about a case, in the shape of a brief without an appendix."""
    return Brief(
        title=title,
        question=case.question,
        lines=(
            case.title,
            f"openchannel {metadata.version('openchannel')}, case {case.fingerprint[:12]}",
            *lines,
        ),
        warning=warning,
        sections=tuple(replace(s, number=str(i)) for i, s in enumerate(sections, 1)),
    )
