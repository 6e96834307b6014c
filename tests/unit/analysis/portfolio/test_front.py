"""Trade-offs on fronts that can be read off."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from openchannel.analysis.portfolio.front import knee, scaled, spread, undominated


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=12))
def test_undominated_rows_are_those_that_no_other_beats(rows: list[tuple[int, int, int]]) -> None:
    """Held against the definition, row by row; of equal rows one stays."""
    aims = np.array(rows, float)
    kept = set(undominated(aims).tolist())
    for i, row in enumerate(rows):
        beaten = any(
            all(a <= b for a, b in zip(other, row, strict=True)) and other != row for other in rows
        )
        assert (i in kept) == (not beaten and row not in rows[:i])


def test_the_knee_gives_up_least_over_all_aims() -> None:
    """A bend near both best values, whatever the units of the aims."""
    aims = np.array([[0.0, 100.0], [2.0, 20.0], [5.0, 15.0], [10.0, 0.0]])
    assert knee(aims) == 1
    assert knee(aims * [1000.0, 0.001]) == 1


def test_an_aim_on_which_all_are_alike_decides_nothing() -> None:
    """It is nought on its scale."""
    aims = np.array([[1.0, 3.0], [1.0, 2.0]])
    assert scaled(aims)[:, 0].tolist() == [0.0, 0.0]
    assert knee(aims) == 1


def test_the_rows_looked_at_again_hold_the_best_of_every_aim() -> None:
    """And are fewer than all where there are many."""
    aims = np.random.default_rng(1).random((500, 5))
    rows = spread(aims)
    assert set(aims.argmin(axis=0)) <= set(rows.tolist())
    assert len(rows) <= 35
