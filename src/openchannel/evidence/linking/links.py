"""Which acts of two lists may be the same: by day, kind, count and place, in points.

A link is a candidate and nothing is removed by it. Each act is linked to at most one act of another
list, the best first. People decide what is the same; their decisions come before the points.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from openchannel.evidence.linking.acts import Act

__all__ = ["Link", "Ruling", "clusters", "link", "points"]

WINDOW_DAYS = 3
NEEDED_POINTS = 4

_FAMILIES = (
    {"ballistic_missile", "cruise_missile", "space_launch"},
    {"nuclear_test", "nuclear_programme"},
    {
        "artillery_fire", "ground_clash", "naval_clash", "air_clash", "infiltration",
        "assassination_or_terror", "abduction_or_seizure", "force",
    },
    {"show_of_force", "artillery_fire"},
)  # fmt: skip
_LONGEST_DAYS = 400  # a span of more than a year says too little of a day


@dataclass(frozen=True, slots=True)
class Link:
    """Two acts of different lists that may be one, with the points that say so."""

    one: Act
    other: Act
    points: int
    is_decided: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """What people decided: pairs of acts that are the same, and pairs that are not."""

    same: frozenset[frozenset[str]] = frozenset()
    distinct: frozenset[frozenset[str]] = frozenset()


def points(one: Act, other: Act) -> int:
    """How much speaks for two acts being one; 0 where their days or kinds exclude it.

    Same day 3, one day apart 2, up to three 1, within the same month or year 1; same kind 3, kind
    of the same family 2, a kind called other 1; same count 1; places within 100 km 1, more than
    300 km apart -1.
    """
    days, kind = _day_points(one, other), _kind_points(one.kind, other.kind)
    if not days or not kind:
        return 0
    return days + kind + _count_points(one, other) + _place_points(one, other)


def link(acts: Iterable[Act], ruling: Ruling = Ruling()) -> list[Link]:
    """Links between the acts of every pair of lists, by the days of their acts."""
    by_list: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        by_list[act.source].append(act)
    found: list[Link] = []
    for one, other in combinations(sorted(by_list), 2):
        found += _best(_candidates(by_list[one], by_list[other], ruling))
    return sorted(found, key=lambda x: (x.one.first, x.one.id, x.other.id))


def clusters(
    acts: Sequence[Act], links: Iterable[Link], ruling: Ruling = Ruling()
) -> list[tuple[Act, ...]]:
    """Acts that are linked with each other, straight or through others, and acts alone.

    A link that would put two acts of one list together, or two that were decided to be distinct, is
    left out; better links come first.
    """
    members = {a.id: [a] for a in acts}
    for found in sorted(links, key=lambda x: (not x.is_decided, -x.points, x.one.id, x.other.id)):
        ours, theirs = members[found.one.id], members[found.other.id]
        if ours is theirs:
            continue
        if not found.is_decided and not _may_join(ours, theirs, ruling):
            continue
        ours += theirs
        for act in theirs:
            members[act.id] = ours
    unique = {id(m): m for m in members.values()}
    joined = [tuple(sorted(m, key=lambda a: (a.source, a.id))) for m in unique.values()]
    return sorted(joined, key=lambda m: (min(a.first for a in m), m[0].id))


def _may_join(ours: Sequence[Act], theirs: Sequence[Act], ruling: Ruling) -> bool:
    if {a.source for a in ours} & {a.source for a in theirs}:
        return False
    return not any(frozenset((a.id, b.id)) in ruling.distinct for a in ours for b in theirs)


def _candidates(ours: Sequence[Act], theirs: Sequence[Act], ruling: Ruling) -> Iterator[Link]:
    """Pairs with enough points whose days are near, and pairs decided on."""
    ordered = sorted((a for a in theirs if _is_short(a)), key=lambda a: a.first)
    firsts = [a.first for a in ordered]
    near = dt.timedelta(days=WINDOW_DAYS + _LONGEST_DAYS)
    for one in filter(_is_short, ours):
        low = bisect_left(firsts, one.first - near)
        high = bisect_right(firsts, one.last + near)
        for other in ordered[low:high]:
            pair = frozenset((one.id, other.id))
            if pair not in ruling.distinct and (n := points(one, other)) >= NEEDED_POINTS:
                yield Link(one, other, n)
    known = _by_id(ours), _by_id(theirs)
    for pair in ruling.same:
        a, b = sorted(pair, key=lambda i: i not in known[0])
        if a in known[0] and b in known[1]:
            yield Link(known[0][a], known[1][b], points(known[0][a], known[1][b]), is_decided=True)


def _best(candidates: Iterable[Link]) -> Iterator[Link]:
    """Each act with at most one partner, the best pairs first."""
    taken: set[str] = set()
    order = sorted(
        candidates,
        key=lambda x: (not x.is_decided, -x.points, _apart(x.one, x.other), x.one.id, x.other.id),
    )
    for found in order:
        if found.is_decided or not {found.one.id, found.other.id} & taken:
            taken |= {found.one.id, found.other.id}
            yield found


def _by_id(acts: Collection[Act]) -> Mapping[str, Act]:
    return {a.id: a for a in acts}


def _is_short(act: Act) -> bool:
    return (act.last - act.first).days <= _LONGEST_DAYS


def _apart(one: Act, other: Act) -> int:
    """Days between two acts; 0 where their days overlap."""
    return max(0, (other.first - one.last).days, (one.first - other.last).days)


def _day_points(one: Act, other: Act) -> int:
    apart = _apart(one, other)
    if apart > WINDOW_DAYS:
        return 0
    is_day = one.first == one.last and other.first == other.last
    if not is_day:
        return 1
    return {0: 3, 1: 2}.get(apart, 1)


def _kind_points(one: str, other: str) -> int:
    if one == other:
        return 3
    if any(one in family and other in family for family in _FAMILIES):
        return 2
    return 1 if "other" in (one, other) else 0


def _count_points(one: Act, other: Act) -> int:
    return int(one.count is not None and one.count == other.count)


def _place_points(one: Act, other: Act) -> int:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return 0
    apart = _kilometres(one.lat, one.lon, other.lat, other.lon)
    return 1 if apart <= 100.0 else -1 if apart > 300.0 else 0


def _kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Distance over the ground of two places in degrees, on a sphere."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2.0 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))
