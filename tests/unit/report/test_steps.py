"""Waterfalls, and ranges of one's own in the trail, in the words that a reader sees."""

from __future__ import annotations

import pytest

from openchannel.domain import Discrete, Draw, Law, Uniform
from openchannel.report.numbers import Measured
from openchannel.report.sections.steps import Step, Steps, with_unit
from openchannel.report.sections.trail_parameters import _law


def steps(share: Measured) -> Steps:
    return Steps(
        "figure-x",
        "p_war",
        ("Off", Measured(0.0, 0.0)),
        ("On", share),
        [Step("B1 One", "good", share, Measured(0.0001, 0.001), share, depends_on_order=True)],
        "Claim",
    )


def test_a_step_is_drawn_in_points_with_two_standard_errors():
    """Bar, line, circle and diamond are in the unit of the axis, and the table says the same."""
    figure = steps(Measured(-0.01, 0.002)).figure("x")
    _, row, last = figure.spec["data"]["values"]
    assert (row["start"], row["end"], last["end"]) == (0.0, -1.0, -1.0)
    assert (row["low2"], row["high2"]) == pytest.approx((-1.4, -0.6))
    assert (row["first"], row["last"]) == pytest.approx((0.01, -1.0))
    cells = [cell[0].text for cell in figure.numbers.rows[1].cells]
    assert cells[0] == "B1 One *"
    assert [c.replace("\N{NO-BREAK SPACE}", " ") for c in cells[1:]] == [
        "−1.00 ± 0.20", "–", "−1.00 ± 0.20",
    ]  # fmt: skip
    assert "B1 One: −1.00" in figure.alt


def test_nothing_below_two_standard_errors_is_given_as_a_number():
    """Neither beside the bars nor in a sentence."""
    figure = steps(Measured(-0.01, 0.006)).figure("x")
    assert [r["label"] for r in figure.spec["data"]["values"]] == ["none measurable"] * 3
    assert with_unit(Measured(-0.01, 0.006), "p_war") == "no measurable difference"


@pytest.mark.parametrize(
    ("law", "said"),
    [
        (Uniform(0.1, 0.1), "held at 0.1"),
        (Uniform(0.1, 0.2), "0.1 to 0.2, even"),
        (Discrete(tuple(range(64)), (1 / 64,) * 64), "3 to 60 (5 to 95 %), middle 32"),
        (Discrete((1.0, 2.0), (0.25, 0.75)), "1 (25 %), 2 (75 %)"),
    ],
)
def test_a_range_is_told_in_few_words(law: Law, said: str):
    """A table of quantiles by three points, a number held by itself."""
    assert _law(Draw(("",), "value", law)).replace("\N{NO-BREAK SPACE}", " ") == said
