"""The second transcription has every name the kernel asks for, and no other."""

from __future__ import annotations

from openchannel.kernel.keys import Column, Lever, Out, Rule, Scalar, State, Trace

from . import reference_values as ref
from .future import simulate
from .philox import uniforms


def names(enum: type) -> set[str]:
    return {key.name for key in enum}  # type: ignore[attr-defined]


def test_every_parameter_has_a_value() -> None:
    """Scalars, columns, levers and rules are those of `keys`."""
    assert names(Scalar) == set(ref.PARAMETERS)
    assert names(Column) == set(ref.COLUMNS)
    assert {len(ref.CHANNELS)} == {len(column) for column in ref.COLUMNS.values()}
    for policy, (levers, cadence) in ref.POLICIES.items():
        assert names(Lever) == set(levers), policy
        assert len(ref.CHANNELS) == len(cadence), policy
        assert names(Rule) == set(ref.RULES[policy]), policy


def test_a_future_reports_every_outcome() -> None:
    """Outcomes, state and trace bear the names of `keys`; one row a week."""
    result = simulate(
        ref.PARAMETERS, ref.COLUMNS, ref.SLOTS, ref.stages("P16"), ref.RULES["P16"],
        ref.CALENDAR, 60, uniforms(1, 0), trace=True,
    )  # fmt: skip
    assert names(Out) == set(result) - {"state", "s", "O", "trace"}
    assert names(State) == set(result["state"]) - {"neg_shift"}
    assert [names(Trace)] * 60 == [set(row) for row in result["trace"]]
