"""A case as arrays: where each number of a case goes, and what a world does to it.

Owns the translation from parameter names to places in the kernel's arrays. Ranges and draws belong
to `ensemble`; this module only places values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openchannel.domain import Case, Levers, Overlay, Override, Policy, World, flat_name
from openchannel.kernel.keys import Column, Lever, Rule, Scalar
from openchannel.model.triggers import pack_triggers

__all__ = [
    "Beliefs",
    "Design",
    "central_beliefs",
    "override",
    "pack_design",
    "place",
    "required_names",
    "world_beliefs",
]

NEVER_SUSPEND = 99.0
_SCALAR = {member.name: int(member) for member in Scalar}
_COLUMN = {member.name: int(member) for member in Column}


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Parameter values for the kernel.

    par : float64[..., Scalar]
    ch : float64[..., channel, Column]
    """

    par: NDArray[np.float64]
    ch: NDArray[np.float64]

    def copy(self) -> Beliefs:
        """Beliefs with arrays of their own."""
        return Beliefs(self.par.copy(), self.ch.copy())


@dataclass(frozen=True, slots=True)
class Design:
    """Policies, channels and calendar for the kernel; the axes of every result.

    lever : float64[policy, 3, Lever] ; cadence : float64[policy, 3, channel]
    rule : float64[policy, Rule] ; slot : int64[channel]
    inauguration, exercise : uint8[week]
    exempt : float64[policy, 3, channel], 1 where a suspension does not reach the channel
    trigger : float64[policy, MOST_TRIGGERS, TRIGGER_WIDTH], None where no policy has any
    """

    policies: tuple[str, ...]
    lever: NDArray[np.float64]
    cadence: NDArray[np.float64]
    rule: NDArray[np.float64]
    slot: NDArray[np.int64]
    inauguration: NDArray[np.uint8]
    exercise: NDArray[np.uint8]
    exempt: NDArray[np.float64] | None = None
    trigger: NDArray[np.float64] | None = None

    @property
    def exemptions(self) -> NDArray[np.float64]:
        """`exempt`, none where the design says nothing."""
        return np.zeros_like(self.cadence) if self.exempt is None else self.exempt

    @property
    def n_weeks(self) -> int:
        """Length of the futures in weeks."""
        return int(self.inauguration.shape[0])


def required_names() -> Mapping[str, frozenset[str]]:
    """Names that a case must define: flattened scalars and channel columns."""
    return {"scalar": frozenset(_SCALAR), "column": frozenset(_COLUMN)}


def place(case: Case, parameter: str, element: str) -> tuple[int, ...] | None:
    """Index of one number: `(scalar,)` or `(channel, column)`; None for one outside the kernel."""
    if parameter in _COLUMN:
        row = next(i for i, c in enumerate(case.channels) if c.id == element)
        return row, _COLUMN[parameter]
    name = flat_name(parameter, element)
    return (_SCALAR[name],) if name in _SCALAR else None


def put(beliefs: Beliefs, where: tuple[int, ...], value: NDArray[np.float64] | float) -> None:
    """Write a number, or one for each draw, at an index of `place`."""
    if len(where) == 1:
        beliefs.par[..., where[0]] = value
    else:
        beliefs.ch[..., where[0], where[1]] = value


def get(beliefs: Beliefs, where: tuple[int, ...]) -> NDArray[np.float64]:
    """Read what `put` writes."""
    if len(where) == 1:
        return np.asarray(beliefs.par[..., where[0]])
    return np.asarray(beliefs.ch[..., where[0], where[1]])


def central_beliefs(case: Case) -> Beliefs:
    """Every parameter at its central value: par float64[Scalar], ch float64[channel, Column]."""
    beliefs = Beliefs(
        np.full(len(Scalar), np.nan), np.full((len(case.channels), len(Column)), np.nan)
    )
    for key, parameter in case.parameters.items():
        for element, value in zip(parameter.elements, parameter.values, strict=True):
            where = place(case, key, element)
            if where is not None:
                put(beliefs, where, value)
    return beliefs


