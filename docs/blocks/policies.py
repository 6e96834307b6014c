# ruff: noqa: E501 (its tables are wide)
"""What a case compares: channels, policies with their levers and rules, and overlays."""

from __future__ import annotations

from docs.blocks.markdown import sentences, source_link, table

from openchannel.domain import Case, Levers, Policy

__all__ = ["cadences", "channels", "levers", "overlays", "policies"]


def channels(case: Case) -> str:
    """The channels, with the offices at each end."""
    rows = ((f"`{c.id}`", c.name, c.us_office, c.them_office, c.note) for c in case.channels)
    sides = {a.id: a.short or a.name for a in case.actors}
    return table(("id", "channel", f"{sides['us']} side", f"{sides['them']} side", "state"), rows)


def cadences(case: Case) -> str:
    """Contacts a year that each policy asks for."""
    head = ("policy", *(c.id for c in case.channels))
    rows = (
        (
            f"[{p.id}](#{p.id})",
            *(f"{p.cadence[c.id]:g}" if c.id in p.cadence else "" for c in case.channels),
        )
        for p in case.policies
    )
    return table(head, rows)


def levers(case: Case) -> str:
    """Levers of each policy; rules in words."""
    head = (
        "policy",
        "suspend at",
        "persist",
        "inst",
        "offer",
        "irritant",
        "neg",
        "exlev",
        "consult",
        "end of war",
        "travel ban",
        "fixed + info, $M a year",
        "rules",
    )
    return table(head, ((p.id, *_levers(p.levers), _rules(p)) for p in case.policies))


def _levers(levers: Levers) -> tuple[str, ...]:
    severity = levers.suspend_at_severity
    return (
        "none" if severity is None else f"{severity}, {levers.suspend_weeks:g} weeks",
        *(
            f"{x:g}"
            for x in (
                levers.persist,
                levers.inst,
                levers.offer,
                levers.irritant,
                levers.neg,
                levers.exlev,
                levers.consult,
            )
        ),
        "yes" if levers.eow else "no",
        "yes" if levers.travel_ban else "no",
        f"{levers.fixed_musd_per_year:g} + {levers.info_musd_per_year:g}",
    )


def _rules(policy: Policy) -> str:
    r = policy.rules
    words = [
        (
            f"becomes {r.target} at the first crisis or succession"
            + (", may lapse before" if r.on_demand_lapses else "")
        )
        if r.on_demand
        else "",
        f"becomes {r.target} after a good yearly review" if r.scale_up else "",
        "ends after failed reviews" if r.exit_review else "",
        "ends after a deception" if r.exit_deception else "",
        "surge in crises" if r.surge else "",
        "bargains harder or softer with its belief" if r.belief else "",
        f"{len(r.triggers)} triggers" if r.triggers else "",
    ]
    return ", ".join(filter(None, words))


def policies(case: Case) -> str:
    """Each policy with the case for and against it."""
    return "\n\n".join(_policy(p) for p in case.policies)


def _policy(policy: Policy) -> str:
    note = " (variant: runs only when named)" if policy.variant else ""
    parts = [
        f'<a id="{policy.id}"></a>\n### {policy.id} {policy.title}{note}',
        sentences(policy.summary),
        f"**For.** {sentences(policy.case_for)}",
        f"**Against.** {sentences(policy.case_against)}",
        f"Risks switched on: {', '.join(policy.risks)}." if policy.risks else "",
        f"Sources: {', '.join(map(source_link, policy.sources))}." if policy.sources else "",
    ]
    return "\n\n".join(filter(None, parts))


def overlays(case: Case) -> str:
    """Each overlay: what it changes, in which policies."""
    parts = []
    for o in case.overlays:
        changes = [
            f"raises `offer` by {o.offer_plus:g}" if o.offer_plus else "",
            "keeps concessions out of the memory of rewards" if o.conc_exempt else "",
            f"keeps {' and '.join(o.suspension_exempt)} going under a suspension"
            if o.suspension_exempt
            else "",
        ]
        parts.append(
            f"### `{o.id}` {o.title}\n\nChanges {', '.join(o.applies_to)}: {'; '.join(filter(None, changes))}.\n\n"
            f"{sentences(o.argument)}\n\nSources: {', '.join(map(source_link, o.sources))}."
        )
    return "\n\n".join(parts)
