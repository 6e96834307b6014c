"""All that `believe` found, on a page of its own: the chapter, its details, and the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from openchannel.report.belief.chapter import believe_section
from openchannel.report.belief.choosing import choice_section, values_section
from openchannel.report.belief.finding_out import information_section
from openchannel.report.belief.losing import matters_section, where_section
from openchannel.report.belief.thresholds import (
    every_belief_section,
    pairs_section,
    thresholds_section,
)
from openchannel.report.belief.view import View
from openchannel.report.findings import Findings
from openchannel.report.model import (
    Brief,
    Section,
)
from openchannel.report.sections.making import WARNING, limits_section, making_section
from openchannel.report.sections.trail import trail_sections
from openchannel.report.sections.trail_outcomes import outcome_marks
from openchannel.report.sections.trail_parameters import parameter_marks
from openchannel.report.wording import in_sentence

__all__ = ["believe_sections", "compose_believe"]


def believe_sections(findings: Findings, data: Mapping[str, Any]) -> list[Section]:
    """What was found, from the answer to the values, without limits and trail."""
    view = View(findings, data)
    return [
        replace(believe_section(findings, data), anchor="section-answer"),
        thresholds_section(view),
        pairs_section(view),
        where_section(view),
        matters_section(view),
        information_section(view),
        choice_section(view),
        values_section(view),
    ]


def compose_believe(findings: Findings, data: Mapping[str, Any]) -> Brief:
    """The page as a value, in the same shapes as the brief."""
    view = View(findings, data)
    body = [
        *believe_sections(findings, data),
        limits_section(findings),
        making_section(findings),
    ]
    numbered = tuple(replace(s, number=str(i)) for i, s in enumerate(body, 1) if s.blocks)
    lettered = tuple(
        replace(s, number="ABCDEFGH"[i])
        for i, s in enumerate((every_belief_section(view), *trail_sections(findings)))
    )
    sections = (*numbered, *lettered)
    marks = {s.anchor: f"§{s.number}" for s in sections}
    name = in_sentence(view.policy.short)
    return Brief(
        title=f"What you would have to believe about {name}",
        question=findings.case.question,
        lines=(
            f"openchannel {findings.manifest.get('openchannel')}, {findings.case.title}",
            f"run with seed {data['run']['seed']}, beliefs with seed {data['seed']}",
        ),
        warning=WARNING,
        sections=sections,
        marks=marks | outcome_marks() | parameter_marks(findings.case),
    )
