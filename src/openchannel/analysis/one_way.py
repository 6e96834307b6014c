"""Every belief moved alone: how far the gain of a policy swings, and where it passes nought.

First both ends of every belief; then places between for those that matter; then a longer run on
both sides of each threshold, from which its value and error are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from openchannel.analysis.belief_axes import Axis
from openchannel.analysis.sweeps import FACTORS, Sweeps
from openchannel.analysis.thresholds import CLEAR, Profile, Threshold, root, threshold

__all__ = ["FactorSweep", "OneWay", "Reading", "Survey", "survey"]

Say = Callable[[str], None]

_BETWEEN = (-0.5, 0.5)
_PLACES = (-1.0, -0.5, 0.0, 0.5, 1.0)
_MOST_BETWEEN = 32  # beliefs looked at between their ends
_MOST_DRAWN = 12  # beliefs read a second time, with all others drawn
_NARROWEST = 0.06  # half the stretch around a threshold that is run again
_STRAY = 3.0  # how many half-stretches a refined threshold may lie from where it was sought


@dataclass(frozen=True, slots=True)
class Reading:
    """Gain over one rival along a belief, and its threshold."""

    profile: Profile
    threshold: Threshold

    @classmethod
    def of(cls, profile: Profile) -> Reading:
        """With the threshold that the profile itself shows."""
        return cls(profile, threshold(profile))


@dataclass(frozen=True, slots=True)
class OneWay:
    """One belief moved alone.

    central : a reading for each rival, every other belief at its central value
    drawn : the same averaged over the others drawn from their ranges; empty where not run
    """

    axis: Axis
    central: tuple[Reading, ...]
    drawn: tuple[Reading, ...] = ()

    @property
    def swing(self) -> float:
        """The larger change of the gain over the first rival, from the default to an end."""
        profile = self.central[0].profile
        middle = profile.at(0.0)[0]
        return float(np.abs(profile.mean[[0, -1]] - middle).max())


@dataclass(frozen=True, slots=True)
class FactorSweep:
    """A common factor of many beliefs, with all that depends on it drawn as it has them."""

    name: str
    drawn: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """Every belief, the one with the largest swing first; and the common factors."""

    beliefs: tuple[OneWay, ...]
    factors: tuple[FactorSweep, ...]


def survey(sweeps: Sweeps, say: Say = lambda _: None) -> Survey:
    """Move every belief alone, find the thresholds, and read the most important ones twice."""
    say(f"moving each of {len(sweeps.axes)} beliefs alone to both ends of its range...")
    found = _screen(sweeps)
    say("running again on both sides of every threshold...")
    found = _near(sweeps, found)
    found.sort(key=lambda b: -b.swing)
    say("reading the most important beliefs with all others drawn from their ranges...")
    found = _drawn(sweeps, found)
    factors = [
        FactorSweep(f, tuple(Reading.of(p) for p in sweeps.factor(f, _PLACES)))
        for f in FACTORS
        if f"{f}_{_SPREAD[f]}" in sweeps.case.parameters
    ]
    return Survey(tuple(found), tuple(factors))


_SPREAD = {"omega_tie": "rho", "omega_risk": "sd"}


def _screen(sweeps: Sweeps) -> list[OneWay]:
    ends = [(a, tuple(p for p in a.limits if p != 0.0)) for a in sweeps.axes]
    ends = [(a, places) for a, places in ends if places]
    profiles = sweeps.central(ends, sweeps.sizes.screen, "screen")
    moved = [a for a, found in zip((a for a, _ in ends), profiles, strict=True) if _moves(found)]
    moved = moved[:_MOST_BETWEEN] if len(moved) <= _MOST_BETWEEN else _largest(ends, profiles)
    between = [(a, _inside(a)) for a in moved]
    more = {
        id(a): found
        for a, found in zip(
            moved, sweeps.central(between, sweeps.sizes.screen, "screen"), strict=True
        )
    }
    return [
        OneWay(
            axis,
            tuple(
                Reading.of(_merged(p, more[id(axis)][r]) if id(axis) in more else p)
                for r, p in enumerate(found)
            ),
        )
        for (axis, _), found in zip(ends, profiles, strict=True)
    ]


def _inside(axis: Axis) -> tuple[float, ...]:
    low, high = axis.limits
    return tuple(p for p in _BETWEEN if low < p < high)


def _moves(profiles: Iterable[Profile]) -> bool:
    """Whether an end differs from the default by more than luck, against any rival."""
    for profile in profiles:
        middle = profile.at(0.0)[0]
        if (np.abs(profile.mean - middle) > CLEAR * profile.error).any():
            return True
        if len(set(profile.signs.tolist())) > 1:
            return True
    return False


def _largest(
    ends: Sequence[tuple[Axis, tuple[float, ...]]], profiles: Sequence[Sequence[Profile]]
) -> list[Axis]:
    def size(found: Sequence[Profile]) -> float:
        return max(float(np.abs(p.mean - p.at(0.0)[0]).max()) for p in found)

    order = sorted(range(len(ends)), key=lambda i: -size(profiles[i]))
    return [ends[i][0] for i in order[:_MOST_BETWEEN]]


def _merged(one: Profile, other: Profile) -> Profile:
    """Two profiles on the same luck as one; the default, which both hold, counts once."""
    places = np.concatenate([one.places, other.places])
    places, first = np.unique(places, return_index=True)
    return Profile(
        places,
        np.concatenate([one.mean, other.mean])[first],
        np.concatenate([one.influence, other.influence], axis=1)[:, first],
        np.concatenate([one.shared, other.shared])[first],
    )


def _near(sweeps: Sweeps, found: list[OneWay]) -> list[OneWay]:
    """Thresholds read again from a longer run close to where the first one put them.

    Where the first run could not tell the sign at an end, the longer one looks there too.
    """
    sought = [
        (i, r, stretch)
        for i, belief in enumerate(found)
        for r, reading in enumerate(belief.central)
        if (stretch := _stretch(reading, belief.axis.limits)) is not None
    ]
    if not sought:
        return found
    asked = [(found[i].axis, stretch) for i, _, stretch in sought]
    profiles = sweeps.central(asked, sweeps.sizes.near, "near")
    found = list(found)
    for (i, r, stretch), by_rival in zip(sought, profiles, strict=True):
        readings = list(found[i].central)
        readings[r] = _refined(readings[r], by_rival[r].part(stretch))
        found[i] = replace(found[i], central=tuple(readings))
    return found


def _stretch(reading: Reading, limits: tuple[float, float]) -> tuple[float, float] | None:
    """Two places to run again: around a threshold, or where a sign could not be told."""
    t, profile = reading.threshold, reading.profile
    if t.status == "crosses":
        half = max(CLEAR * t.error, _NARROWEST)
        return max(t.place - half, limits[0]), min(t.place + half, limits[1])
    doubtful = np.flatnonzero(profile.signs == 0)
    if t.status == "none" or not len(doubtful) or len(doubtful) == len(profile.places):
        return None
    end = int(doubtful[0]) if doubtful[0] == 0 else int(doubtful[-1])
    other = end + 1 if end + 1 < len(profile.places) else end - 1
    low, high = sorted((float(profile.places[end]), float(profile.places[other])))
    return low, high


def _refined(reading: Reading, near: Profile) -> Reading:
    """A reading with its threshold from the longer run, as far as that one tells it."""
    before = reading.threshold
    low, high = near.places
    if before.status == "crosses":
        after = root(near)
        if abs(after.place - (low + high) / 2) > _STRAY * (high - low) / 2:
            return reading  # the stretch was too short to tell; the first reading stands
        return replace(reading, threshold=replace(after, crossings=before.crossings))
    places = zip(reading.profile.places, reading.profile.signs, strict=True)
    rest = {int(sign) for place, sign in places if not low <= place <= high}
    if 0 in rest:
        return reading
    after = threshold(near)
    if after.status == "none" and len(rest | set(near.signs.tolist())) > 1:
        return reading
    return replace(reading, threshold=after)


def _drawn(sweeps: Sweeps, found: list[OneWay]) -> list[OneWay]:
    """The second reading, for the beliefs with the largest swings."""
    chosen = found[:_MOST_DRAWN]
    asked = [
        (b.axis, tuple(p for p in _PLACES if b.axis.limits[0] <= p <= b.axis.limits[1]))
        for b in chosen
    ]
    profiles = sweeps.drawn(asked)
    seen = [
        replace(b, drawn=tuple(Reading.of(p) for p in by_rival))
        for b, by_rival in zip(chosen, profiles, strict=True)
    ]
    return [*seen, *found[_MOST_DRAWN:]]
