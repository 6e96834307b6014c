"""Policy and overlay files to policies and overlays, with every name they use."""

from __future__ import annotations

import re

from openchannel.casefile.document import Document, Step
from openchannel.casefile.forms import LeversForm, OverlayForm, PolicyForm, RulesForm
from openchannel.casefile.known import Known
from openchannel.casefile.taken import conflicts
from openchannel.casefile.triggers import TriggerError, parse_trigger
from openchannel.domain import Levers, Overlay, Policy, Rules, Trigger

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
    targets: dict[tuple[Step, ...], str] = {}
    if form.on_demand is not None:
        targets["rules", "on_demand", "to"] = form.on_demand.to
    if form.scale_up is not None:
        targets["rules", "scale_up", "to"] = form.scale_up.to
    triggers = _triggers(document, form, known, targets)
    for place, target in targets.items():
        known.policy(document, place, target)
        if target == policy_id:
            known.problems.append(
                document.problem(
                    place,
                    "the policy leads to itself",
                    "the id of another policy",
                    "name the policy that takes over",
                )
            )
    if len(set(targets.values())) > 1:
        known.problems.append(
            document.problem(
                list(targets)[-1],
                "the rules lead to different policies",
                "one policy that takes over",
                "name the same policy in all, or split this policy in two",
            )
        )
    leave = form.exit
    return Rules(
        target=next(iter(targets.values()), ""),
        triggers=triggers,
        on_demand=form.on_demand is not None,
        on_demand_lapses=form.on_demand is not None and form.on_demand.lapses,
        scale_up=form.scale_up is not None,
        exit_review=leave is not None and leave.after_failed_reviews,
        exit_deception=leave is not None and leave.after_deception,
        surge=form.crisis_surge,
        belief=form.belief,
        stays=not form.lapses,
    )


def _triggers(
    document: Document, form: RulesForm, known: Known, targets: dict[tuple[Step, ...], str]
) -> tuple[Trigger, ...]:
    """The triggers in order; policies that they become are added to `targets`."""
    made: list[Trigger] = []
    places: list[int] = []
    for i, given in enumerate(form.triggers):
        place: tuple[Step, ...] = ("rules", "triggers", i)
        try:
            trigger, target = parse_trigger(given.when, given.then, at_review=given.at == "review")
        except TriggerError as error:
            known.problems.append(document.problem(place, error.wrong, error.allowed, error.mend))
            continue
        made.append(trigger)
        places.append(i)
        if target:
            targets[*place, "then"] = target
    for at, wrong in conflicts(made):
        known.problems.append(
            document.problem(
                ("rules", "triggers", places[at]),
                wrong,
                "triggers of which each can be taken; the first that holds is",
                "change the conditions, or put this trigger before the other",
            )
        )
    _second_stage(document, form, known, made, places)
    return tuple(made)


def _second_stage(
    document: Document, form: RulesForm, known: Known, made: list[Trigger], places: list[int]
) -> None:
    """Nothing can wait for a stage that is never reached, or step back from it."""
    reached = form.on_demand is not None or form.scale_up is not None
    reached = reached or any(t.action == "become" for t in made)
    if len(made) == len(form.triggers) and not reached and not form.lapses:
        known.problems.append(
            document.problem(
                ("rules", "lapses"),
                "the policy waits for no second stage, so it has nothing to keep until then",
                "false beside a trigger that becomes another policy",
                "add a trigger with `then: become ID`, or delete this line",
            )
        )
    if reached or len(made) < len(form.triggers):
        return
    for trigger, i in zip(made, places, strict=True):
        asks = any(c.seen == "scaled_up" and c.sign == ">=" for c in trigger.conditions)
        if trigger.action == "step_back" or asks:
            known.problems.append(
                document.problem(
                    ("rules", "triggers", i),
                    "there is no second stage to be in, or to step back from",
                    "a trigger that becomes another policy, besides this one",
                    "add a trigger with `then: become ID`, or delete this one",
                )
            )
