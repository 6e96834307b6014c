"""Every belief moved alone, and two together: thresholds as charts and tables."""

from __future__ import annotations

from dataclasses import replace

from openchannel.report.belief.cells import belief_name, columns
from openchannel.report.belief.figures import (
    pair_figures,
    strips_figure,
    tornado_figure,
)
from openchannel.report.belief.view import BeliefReading, Reading, View
from openchannel.report.belief.words import about, value_text
from openchannel.report.model import (
    Block,
    Paragraph,
    Row,
    Section,
    Table,
    words,
)
from openchannel.report.numbers import difference, is_measurable, level, measured
from openchannel.report.wording import in_sentence

__all__ = ["every_belief_section", "pairs_section", "thresholds_section"]

_LOSS = "outcome-composite_loss"
_DASH = "\N{EN DASH}"


def thresholds_section(view: View) -> Section:
    """Strips and tornado of all beliefs, and the threshold in cost."""
    blocks: list[Block] = [
        strips_figure(view, 24, "figure-all-beliefs"),
        tornado_figure(view),
        Paragraph(words(_cost_words(view))),
    ]
    return Section("section-thresholds", "", "Thresholds, one belief at a time", tuple(blocks))


def every_belief_section(view: View) -> Section:
    """An appendix: each belief with its ends and threshold, against each rival."""
    tables = tuple(_threshold_table(view, rival) for rival in view.rivals)
    return Section("trail-beliefs", "", "Every belief moved alone", tables, is_appendix=True)


def _threshold_table(view: View, rival: str) -> Table:
    rows = [
        Row(
            (
                belief_name(view, b.name),
                words(_range(b)),
                words(_threshold(b.reading("central", rival))),
                words(_threshold(b.reading("drawn", rival))),
                *(words(_end(b.reading("central", rival), i), _LOSS) for i in (0, -1)),
            )
        )
        for b in (*view.factors, *view.beliefs)
    ]
    return Table(
        f"table-thresholds-{rival}",
        f"Thresholds of {in_sentence(view.policy.short)} against {view.named(rival)}",
        columns(
            ("Belief", 2.6, "left"), ("Range (default)", 1.3, "left"),
            ("Worse, others at defaults", 1.3, "left"), ("Worse, others drawn", 1.3, "left"),
            ("Gain at low end", 1.0, "right"), ("Gain at high end", 1.0, "right"),
        ),
        tuple(rows),
        words(
            "“Nowhere”: no threshold within the range, the gain is measurably above nought at "
            "every place run. “Not told”: within two errors of nought at some place. A dash: not "
            "run. In brackets: the share of the way from the default to the end of the range."
        ),
        compact=True,
    )  # fmt: skip


def _range(belief: BeliefReading) -> str:
    low, high, default = (value_text(belief.data[k]) for k in ("low", "high", "default"))
    return f"{low} to {high} ({default})"


def _threshold(reading: Reading | None) -> str:
    if reading is None:
        return _DASH
    if reading.status == "crosses":
        side = "below" if reading.better_above else "above"
        place = reading.place
        way = level(replace(place, mean=abs(place.mean or 0.0)), "percent")
        return f"{side} {level(reading.threshold, 'plain')} ({way})"
    if reading.status == "not_told":
        return "not told"
    return "everywhere" if (reading.end(0).mean or 0.0) < 0 else "nowhere"


def _end(reading: Reading | None, which: int) -> str:
    if reading is None:
        return _DASH
    gain = reading.end(which)
    return difference(gain, "count") if is_measurable(gain) else "≈ 0"


def _cost_words(view: View) -> str:
    cost = view.data["thresholds"]["cost"]
    spare, paid = measured(cost["breakeven_usd"]), cost["cost_usd"]
    times = (spare.mean or 0.0) / paid if paid else 0.0
    tail = f", about {about(times)} times what it costs" if times > 0 else ""
    return (
        f"In cost: the programme could cost {level(spare, 'usd')} more than "
        f"{view.named(view.rivals[0])} before the expected gain in lives is used up at the value "
        f"of a statistical life assumed{tail}."
    )


def pairs_section(view: View) -> Section:
    """Contours of equal loss over two beliefs."""
    blocks = tuple(pair_figures(view))
    return Section("section-pairs", "", "Two beliefs together", blocks)
