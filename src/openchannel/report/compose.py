"""From findings to a brief: the parts in order, numbered, with the marks of their trails."""

from __future__ import annotations

from dataclasses import replace

from openchannel.report.belief.chapter import believe_section
from openchannel.report.building.page import building_section
from openchannel.report.findings import Findings
from openchannel.report.hedging.page import hedge_sections
from openchannel.report.model import Brief, Section
from openchannel.report.sections.answer import answer_section
from openchannel.report.sections.costs import costs_section
from openchannel.report.sections.ledger import ledger_section
from openchannel.report.sections.making import WARNING, limits_section, making_section
from openchannel.report.sections.mechanism import mechanism_section
from openchannel.report.sections.policies import policies_section
from openchannel.report.sections.record import record_section
from openchannel.report.sections.trail import trail_sections
from openchannel.report.sections.trail_outcomes import outcome_marks
from openchannel.report.sections.trail_parameters import parameter_marks
from openchannel.report.sections.wager import wager_section
from openchannel.report.sections.worlds import worlds_section

__all__ = ["compose_brief"]

# Parts that compare: a run of one policy has nothing for them to say.
_COMPARING = (wager_section, policies_section, worlds_section, mechanism_section)


def compose_brief(findings: Findings) -> Brief:
    """The brief of a run.

    Parts that need a comparison are left out where the run holds the baseline alone, and the
    chapters on beliefs, on building and on the hedge where nobody asked for them; the record and
    the ledger say themselves what they lack.
    """
    compares = findings.has_comparison
    body: list[Section] = [answer_section(findings)]
    body += [part(findings) for part in _COMPARING if compares]
    if findings.believe is not None:
        body.append(believe_section(findings, findings.believe))
    if findings.design is not None:
        body.append(building_section(findings.case, findings.design))
    if findings.hedge is not None:
        body += hedge_sections(findings.case, findings.hedge)
    body += [record_section(findings), ledger_section(findings)]
    if compares:
        body.append(costs_section(findings))
    body += [limits_section(findings), making_section(findings)]
    sections = (*_numbered(body), *_lettered(trail_sections(findings)))
    return Brief(
        title=findings.case.title,
        question=findings.case.question,
        lines=_lines(findings),
        warning=WARNING,
        sections=sections,
        marks=_marks(findings, sections),
    )


def _numbered(sections: list[Section]) -> tuple[Section, ...]:
    return tuple(replace(s, number=str(i)) for i, s in enumerate(sections, 1))


def _lettered(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    return tuple(replace(s, number="ABCDEFGH"[i]) for i, s in enumerate(sections))


def _lines(findings: Findings) -> tuple[str, ...]:
    m = findings.manifest
    size = f"{findings.futures:,} futures of each policy in each school of thought"
    own, plan = m.get("own"), m.get("own_policy")
    return (
        f"openchannel {m.get('openchannel')}, seed {m.get('seed')}, {size}",
        f"case {str(m.get('case_fingerprint', ''))[:12]}",
        *((f"own policy {plan['id']} ({plan['fingerprint'][:12]})",) if plan else ()),
        *((f"own beliefs: {own['title']} ({own['fingerprint'][:12]})",) if own else ()),
    )


def _marks(findings: Findings, sections: tuple[Section, ...]) -> dict[str, str]:
    """Short marks of every anchor that a claim may lead to."""
    marks = {s.anchor: f"§{s.number}" for s in sections}
    marks |= outcome_marks() | parameter_marks(findings.case)
    return marks
