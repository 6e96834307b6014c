"""The historical moments of E1 in simulated futures of the status quo.

Nothing here is fitted: the numbers are set beside the targets as they fall. The channels and the
policies that some moments are about are those of the Korean case; a case without them gets fewer
moments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.negotiations import simulated_meetings
from openchannel.calibration.record_moment import autocorrelation
from openchannel.domain import WEEKS_A_YEAR, Case
from openchannel.kernel.keys import Lever, Scalar
from openchannel.model import (
    Beliefs,
    Design,
    Path,
    central_beliefs,
    pack_design,
    simulate_path,
    simulate_replicates,
)
from openchannel.model.metrics import divisor_of, metric_index, metric_values
from openchannel.model.pack import world_beliefs

__all__ = ["SimulatedMoment", "simulated_moments"]

F8 = NDArray[np.float64]
_TRACED = 400  # futures with a weekly trace; the rest only add to the sums


@dataclass(frozen=True, slots=True)
class SimulatedMoment:
    """One moment of E1 in the simulation, with its standard error where it has one."""

    id: str
    value: float | None
    error: float | None = None
    note: str = ""


def simulated_moments(
    case: Case,
    futures: int = 2_000,
    seed: int = 1,
    receptivity: Mapping[str, F8] | None = None,
) -> list[SimulatedMoment]:
    """Moments of the status quo at central beliefs, from `futures` futures.

    `receptivity` is what `negotiations.receptivity_shares` reads from the record; H23 needs it.
    """
    lab = _Laboratory(case, futures, seed)
    moments: list[SimulatedMoment] = []
    for part in (_events, _crises, _channels, _bargaining, _arsenal, _pooled):
        moments.extend(part(lab))
    meetings = simulated_meetings(case, lab.beliefs, seed, receptivity or {})
    note = "receptivity held to the record's, lines as today, the policy of the period in force"
    moments += [SimulatedMoment(key, *found, note) for key, found in meetings.items()]
    return moments


class _Laboratory:
    """Futures that several moments look at, computed once."""

    def __init__(self, case: Case, futures: int, seed: int) -> None:
        self.case = case
        self.futures = futures
        self.seed = seed
        self.beliefs = central_beliefs(case)
        self.design = pack_design(case, (case.status_quo,))
        self.paths = self.trace(self.design, self.beliefs)
        self.values = self.run(self.design, self.beliefs)

    def trace(self, design: Design, beliefs: Beliefs) -> list[Path]:
        """Traced futures of the first policy of a design."""
        policy = design.policies[0]
        n = min(_TRACED, self.futures)
        return [simulate_path(design, beliefs, self.seed, i, policy) for i in range(n)]

    def run(self, design: Design, beliefs: Beliefs) -> tuple[F8, F8]:
        """Numerators and divisors of the metrics: float64[future, metric], [future, divisor]."""
        one = Beliefs(beliefs.par[None], beliefs.ch[None])
        out = simulate_replicates(design, one, self.seed, 0, self.futures)
        vsl = one.par[:, Scalar.vsl_musd]
        top, bottom = metric_values(out, self.case.weights, vsl)
        return top[:, 0, 0], bottom[:, 0, 0]

    def mean(self, metric: str, values: tuple[F8, F8] | None = None) -> tuple[float, float]:
        """Ratio of sums of a metric and its standard error."""
        numerator, divisors = values or self.values
        top, bottom = numerator[:, metric_index(metric)], divisors[:, divisor_of(metric)]
        if bottom.sum() == 0:
            return float("nan"), float("nan")
        ratio = top.sum() / bottom.sum()
        residual = (top - ratio * bottom) / bottom.mean()
        return float(ratio), float(residual.std(ddof=1) / np.sqrt(len(top)))

    def moment(
        self, moment_id: str, metric: str, times: float = 1.0, note: str = ""
    ) -> SimulatedMoment:
        value, error = self.mean(metric)
        return SimulatedMoment(moment_id, value * times, error * times, note)

    def channel(self, channel_id: str) -> int | None:
        """Place of a channel, if the case has it."""
        ids = [c.id for c in self.case.channels]
        return ids.index(channel_id) if channel_id in ids else None

    def policy(self, policy_id: str) -> Design | None:
        """Design of one policy, if the case has it."""
        known = {p.id for p in self.case.policies}
        return pack_design(self.case, (policy_id,)) if policy_id in known else None


def _over(paths: list[Path], statistic: Callable[[Path], float]) -> tuple[float, float]:
    """Mean of a statistic over futures and its error; futures cut short by war are left out."""
    values = np.array([statistic(p) for p in paths if p.total("war") == 0.0])
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return float("nan"), float("nan")
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


def _ratio(counts: F8) -> float:
    mean = counts.mean()
    return float(counts.var(ddof=1) / mean) if mean > 0 else float("nan")


def _annual(path: Path) -> F8:
    counts = path.column("events")
    years = len(counts) // WEEKS_A_YEAR
    return np.asarray(counts[: years * WEEKS_A_YEAR].reshape(years, -1).sum(axis=1))


def _events(lab: _Laboratory) -> Iterator[SimulatedMoment]:
    """H1 to H6: provocations."""
    yield lab.moment("H1", "provocations_per_year")
    totals = np.array([[p.total(f"ev{s}") for s in (2, 3, 4, 5)] for p in lab.paths]).sum(axis=0)
    for severity, share in zip((2, 3, 4, 5), totals / totals.sum(), strict=True):
        error = float(np.sqrt(share * (1 - share) / totals.sum()))
        yield SimulatedMoment(f"H2.{severity}", float(share), error)
    yield SimulatedMoment("H3", *_over(lab.paths, lambda p: _ratio(p.column("events"))))
    for lag in (1, 2, 4):
        value = _over(lab.paths, lambda p, k=lag: autocorrelation(p.column("events"), k))  # type: ignore[misc]
        yield SimulatedMoment(f"H4.{lag}", *value)
    yield SimulatedMoment("H5", *_over(lab.paths, lambda p: _ratio(_annual(p))))
    years = sum(p.total("weeks") for p in lab.paths) / WEEKS_A_YEAR
    worst = float(totals[3])
    yield SimulatedMoment("H6", worst / years, float(np.sqrt(worst) / years))


def _spells(running: F8, starts: F8) -> tuple[list[int], list[int]]:
    """Lengths of the runs of `running` weeks: those that ended, and those cut at the end.

    A run that begins anew (`starts`) while another is on counts as a new one.
    """
    ended: list[int] = []
    length = 0
    for on, fresh in zip(running, starts, strict=True):
        if length and (not on or fresh):
            ended.append(length)
            length = 0
        if on:
            length += 1
    return ended, [length] if length else []


def _crises(lab: _Laboratory) -> Iterator[SimulatedMoment]:
    """H7 to H10: crises, their lengths and what they end in."""
    years = lab.case.calendar.horizon_weeks / WEEKS_A_YEAR
    yield lab.moment("H7", "crises", 10.0 / years)
    yield lab.moment("H8", "share_crises_lethal")
    lengths = [
        weeks for p in lab.paths for weeks in _spells(p.lines["in_crisis"], p.lines["onset"])[0]
    ]
    quartiles = np.percentile(lengths, [25, 50, 75]) if lengths else np.full(3, np.nan)
    note = "crises that ended within the horizon"
    yield SimulatedMoment("H9", float(quartiles[1]), None, note)
    yield SimulatedMoment("H9.spread", float(quartiles[2] / quartiles[0]), None, note)
    war, crises = lab.mean("p_war")[0], lab.mean("crises")[0]
    yield SimulatedMoment("H10", war / crises, lab.mean("p_war")[1] / crises)


def _mean_spells(paths: list[Path], c: int) -> tuple[float, float]:
    """Mean open and closed spell of one channel in years, by exposure over ends."""
    weeks = {True: 0.0, False: 0.0}
    ends = {True: 0, False: 0}
    for path in paths:
        is_open = path.lines["open"][:, c][: int(path.total("weeks"))]
        never = np.zeros_like(is_open)
        for state in (True, False):
            ended, cut = _spells((is_open > 0) == state, never)
            weeks[state] += sum(ended) + sum(cut)
            ends[state] += len(ended)
    mean = {s: weeks[s] / ends[s] / WEEKS_A_YEAR if ends[s] else float("nan") for s in weeks}
    return mean[True], mean[False]


def _channels(lab: _Laboratory) -> Iterator[SimulatedMoment]:
    """H11 to H16: lines and offices."""
    status_quo = lab.case.policy(lab.case.status_quo)
    if lab.channel("GOT") is not None and status_quo.cadence.get("GOT", 0.0) == 0.0:
        yield SimulatedMoment("H11", 1.0, None, "the status quo holds no such talks at all")
    unc = lab.channel("UNC")
    if unc is not None:
        closed = [
            p.lines["s"][:, unc][np.nan_to_num(p.column("R"), nan=9.0) == 0.0] for p in lab.paths
        ]
        ties = np.concatenate(closed)
        yield SimulatedMoment("H12", float(ties.mean()), None, "mean over closed weeks")
    yield from _recovery(lab)
    intelligence, c = lab.policy("P6"), lab.channel("INT")
    if intelligence is not None and c is not None:
        spell = _mean_spells(lab.trace(intelligence, lab.beliefs), c)[0]
        yield SimulatedMoment("H14", spell, None, "open spells under the intelligence policy")
    envoy = lab.channel("SEN")
    engaged = lab.policy(lab.case.focal)
    if engaged is not None and envoy is not None:
        is_open, is_closed = _mean_spells(lab.trace(engaged, lab.beliefs), envoy)
        note = "envoy channel under the focal policy, spells cut by the horizon counted as exposure"
        yield SimulatedMoment("H15", is_open, None, note)
        yield SimulatedMoment("H15.closed", is_closed, None, note)
        rate = lab.case.parameters["lam_U"]["SEN"]
        yield SimulatedMoment("H16", 1.0 / rate, None, "inverse of the turnover rate")


def _recovery(lab: _Laboratory) -> Iterator[SimulatedMoment]:
    """H13: recovery operations a year while they are wanted and the other side is not closed."""
    c, design = lab.channel("JRO"), lab.policy("P5")
    if c is None or design is None:
        return
    only = design.cadence.copy()
    only[:, :, [i for i in range(only.shape[2]) if i != c]] = 0.0
    paths = lab.trace(replace(design, cadence=only), lab.beliefs)
    counted = [(p, (p.column("R") >= 1.0) & (p.column("pe") > 0.0)) for p in paths]
    contacts = sum(p.column("contacts")[weeks].sum() for p, weeks in counted)
    weeks = sum(float(w.sum()) for _, w in counted)
    value = float(contacts / weeks * WEEKS_A_YEAR) if weeks else float("nan")
    yield SimulatedMoment("H13", value, None, "while the defence-dialogue policy is in force")


def _bargaining(lab: _Laboratory) -> Iterator[SimulatedMoment]:
    """H17 to H19 and H21: windows, agreements, detentions, closure."""
    lever = lab.design.lever.copy()
    lever[..., Lever.neg] = 0.6
    willing = lab.run(replace(lab.design, lever=lever), lab.beliefs)
    years = lab.case.calendar.horizon_weeks / WEEKS_A_YEAR
    windows, error = lab.mean("windows", willing)
    yield SimulatedMoment("H17", windows * 10.0 / years, error * 10.0 / years, "at neg 0.6")
    real, paper = (
        lab.mean(m, willing)[0] for m in ("agreement_years_real", "agreement_years_paper")
    )
    ends = lab.mean("collapses", willing)[0]
    lifetime = (real + paper) / ends if ends > 0 else float("nan")
    yield SimulatedMoment("H18", lifetime, None, "years in force over ends, inaugurations included")
    rate = lab.case.parameters["lam_det"].value
    yield SimulatedMoment("H19", rate, None, "arrival rate under the travel ban")
    yield lab.moment("H21", "closed_share")


def _arsenal(lab: _Laboratory) -> Iterator[SimulatedMoment]:
    """H20: from 10 warheads in 2016 to 2025."""
    beliefs = lab.beliefs.copy()
    beliefs.par[Scalar.W0] = 10.0
    nine_years = 9 * WEEKS_A_YEAR
    design = replace(
        lab.design,
        inauguration=lab.design.inauguration[:nine_years],
        exercise=lab.design.exercise[:nine_years],
    )
    value, error = lab.mean("arsenal_warheads", lab.run(design, beliefs))
    yield SimulatedMoment("H20", value, error, "at the central growth of the case")


def _pooled(lab: _Laboratory) -> Iterator[SimulatedMoment]:
    """H22: chance of nuclear use under the status quo, worlds pooled at central beliefs."""
    worlds = lab.case.worlds
    parts = [lab.run(lab.design, world_beliefs(lab.case, w, lab.beliefs)) for w in worlds]
    weights = np.array([w.weight for w in worlds])
    pooled = sum(
        w * part[0][:, metric_index("p_nuclear_use")]
        for w, part in zip(weights / weights.sum(), parts, strict=True)
    )
    values = np.asarray(pooled)
    error = float(values.std(ddof=1) / np.sqrt(len(values)))
    yield SimulatedMoment("H22", float(values.mean()), error, "ten years")
