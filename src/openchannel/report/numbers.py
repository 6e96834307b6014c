# the name says what it holds; nothing here imports the other one
"""Numbers as text: never more digits than the Monte Carlo error allows.

An error keeps two digits if they are below 36, else one, and the value is cut at the same place.
A difference smaller than two standard errors is not printed as a number. Which number is shown
where is the business of the sections.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = [
    "NOT_MEASURABLE",
    "NO_DIFFERENCE",
    "SPACE",
    "Kind",
    "Measured",
    "difference",
    "is_measurable",
    "level",
    "measured",
    "multiple",
    "percentile",
    "plain",
    "share",
    "short",
    "span",
    "spoken",
]

NO_DIFFERENCE = "no measurable difference"
NOT_MEASURABLE = "not measurable"  # the same in a cell of a table
NOT_DEFINED = "not defined"
MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
PLUS_MINUS = f"{SPACE}\N{PLUS-MINUS SIGN}{SPACE}"
_SIGNIFICANT = 2.0  # standard errors; a claim smaller than that is not made
_EXACT_DIGITS = 3
_NO_ERROR = 1e-12  # an error this small beside its number is rounding, not luck

Kind = Literal["percent", "points", "usd", "count", "plain"]
_SCALE: dict[Kind, float] = {"percent": 100.0, "points": 100.0}
_MONEY = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand"), (1.0, ""))


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its Monte Carlo standard error and its percentiles over beliefs.

    Fields are `None` where the run does not define them.
    """

    mean: float | None
    mcse: float | None
    p05: float | None = None
    p50: float | None = None
    p95: float | None = None

    @property
    def has_spread(self) -> bool:
        """Whether the spread over beliefs could be told from luck."""
        return self.p05 is not None and self.p95 is not None and self.p95 > self.p05

    def times(self, factor: float) -> Measured:
        """The same in another unit; a negative factor turns the percentiles round."""
        low, high = (self.p05, self.p95) if factor >= 0 else (self.p95, self.p05)
        values = (self.mean, self.mcse, low, self.p50, high)
        mean, mcse, low, mid, high = (None if v is None else v * factor for v in values)
        return Measured(mean, None if mcse is None else abs(mcse), low, mid, high)


def measured(data: Mapping[str, Any] | None) -> Measured:
    """A mean with its error, as a file of findings holds it."""
    return Measured(None, None) if data is None else Measured(data["mean"], data["mcse"])


def is_measurable(measured: Measured) -> bool:
    """Whether a difference reaches two standard errors; exact zeros and unknowns do not."""
    if measured.mean is None or measured.mean == 0.0:
        return False
    return abs(measured.mean) >= _SIGNIFICANT * (measured.mcse or 0.0)


def _error_place(error: float) -> int:
    """Decimal place at which an error is cut: 2 for .01, -3 for thousands.

    Examples
    --------
    >>> _error_place(0.0954), _error_place(2600.0), _error_place(0.5)
    (2, -2, 1)
    """
    exponent = math.floor(math.log10(error))
    leading = round(error / 10.0**exponent * 10)  # the first two digits
    return 1 - exponent if leading < 36 else -exponent


def _exact_place(value: float) -> int:
    """Place that leaves three significant digits of a number without error."""
    if value == 0.0:
        return 0
    return _EXACT_DIGITS - 1 - math.floor(math.log10(abs(value)))


def _text(value: float, place: int) -> str:
    """A number cut at a place, thousands by commas, a true minus sign, never minus nought."""
    cut = round(value, place)
    body = f"{abs(cut):,.{max(place, 0)}f}"
    return (MINUS if cut < 0 else "") + body


def plain(value: float | None, digits: int = _EXACT_DIGITS) -> str:
    """A number without Monte Carlo error, at most `digits` significant, no trailing noughts.

    Examples
    --------
    >>> plain(0.25), plain(1200.0), plain(-0.0333333)
    ('0.25', '1,200', '−0.0333')
    """
    if value is None or math.isnan(value):
        return NOT_DEFINED
    if math.isinf(value):
        return "no bound"
    place = max(_exact_place(value) + digits - _EXACT_DIGITS, 0)
    text = _text(value, place)
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(value: float | None, n: float | None = None, error: float | None = None) -> str:
    """A share as per cent; with the number of cases behind it, cut at its error.

    The error is the binomial one unless another is given.

    Examples
    --------
    >>> share(0.0375, 4096).replace(chr(160), ' '), share(0.25).replace(chr(160), ' ')
    ('3.75 ± 0.30 %', '25 %')
    """
    if value is None:
        return NOT_DEFINED
    if not n:
        return f"{plain(100.0 * value)}{SPACE}%"
    bound = min(_rounded_up(300.0 / n), 100.0)  # rule of three
    if value * n < 1.0:  # fewer than one case: the share may as well be nought
        return f"<{plain(bound)}{SPACE}%"
    if (1.0 - value) * n < 1.0:
        return f">{plain(100.0 - bound, 5)}{SPACE}%"
    binomial = math.sqrt(value * (1.0 - value) / n)
    return level(Measured(value, error or binomial), "percent")


