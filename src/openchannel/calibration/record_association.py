"""Do provocations fall when the two sides talk? What the record shows, and what it cannot show.

Rates of provocations in weeks with and without a contact within four weeks, raw and within years.
This is an association: both sides choose when to talk and when to test, the noisiest years had no
talks, and the same comparison run backwards in time (contacts that come later) shows a gap as
well. No number here is an effect, and none goes into a parameter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.evidence import Entry, Record

__all__ = [
    "CAVEAT",
    "Association",
    "dated_contacts",
    "dialogue_association",
    "mantel_haenszel",
    "year_jackknife",
]

CAVEAT = (
    "An association, not an effect: the timing of talks was chosen by both sides, most of the raw "
    "gap lies between eras, and contacts that come afterwards show a gap too."
)

_START, _NEAR_WEEKS = dt.date(1990, 1, 1), 4
_PLACEBO_END = dt.date(2018, 8, 31)
_Z95 = 1.959963984540054
_MILITARY = ("GOT", "JRO", "INT", "DEF")

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Association:
    """Provocations a week with and without contact nearby.

    `ratio` is the crude rate ratio, `stratified` the Mantel-Haenszel one within calendar years with
    its 95 % interval for Poisson counts, `wide_low` and `wide_high` the interval when each year is
    one observation (jackknife), which is the honest width for counts that come in campaigns.
    """

    id: str
    label: str
    n_contacts: int
    weeks_with: int
    weeks_without: int
    rate_with: float
    rate_without: float
    ratio: float
    stratified: float
    low: float
    high: float
    wide_low: float
    wide_high: float
    note: str = CAVEAT


@dataclass(frozen=True, slots=True)
class _Window:
    """Which weeks count as near a contact: so many before the week, so many after it."""

    before: int
    after: int


def dialogue_association(record: Record) -> list[Association]:
    """The comparison for all contacts, for military ones alone, and as a placebo in time.

    Contacts of year precision, line messages, refusals and unofficial groups are left out; a
    contact dated by month counts for the whole month. `as_printed` takes the events of the older
    list as the evidence README does; the others take the project's own severities 2 to 5.
    """
    end = record.end or dt.date.today()
    contacts = dated_contacts(record)
    military = [e for e in contacts if record.placement(e).code in _MILITARY]
    listed = record.weekly_provocations(_START, end, 1, "csis", False, False)[1].sum(axis=1)
    own = record.weekly_provocations(_START, end)[1].sum(axis=1)
    both = _Window(_NEAR_WEEKS, _NEAR_WEEKS)
    early = ((_PLACEBO_END - _START).days + 1) // 7
    return [
        _compare(
            "as_printed",
            "all contacts within 4 weeks, events of the older list",
            contacts,
            listed,
            both,
        ),
        _compare("all", "all contacts within 4 weeks", contacts, own, both),
        _compare(
            "military_as_printed",
            "military, intelligence and recovery contacts, events of the older list",
            military,
            listed,
            both,
        ),
        _compare(
            "military",
            "military, intelligence and recovery contacts within 4 weeks",
            military,
            own,
            both,
        ),
        _compare(
            "contact_before",
            "a contact in the 4 weeks before, to August 2018",
            contacts,
            listed[:early],
            _Window(_NEAR_WEEKS, -1),
        ),
        _compare(
            "contact_after",
            "placebo: a contact in the 4 weeks after, to August 2018",
            contacts,
            listed[:early],
            _Window(-1, _NEAR_WEEKS),
        ),
    ]


def dated_contacts(record: Record) -> list[Entry]:
    """Official contacts dated to the day or month; no line messages, refusals, private groups."""
    return [
        e
        for e in record.entries("contacts")
        if record.placement(e).standing == "contact"
        and not str(e["channel"]).startswith("track 2")
        and len(e["start"]) > len("YYYY")
    ]


def _compare(
    name: str, label: str, contacts: Sequence[Entry], events: Counts, window: _Window
) -> Association:
    near = _weeks_near(contacts, len(events), window)
    years = np.array(
        [(_START + dt.timedelta(days=7 * t + 3)).year for t in range(len(events))], np.int64
    )
    n_with, n_without = int(near.sum()), int((~near).sum())
    rate_with = int(events[near].sum()) / n_with if n_with else float("nan")
    rate_without = int(events[~near].sum()) / n_without if n_without else float("nan")
    stratified, low, high = mantel_haenszel(events, near, years)
    wide = year_jackknife(events, near, years)
    return Association(
        name,
        label,
        len(contacts),
        n_with,
        n_without,
        rate_with,
        rate_without,
        rate_with / rate_without if rate_without else float("nan"),
        stratified,
        low,
        high,
        *wide,
    )


def _weeks_near(contacts: Sequence[Entry], n_weeks: int, window: _Window) -> Flags:
    """Weeks with a contact at most `before` weeks earlier or `after` weeks later.

    -1 leaves a side out and the week of the contact with it, so that earlier and later contacts can
    be told apart.
    """
    near = np.zeros(n_weeks, np.bool_)
    for contact in contacts:
        if contact.first is None:
            continue
        first = (contact.first - _START).days // 7
        last = ((contact.last or contact.first) - _START).days // 7
        low = first - window.after if window.after >= 0 else first + 1
        high = last + window.before if window.before >= 0 else last - 1
        near[max(0, low) : max(0, high + 1)] = True
    return near


def mantel_haenszel(events: Counts, exposed: Flags, strata: Counts) -> tuple[float, float, float]:
    """Rate ratio of exposed to other weeks within strata, with its 95 % interval.

    Variance of the logarithm after Greenland and Robins (1985) for Poisson counts. Strata with one
    kind of week only tell nothing and drop out; NaN if all do.
    """
    above, below, variance = (terms.sum() for terms in _by_stratum(events, exposed, strata))
    if not above or not below:
        return float("nan"), float("nan"), float("nan")
    ratio = float(above / below)
    half = _Z95 * float(np.sqrt(variance / (above * below)))
    return ratio, ratio * float(np.exp(-half)), ratio * float(np.exp(half))


def _by_stratum(events: Counts, exposed: Flags, strata: Counts) -> tuple[Floats, Floats, Floats]:
    """What each stratum with weeks of both kinds adds above and below the line, and to variance."""
    names, place = np.unique(strata, return_inverse=True)

    def total(weights: Counts | Flags) -> Floats:
        return np.asarray(np.bincount(place, weights, len(names)), np.float64)

    n1, n0 = total(exposed), total(~exposed)
    a, b = total(events * exposed), total(events * ~exposed)
    tells = (n1 > 0) & (n0 > 0)
    n1, n0, a, b = n1[tells], n0[tells], a[tells], b[tells]
    n = n1 + n0
    return a * n0 / n, b * n1 / n, (a + b) * n1 * n0 / n**2


def year_jackknife(events: Counts, exposed: Flags, strata: Counts) -> tuple[float, float]:
    """95 % interval of the stratified ratio when a whole year is the unit of luck."""
    above, below, _ = _by_stratum(events, exposed, strata)
    n = len(above)
    if n < 3:
        return float("nan"), float("nan")
    whole = mantel_haenszel(events, exposed, strata)[0]
    others = ~np.eye(n, dtype=bool)
    sums = others @ above, others @ below
    tells = (sums[0] > 0) & (sums[1] > 0)
    left_out = np.log(np.divide(*sums, out=np.full(n, np.nan), where=tells))
    spread = float(np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum()))
    return whole * float(np.exp(-_Z95 * spread)), whole * float(np.exp(_Z95 * spread))
