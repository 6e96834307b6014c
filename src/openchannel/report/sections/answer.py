"""Part 1: the question, and the answer in three sentences."""

from __future__ import annotations

from openchannel.report.findings import Findings
from openchannel.report.model import Block, Paragraph, Section, words
from openchannel.report.numbers import plain, share
from openchannel.report.wording import answer, baseline_words, in_sentence, listed, years_words

__all__ = ["answer_section"]


def answer_section(findings: Findings) -> Section:
    """The question as the case puts it, the answer by rule, and how to read it."""
    blocks: list[Block] = [Paragraph(words(findings.case.question))]
    blocks += [Paragraph(text, "answer") for text in answer(findings)]
    blocks.append(Paragraph(words(_comparison_note(findings)), "note"))
    return Section("section-answer", "", "Question and answer", tuple(blocks))


def _comparison_note(findings: Findings) -> str:
    """What is compared, over what, and what the errors are."""
    others = len(findings.policies) - 1
    weights = listed([f"{w.world.title} {share(w.weight)}" for w in findings.worlds])
    pooled = (
        f"pooled over schools of thought with weights that the case sets ({weights})"
        if len(findings.worlds) > 1
        else "in one school of thought"
    )
    base = baseline_words(findings.baseline)
    return (
        f"The policy asked about is {in_sentence(findings.focal.title)}; it and "
        f"{plain(float(others - 1)) if others > 1 else 'no'} others are compared with {base} on "
        f"the same futures of {years_words(findings.years)}, {pooled}. Every ± is one Monte Carlo "
        "standard error: it measures the size of the run, not the doubt about beliefs, which is "
        "shown apart. A difference smaller than two errors is not claimed."
    )
