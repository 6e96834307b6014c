"""Who is tied to whom: the offices of both sides and the channels between them on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openchannel.report.model import Figure
    from openchannel.usecases.evidence.ties import TiesReport

__all__ = ["network_of"]


def network_of(report: TiesReport) -> Figure:
    """The network of a report of ties, as a chart with its numbers."""
    from openchannel.report.record_charts import Line, Seat, network_figure

    now = {c.id: c for c in report.channels}
    lines = [
        Line(
            channel=now[w.id].name,
            strength=w.strength,
            is_open=w.is_open,
            is_live=now[w.id].is_live,
            last_contact=str(w.rhythm.last_contact or ""),
            seats=tuple(Seat(h.title, h.name, h.is_theirs) for h in w.holders),
        )
        for w in report.watch
    ]
    return network_figure(lines, str(report.as_of))