def _rounded_up(value: float) -> float:
    """Rounded up to one significant digit."""
    exponent = math.floor(math.log10(value))
    return math.ceil(value / 10.0**exponent - 1e-9) * 10.0**exponent


def spoken(text: str) -> str:
    """A bound as it stands in a sentence: `less than 2 %` for `<2 %`."""
    return text.replace("<", "less than ").replace(">", "more than ")


def level(measured: Measured, kind: Kind, unit: str = "") -> str:
    """A quantity with its error, as `14.1 ± 0.9 %`; an upper bound where the error swallows it.

    Examples
    --------
    >>> level(Measured(0.1407, 0.0094), "percent").replace(chr(160), ' ')
    '14.1 ± 0.9 %'
    >>> level(Measured(0.0002, 0.0005), "percent").replace(chr(160), ' ')
    '<0.2 %'
    """
    if measured.mean is None or math.isnan(measured.mean):
        return NOT_DEFINED
    scaled = measured.times(_SCALE.get(kind, 1.0))
    mean, error = scaled.mean or 0.0, scaled.mcse
    if kind == "usd":
        return _money(mean, error)
    if kind == "percent" and error and 0.0 <= mean < error:
        return f"<{plain(_rounded_up(mean + _SIGNIFICANT * error), 2)}{SPACE}%"
    return _with_unit(_pair(mean, error), kind, unit)


def difference(measured: Measured, kind: Kind, unit: str = "", *, sign: bool = True) -> str:
    """A difference with its error and sign, or `no measurable difference` below two errors.

    Examples
    --------
    >>> difference(Measured(-0.00537, 0.00095), "points").replace(chr(160), ' ')
    '−0.54 ± 0.10 points'
    >>> difference(Measured(0.0004, 0.0003), "points")
    'no measurable difference'
    """
    if measured.mean is None or math.isnan(measured.mean):
        return NOT_DEFINED
    if not is_measurable(measured):
        return NO_DIFFERENCE
    if not sign:
        measured = Measured(abs(measured.mean), measured.mcse)
    text = level(measured, kind, unit)
    return f"+{text}" if sign and (measured.mean or 0.0) > 0 else text


def short(text: str) -> str:
    """A difference in a cell of a table, where `no measurable difference` is too long."""
    return NOT_MEASURABLE if text == NO_DIFFERENCE else text


def span(measured: Measured, kind: Kind) -> str:
    """The 5th to the 95th percentile over beliefs, cut where the error of the mean is cut.

    Examples
    --------
    >>> span(Measured(0.01, 0.002, -0.0231, 0.0, 0.0556), "points").replace(chr(160), ' ')
    '−2.3 to 5.6 points'
    """
    if measured.p05 is None or measured.p95 is None:
        return NOT_DEFINED
    if kind == "usd":
        return f"{_money(measured.p05, None, 2)} to {_money(measured.p95, None, 2)}"
    scaled = measured.times(_SCALE.get(kind, 1.0))
    ends = " to ".join(percentile(v, scaled.mcse) for v in (scaled.p05 or 0.0, scaled.p95 or 0.0))
    return _with_unit(ends, kind, "")


def percentile(value: float, error: float | None) -> str:
    """A percentile, cut where the error of the mean is cut; two significant digits at most."""
    if value == 0.0:
        return "0"
    place = _exact_place(value) - 1
    return _text(value, min(place, _error_place(error)) if error else place)


def multiple(ratio: float, error: float | None = None) -> str:
    """A multiple: `×3.1 ± 0.2`."""
    return f"\N{MULTIPLICATION SIGN}{_pair(ratio, error)}"


def _pair(mean: float, error: float | None, digits: int = _EXACT_DIGITS) -> str:
    if not error or error < abs(mean) * _NO_ERROR:
        return plain(mean, digits)
    place = _error_place(error)
    return f"{_text(mean, place)}{PLUS_MINUS}{_text(error, place)}"


def _with_unit(text: str, kind: Kind, unit: str) -> str:
    if kind == "percent":
        return f"{text}{SPACE}%"
    if kind == "points":
        return f"{text}{SPACE}points"
    return f"{text}{SPACE}{unit}" if unit else text


def _money(mean: float, error: float | None, digits: int = _EXACT_DIGITS) -> str:
    size, word = next((s for s in _MONEY if max(abs(mean), error or 0.0) >= s[0]), _MONEY[-1])
    text = _pair(abs(mean) / size, error / size if error else None, digits)
    sign = MINUS if mean < 0 and not text.startswith("0 ") else ""
    return f"{sign}${text}" + (f"{SPACE}{word}" if word else "")
