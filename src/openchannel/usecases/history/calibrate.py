"""The historical moments that a simulation of the status quo must meet, as they fall.

Sets what the record gives, and what the model gives where it was asked, beside the target and the
band of the specification. Nothing is tuned here: a miss is reported as a miss.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from openchannel.calibration.negotiations import receptivity_shares
from openchannel.calibration.record import historical_moments
from openchannel.calibration.record_moment import Moment
from openchannel.calibration.record_targets import TARGETS, Target
from openchannel.domain import Case
from openchannel.errors import Problem, UserError
from openchannel.usecases.evidence.record import no_record, sound_record

if TYPE_CHECKING:
    from openchannel.calibration.moments import SimulatedMoment

__all__ = ["MomentRow", "MomentTable", "moments"]

DEFAULT_SIMULATED_FUTURES = 2_000


@dataclass(frozen=True, slots=True)
class MomentRow:
    """One moment: target, what the record gives, what the simulated status quo gives.

    `low` to `high` is the band to accept (None: open on that side; both None: no numeric band), of
    the quantity `band_of`; `is_of_model_only` says that no record can give it. `recorded_in_band`
    and `simulated_in_band` are None where there is no band or no number. A
    `variant` is the same moment over another period or another set of rows.
    """

    id: str
    label: str
    unit: str
    target: str
    band_of: str
    low: float | None
    high: float | None
    source: str
    variant: bool
    recorded: float | None
    recorded_low: float | None
    recorded_high: float | None
    recorded_n: int
    interval: str
    note: str
    is_of_model_only: bool
    recorded_in_band: bool | None
    simulated: float | None
    simulated_error: float | None
    simulated_note: str
    simulated_in_band: bool | None

    @property
    def has_band(self) -> bool:
        """Whether the specification gives numbers to accept."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class MomentTable:
    """Every moment of the specification in its order; `futures` is 0 without a simulation."""

    case: str
    rows: tuple[MomentRow, ...]
    futures: int
    seed: int

    @property
    def has_simulation(self) -> bool:
        """Whether the status quo was simulated at all."""
        return self.futures > 0

    def as_dict(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        return {
            "case": self.case,
            "futures": self.futures,
            "seed": self.seed,
            "moments": [asdict(row) for row in self.rows],
        }


def moments(
    case: Case | str | Path, *, futures: int = DEFAULT_SIMULATED_FUTURES, seed: int = 1
) -> MomentTable:
    """Moments H1 to H23 from the record of a case and from simulations of its status quo.

    Parameters
    ----------
    case : Case, str or Path
        A checked case, a built-in name or a folder.
    futures, seed : int
        Size and seed of the simulation; 0 futures for the record alone.

    Raises
    ------
    UserError
        The case has problems, or no record; a size out of bounds.
    """
    from openchannel.usecases.cases import load

    _check_sizes(futures, seed)
    loaded = case if isinstance(case, Case) else load(case)
    if not loaded.evidence_folder:
        raise UserError(no_record(loaded.folder or loaded.id))
    with sound_record(loaded.evidence_folder) as record:
        recorded = historical_moments(record)
        receptivity = receptivity_shares(record)
    simulated = _simulated(loaded, futures, seed, receptivity)
    rows = tuple(_rows(recorded, simulated))
    return MomentTable(loaded.id, rows, futures, seed)


def _simulated(
    case: Case, futures: int, seed: int, receptivity: Mapping[str, NDArray[np.float64]]
) -> dict[str, SimulatedMoment]:
    """What the model gives, by id of the moment."""
    if not futures:
        return {}
    from openchannel.calibration.moments import simulated_moments

    return {m.id: m for m in simulated_moments(case, futures, seed, receptivity)}


def _rows(
    recorded: Iterable[Moment], simulated: Mapping[str, SimulatedMoment]
) -> Iterable[MomentRow]:
    """Rows in the order of the targets; other periods and lags follow the last of their family."""
    left = {m.id: m for m in recorded}
    for i, target in enumerate(TARGETS):
        main = left.pop(target.id, None)
        yield _row(target, main, simulated.get(target.id), variant=False)
        family = _family(target.id)
        if i + 1 < len(TARGETS) and _family(TARGETS[i + 1].id) == family:
            continue
        own = {t.id for t in TARGETS}
        for moment_id in [m for m in left if _family(m) == family and m not in own]:
            # The band is of the whole; it is held against a part where there is only the parts.
            part = target if main is None else replace(target, low=None, high=None)
            if target.id != family:  # the text is of one part, and this is another
                part = replace(part, text="")
            yield _row(part, left.pop(moment_id), simulated.get(moment_id), variant=True)


def _family(moment_id: str) -> str:
    return moment_id.partition(".")[0]


def _row(
    target: Target, moment: Moment | None, model: SimulatedMoment | None, *, variant: bool
) -> MomentRow:
    value = _known(moment.value) if moment else None
    simulated = _known(model.value) if model else None
    low, high = target.low, target.high
    return MomentRow(
        id=moment.id if moment else target.id,
        label=moment.label if variant and moment else target.label,
        unit=moment.unit if moment else "",
        target=target.text,
        band_of=target.band,
        low=low,
        high=high,
        source=target.source,
        variant=variant,
        recorded=value,
        recorded_low=_known(moment.low) if moment else None,
        recorded_high=_known(moment.high) if moment else None,
        recorded_n=moment.n if moment else 0,
        interval=moment.interval if moment else "",
        note=moment.note if moment else "the record gives no single number for it",
        is_of_model_only=target.id in _OF_MODEL_ONLY,
        recorded_in_band=None if target.id in _NOT_COMPARABLE else _within(value, low, high),
        simulated=simulated,
        simulated_error=_known(model.error) if model else None,
        simulated_note=model.note if model else "",
        simulated_in_band=_within(simulated, low, high),
    )


# The band is of a quantity that only a simulation has: a chance, a strength of a tie.
_OF_MODEL_ONLY = frozenset({"H11", "H12"})
# Those, what the record does not hold, and what it gives only bounds of (H21).
_NOT_COMPARABLE = _OF_MODEL_ONLY | {"H20", "H21", "H22"}


def _known(value: float | None) -> float | None:
    """A number that JSON can hold: nothing in the place of one that is not defined."""
    return value if value is not None and math.isfinite(value) else None


def _within(value: float | None, low: float | None, high: float | None) -> bool | None:
    if value is None or (low is None and high is None):
        return None
    return (low is None or value >= low) and (high is None or value <= high)


def _check_sizes(futures: int, seed: int) -> None:
    problems = [
        Problem(
            file="command line",
            field=name,
            wrong=f"{value} is out of bounds",
            allowed=words,
            mend=f"give {name} within these bounds",
        )
        for name, value, low, high, words in (
            ("--futures", futures, 2, 10**9, "2 to a thousand million, or 0 for the record alone"),
            ("--seed", seed, 0, 2**64 - 1, "a whole number from 0 to 2**64 - 1"),
        )
        if not (low <= value <= high or (name == "--futures" and value == 0))
    ]
    if problems:
        raise UserError(problems)
