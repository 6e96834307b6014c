"""Numbers never carry more digits than their error allows."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openchannel.report.numbers import (
    MINUS,
    NO_DIFFERENCE,
    Measured,
    difference,
    is_measurable,
    level,
    multiple,
    plain,
    share,
    span,
    spoken,
)


def spaced(text: str) -> str:
    """With ordinary spaces, for comparison."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "error", "kind", "expected"),
    [
        (0.1407, 0.0094, "percent", "14.1 ± 0.9 %"),
        (0.1407, 0.0014, "percent", "14.07 ± 0.14 %"),
        (0.1407, 0.0354, "percent", "14.1 ± 3.5 %"),
        (0.1407, 0.0364, "percent", "14 ± 4 %"),
        (-0.00537, 0.00095, "points", "−0.54 ± 0.10 points"),
        (7123.0, 2611.0, "count", "7,100 ± 2,600"),
        (125_580.0, 9592.0, "count", "126,000 ± 10,000"),
        (158.8e6, 2.02e6, "usd", "$158.8 ± 2.0 million"),
        (-3.14e6, 0.4e6, "usd", "−$3.1 ± 0.4 million"),
        (68.4e9, 12.4e9, "usd", "$68 ± 12 billion"),
        (1.4e12, 0.2e12, "usd", "$1.40 ± 0.20 trillion"),
        (950.0, 20.0, "usd", "$950 ± 20"),
        (0.0, 0.0, "usd", "$0"),
        (2.0, 0.0, "plain", "2"),
        (1_234_567.0, None, "plain", "1,234,567"),
    ],
)
def test_a_level_is_cut_where_its_error_is_cut(value, error, kind, expected) -> None:
    """Value and error end at the same place; errors keep two digits only below 36."""
    assert spaced(level(Measured(value, error), kind)) == expected


@pytest.mark.parametrize(
    ("value", "error", "expected"),
    [
        (0.0002, 0.0005, "<0.2 %"),
        (0.0, 0.004, "<0.8 %"),
        (0.0004, 0.0003, "0.040 ± 0.030 %"),
    ],
)
def test_a_chance_below_its_error_becomes_a_bound(value, error, expected) -> None:
    """A percentage smaller than its error is given as an upper bound, value plus two errors."""
    assert spaced(level(Measured(value, error), "percent")) == expected


@pytest.mark.parametrize(
    ("mean", "mcse", "expected"),
    [
        (0.0040, 0.0021, NO_DIFFERENCE),
        (0.0042, 0.0021, "+0.42 ± 0.21 points"),
        (-0.0042, 0.0021, "−0.42 ± 0.21 points"),
        (0.0, 0.0, NO_DIFFERENCE),
        (0.0, 0.1, NO_DIFFERENCE),
        (None, None, "not defined"),
        (math.nan, 0.1, "not defined"),
    ],
)
def test_a_difference_below_two_errors_is_not_printed(mean, mcse, expected) -> None:
    """Two standard errors are the least that is claimed; an exact zero is no difference."""
    assert spaced(difference(Measured(mean, mcse), "points")) == expected


def test_a_difference_can_be_told_without_its_sign() -> None:
    """In a sentence the verb tells the direction."""
    assert spaced(difference(Measured(-0.02, 0.001), "points", sign=False)) == "2.00 ± 0.10 points"


@pytest.mark.parametrize(
    ("value", "n", "expected"),
    [
        (0.25, None, "25 %"),
        (0.0375, 4096, "3.75 ± 0.30 %"),
        (0.0, 4096, "<0.08 %"),
        (1.0, 4096, ">99.92 %"),
        (0.000001, 256, "<2 %"),
        (0.9999999, 256, ">98 %"),
        (0.5, 100, "50 ± 5 %"),
        (0.0, 2, "<100 %"),
        (None, 10, "not defined"),
    ],
)
def test_a_share_knows_how_many_cases_stand_behind_it(value, n, expected) -> None:
    """Less than one case is a bound by the rule of three, never a false nought."""
    assert spaced(share(value, n)) == expected


@pytest.mark.parametrize(
    ("measured", "kind", "expected"),
    [
        (Measured(5250.0, 950.0, -2534.0, 0.0, 13_400.0), "count", "−2,500 to 13,000"),
        (Measured(-0.0083, 0.0035, -6.7e-10, 0.0, 1.8e-10), "plain", "0.0000 to 0.0000"),
        (Measured(1e8, 2e6, 2.4e7, 0.0, 1.45e9), "usd", "$24 million to $1.4 billion"),
        (Measured(1.0, 0.1), "plain", "not defined"),
    ],
)
def test_a_spread_is_no_finer_than_the_error_of_its_mean(measured, kind, expected) -> None:
    """Percentiles keep two digits at most, and end where the error of the mean ends."""
    assert spaced(span(measured, kind)) == expected


def test_a_bound_can_be_spoken() -> None:
    """Signs of comparison become words in a sentence."""
    assert spaced(spoken(share(0.0, 256))) == "less than 2 %"
    assert spoken("3 %") == "3 %"


def test_special_values_have_words() -> None:
    """Nothing is printed as nan or inf."""
    assert plain(None) == plain(math.nan) == "not defined"
    assert plain(math.inf) == "no bound"
    assert level(Measured(None, None), "percent") == "not defined"


def test_a_multiple_shows_its_error() -> None:
    """Ratios carry the sign of multiplication."""
    assert spaced(multiple(3.141, 0.05)) == "×3.14 ± 0.05"
    assert multiple(0.93) == "×0.93"


@given(
    st.floats(-1e9, 1e9, allow_nan=False),
    st.floats(1e-9, 1e9, allow_nan=False),
)
def test_what_is_printed_lies_within_half_an_error_digit(value: float, error: float) -> None:
    """Reading the text back gives the value to within a fifth of its error."""
    assume(error > 1e-11 * abs(value))
    text = spaced(level(Measured(value, error), "plain"))
    first, _, second = text.partition(" ± ")
    back = float(first.replace(",", "").replace(MINUS, "-"))
    assert abs(back - value) <= 0.2 * error * (1 + 1e-9)
    assert abs(float(second.replace(",", "")) - error) <= 0.15 * error
    assert not first.startswith(MINUS + "0.0") or float(first[1:]) > 0


@given(
    st.floats(-10, 10, allow_nan=False, allow_subnormal=False),
    st.floats(0, 10, allow_nan=False, allow_subnormal=False),
)
def test_a_difference_is_a_number_exactly_when_it_is_measurable(mean: float, mcse: float) -> None:
    """The words and the rule never disagree."""
    measured = Measured(mean, mcse)
    assert (difference(measured, "plain") == NO_DIFFERENCE) is not is_measurable(measured)
