"""Policy and overlay files to policies and overlays, with every name they use."""

from __future__ import annotations

import re

from openchannel.casefile.document import Document
from openchannel.casefile.forms import LeversForm, OverlayForm, PolicyForm, RulesForm
from openchannel.casefile.known import Known
from openchannel.domain import Levers, Overlay, Policy, Rules

__all__ = ["build_overlay", "build_policy"]

_LEDGER_ID = re.compile(r"[BR]\d+")


def build_policy(document: Document, form: PolicyForm, known: Known) -> Policy:
    """The policy; names it uses that are not known are added to `known.problems`."""
    for channel in form.cadence:
        known.channel(document, ("cadence", channel), channel, key=True)
    for i, risk in enumerate(form.risks):
        if _LEDGER_ID.fullmatch(risk):
            known.proposition(document, ("risks", i), risk)
    return Policy(
        id=form.id,
        title=form.title.strip(),
        short=form.short.strip(),
        summary=form.summary.strip(),
        cadence=dict(form.cadence),
        levers=_levers(form.levers),
        rules=_rules(document, form.id, form.rules, known),
        case_for=form.case_for.strip(),
        case_against=form.case_against.strip(),
        risks=tuple(form.risks),
        sources=known.sources_of(document, form.sources),
        variant=form.variant,
        file=document.file.cited,
    )


def build_overlay(document: Document, form: OverlayForm, known: Known) -> Overlay:
    """The overlay; names it uses that are not known are added to `known.problems`."""
    for i, policy in enumerate(form.applies_to):
        known.policy(document, ("applies_to", i), policy)
    for i, channel in enumerate(form.suspension_exempt):
        known.channel(document, ("suspension_exempt", i), channel)
    return Overlay(
        id=form.id,
        title=form.title.strip(),
        argument=form.argument.strip(),
        applies_to=tuple(form.applies_to),
        offer_plus=form.offer_plus,
        conc_exempt=form.conc_exempt,
        suspension_exempt=tuple(form.suspension_exempt),
        sources=known.sources_of(document, form.sources),
    )


def _levers(form: LeversForm) -> Levers:
    given = form.model_dump()
    severity = given.pop("suspend_at_severity")
    return Levers(suspend_at_severity=None if severity == "none" else severity, **given)


def _rules(document: Document, policy_id: str, form: RulesForm, known: Known) -> Rules:
    targets = {}
    if form.on_demand is not None:
        targets["on_demand"] = form.on_demand.to
    if form.scale_up is not None:
        targets["scale_up"] = form.scale_up.to
    for rule, target in targets.items():
        known.policy(document, ("rules", rule, "to"), target)
        if target == policy_id:
            known.problems.append(
                document.problem(
                    ("rules", rule, "to"),
                    "the policy leads to itself",
                    "the id of another policy",
                    "name the policy that takes over",
                )
            )
    if len(set(targets.values())) > 1:
        known.problems.append(
            document.problem(
                ("rules", "scale_up", "to"),
                "`on_demand` and `scale_up` lead to different policies",
                "one policy that takes over",
                "name the same policy in both, or split this policy in two",
            )
        )
    leave = form.exit
    return Rules(
        target=next(iter(targets.values()), ""),
        on_demand=form.on_demand is not None,
        on_demand_lapses=form.on_demand is not None and form.on_demand.lapses,
        scale_up=form.scale_up is not None,
        exit_review=leave is not None and leave.after_failed_reviews,
        exit_deception=leave is not None and leave.after_deception,
        surge=form.crisis_surge,
        belief=form.belief,
    )