def override(case: Case, beliefs: Beliefs, changes: Iterable[Override]) -> Beliefs:
    """Beliefs with some numbers set or scaled, clipped to their bounds; the input is untouched."""
    changed = beliefs.copy()
    for change in changes:
        parameter = case.parameters[change.parameter]
        for element in change.elements or parameter.elements:
            where = place(case, change.parameter, element)
            if where is None:
                continue
            value: NDArray[np.float64] | float = change.value
            if change.how == "times":
                value = np.clip(get(changed, where) * change.value, *parameter.bounds)
            put(changed, where, value)
    return changed


def null_ties(case: Case) -> tuple[Override, ...]:
    """Overrides that put the whole set E_tie at its null."""
    return tuple(
        Override(key, (), "set", parameter.tie_effect.null)
        for key, parameter in case.parameters.items()
        if parameter.tie_effect is not None
    )


def world_beliefs(case: Case, world: World, beliefs: Beliefs) -> Beliefs:
    """What a school of thought holds: its overrides on top of sampled or central values."""
    changes = null_ties(case) if world.null_tie_effects else ()
    return override(case, beliefs, (*changes, *world.overrides))


def _lever_row(levers: Levers, overlay: Overlay | None) -> NDArray[np.float64]:
    row = np.zeros(len(Lever))
    suspend = levers.suspend_at_severity
    row[Lever.susp] = NEVER_SUSPEND if suspend is None else float(suspend)
    row[Lever.susp_wk] = levers.suspend_weeks
    row[Lever.persist] = levers.persist
    row[Lever.inst] = levers.inst
    row[Lever.offer] = levers.offer
    row[Lever.irritant] = levers.irritant
    row[Lever.neg] = levers.neg
    row[Lever.exlev] = levers.exlev
    row[Lever.consult] = levers.consult
    row[Lever.eow] = float(levers.eow)
    row[Lever.info] = levers.info_musd_per_year
    row[Lever.rights] = float(levers.rights)
    row[Lever.fixed] = levers.fixed_musd_per_year
    row[Lever.travel_ban] = float(levers.travel_ban)
    row[Lever.conc_exempt] = float(levers.conc_exempt)
    if overlay is not None:
        row[Lever.offer] = min(1.0, row[Lever.offer] + overlay.offer_plus)
        row[Lever.conc_exempt] = max(row[Lever.conc_exempt], float(overlay.conc_exempt))
    return row


def _rule_row(case: Case, policy: Policy) -> NDArray[np.float64]:
    row = np.zeros(len(Rule))
    row[Rule.status_quo] = float(policy.id == case.status_quo)
    for name in Rule.__members__:
        if name != "status_quo":
            row[Rule[name]] = float(getattr(policy.rules, name))
    return row


def pack_design(case: Case, policy_ids: Iterable[str], overlay: Overlay | None = None) -> Design:
    """Policies in the order given, the status quo behind each, and the calendar."""
    ids = tuple(policy_ids)
    lever = np.zeros((len(ids), 3, len(Lever)))
    cadence = np.zeros((len(ids), 3, len(case.channels)))
    exempt = np.zeros_like(cadence)
    for x, policy_id in enumerate(ids):
        policy = case.policy(policy_id)
        target = case.policy(policy.rules.target) if policy.rules.target else policy
        for row, member in enumerate((case.policy(case.status_quo), policy, target)):
            laid = overlay if overlay and row > 0 and member.id in overlay.applies_to else None
            lever[x, row] = _lever_row(member.levers, laid)
            cadence[x, row] = [member.cadence.get(c.id, 0.0) for c in case.channels]
            if laid is not None:
                exempt[x, row] = [float(c.id in laid.suspension_exempt) for c in case.channels]
    n_weeks = case.calendar.horizon_weeks
    inauguration = np.zeros(n_weeks, np.uint8)
    inauguration[[w for w in case.calendar.inauguration_weeks if w < n_weeks]] = 1
    week_of_year = (np.arange(n_weeks) + case.calendar.week_of_year_at_start) % 52
    exercise = np.isin(week_of_year, case.calendar.exercise_weeks_of_year).astype(np.uint8)
    rule = np.stack([_rule_row(case, case.policy(i)) for i in ids])
    slot = np.array([c.slot for c in case.channels], np.int64)
    trigger = pack_triggers([case.policy(i).rules.triggers for i in ids])
    return Design(ids, lever, cadence, rule, slot, inauguration, exercise, exempt, trigger)
