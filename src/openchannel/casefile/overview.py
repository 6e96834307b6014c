"""`case.yaml` to its parts: actors, channels, calendar, weights, and the policies with a part."""

from __future__ import annotations

from collections.abc import Mapping

from openchannel.casefile.document import Document
from openchannel.casefile.forms import CaseForm
from openchannel.casefile.known import Known, refer
from openchannel.domain import INDEX_IDS, METRIC_IDS, Actor, Channel
from openchannel.errors import Problem

__all__ = ["WEIGHTS", "build_actors", "build_channels", "build_weights", "check_roles"]

#: What the composite loss may weigh: every other metric of the outcome table, three indices, and
#: the cost in equivalent deaths.
WEIGHTS = ("programme_cost", *(m for m in METRIC_IDS if m != "composite_loss"), *INDEX_IDS)
ROLES = ("baseline", "status_quo", "focal", "isolation")


def build_actors(form: CaseForm) -> tuple[Actor, ...]:
    """The two sides; first the one whose policy is assessed."""
    sides = {"us": form.actors.us, "them": form.actors.them}
    return tuple(Actor(side, a.name, a.short, a.adjective) for side, a in sides.items())


def build_channels(
    document: Document, form: CaseForm, problems: list[Problem]
) -> tuple[Channel, ...]:
    """Channels in the order of the file; a slot that two share is a problem."""
    owner: dict[int, str] = {}
    for channel_id, channel in form.channels.items():
        first = owner.setdefault(channel.slot, channel_id)
        if first != channel_id:
            free = next(s for s in range(65) if s not in {c.slot for c in form.channels.values()})
            problems.append(
                document.problem(
                    ("channels", channel_id, "slot"),
                    f"slot {channel.slot} belongs to channel {first} already",
                    "a whole number from 0 to 63 that no other channel has",
                    f"write `slot: {free}`" if free < 64 else "a case has at most 64 channels",
                )
            )
    return tuple(
        Channel(channel_id, c.slot, c.name, c.us_office, c.them_office, c.note.strip())
        for channel_id, c in form.channels.items()
    )


def build_weights(
    document: Document, form: CaseForm, problems: list[Problem]
) -> Mapping[str, float]:
    """Weights of the composite loss; a name that is no metric is a problem."""
    for name in form.weights:
        if name not in WEIGHTS:
            mend = "correct the name; weights name metrics, or `programme_cost`"
            path = ("weights", name)
            problems.append(refer(document, path, name, WEIGHTS, "metric", mend, key=True))
    return dict(form.weights)


def check_roles(document: Document, form: CaseForm, known: Known) -> None:
    """Note a problem for each part in the case that names no policy."""
    for role in ROLES:
        known.policy(document, (role,), getattr(form, role))
