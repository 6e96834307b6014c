"""The nearest point: functions whose answer is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from openchannel.analysis.nearest import (
    Box,
    Margins,
    NearestPoint,
    Searched,
    first_crossing,
    refine,
    screen,
    search,
)

G = np.array([0.3, -0.2, 0.1, 0.02, 0.0])


def box(n: int, low: float = -1.0, high: float = 1.0) -> Box:
    return Box(np.full(n, low), np.full(n, high))


def linear(slopes: np.ndarray, start: np.ndarray) -> Margins:
    """slopes: [axis, rival]."""
    return lambda points: start + points @ slopes


def find(margins: Margins, within: Box, target: float, sizes: tuple[int, ...]) -> Searched:
    return search(margins, screen(margins, within), within, target, sizes)


def test_the_nearest_point_of_a_plane_is_along_its_slope():
    """Least distance to `start + g.d = t` is (t - start)/|g|, at d = g (t - start)/|g|^2."""
    found = find(linear(G[:, None], np.array([-0.1])), box(5), 0.05, (4,))
    (point,) = found.points
    assert point.reached
    # Coordinates moved by less than a fiftieth are let go, hence not exactly.
    assert point.distance == pytest.approx(0.15 / np.linalg.norm(G), rel=0.01)
    assert point.point[:3] == pytest.approx(0.15 * G[:3] / (G @ G), abs=0.01)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_with_few_coordinates_the_steepest_are_moved(size: int):
    """And as far as their slopes alone ask for."""
    found = find(linear(G[:, None], np.array([-0.1])), box(5), 0.05, (size,))
    (point,) = found.points
    assert np.flatnonzero(point.point).tolist() == list(range(size))
    assert point.distance == pytest.approx(0.15 / np.linalg.norm(G[:size]), rel=0.01)


def test_the_fewest_within_a_quarter_of_the_shortest_are_chosen():
    """Distances .150/|g_1..k|: one .50, two .416, three .401; one lies within a quarter."""
    found = find(linear(G[:, None], np.array([-0.1])), box(5), 0.05, (3, 2, 1))
    chosen = found.chosen()
    assert chosen is not None
    assert chosen.size == 1
    strict = found.chosen(patience=1.05)
    assert strict is not None
    assert strict.size == 2


def test_distances_never_rise_with_the_number_of_beliefs():
    """A point of one coordinate is also one of at most three, should the search miss a nearer."""
    reached = NearestPoint(1, np.array([0.5, 0.0]), 0.5, 0.1, True)
    worse = NearestPoint(3, np.array([0.5, 0.4]), 0.64, 0.1, True)
    missed = NearestPoint(4, np.zeros(2), 0.0, -0.1, False)
    rows = Searched(-0.1, (missed, worse, reached)).by_size()
    assert rows == ((1, 0.5, True), (3, 0.5, True), (4, 0.5, True))
    (size, distance, is_there), *_ = Searched(-0.1, (missed,)).by_size()
    assert (size, is_there) == (4, False)
    assert np.isnan(distance)


def test_refinement_comes_back_to_the_nearest_point_with_the_same_coordinates():
    """From a point too far out, and against a higher target than it was found for."""
    margins = linear(G[:, None], np.array([-0.1]))
    point = refine(margins, np.array([0.9, -0.1, 0.0, 0.0, 0.0]), box(5), 0.1)
    assert np.flatnonzero(point).tolist() == [0, 1]
    assert np.linalg.norm(point) == pytest.approx(0.2 / np.linalg.norm(G[:2]), rel=0.01)


def test_every_rival_has_to_be_beaten():
    """Two planes at right angles: the nearest point is their corner."""
    slopes = np.array([[0.2, 0.0], [0.0, 0.2], [0.0, 0.0]])
    found = find(linear(slopes, np.array([-0.06, -0.08])), box(3), 0.02, (3,))
    (point,) = found.points
    assert point.reached
    assert point.point == pytest.approx([0.4, 0.5, 0.0], abs=0.01)


def test_the_box_is_kept_and_what_cannot_be_is_said_not_to_be_reached():
    """No point leaves the ranges, and none is claimed."""
    found = find(linear(G[:, None], np.array([-0.1])), box(5, -0.1, 0.1), 0.05, (5, 1))
    assert not any(p.reached for p in found.points)
    assert found.chosen() is None
    assert max(abs(p.point).max() for p in found.points) <= 0.1
    assert found.best < 0.05


def test_a_closed_side_of_an_axis_is_not_used():
    """The steep axis helps only beyond its end, so the other moves."""
    within = Box(np.array([-1.0, -1.0]), np.array([0.0, 1.0]))
    found = find(linear(np.array([[0.3], [0.1]]), np.array([0.0])), within, 0.05, (2,))
    (point,) = found.points
    assert point.reached
    assert point.point == pytest.approx([0.0, 0.5], abs=0.01)


def test_a_curved_margin_is_followed():
    """Nearest point of the curve x y = .06, x^2 = y^2: both at sqrt(.06)."""

    def margins(points: np.ndarray) -> np.ndarray:
        x, y = points[:, :1], points[:, 1:2]
        return 0.05 * (x + y) + x * y

    found = find(margins, box(2), 0.05 * 2 * 0.06**0.5 + 0.06, (2,))
    (point,) = found.points
    assert point.reached
    assert point.point == pytest.approx([0.06**0.5, 0.06**0.5], abs=0.01)


def test_nothing_is_moved_where_nothing_helps():
    """A flat margin gives no point at all."""
    found = find(linear(np.zeros((3, 1)), np.array([-1.0])), box(3), 0.0, (3, 1))
    assert found.points == ()
    assert found.chosen() is None
    assert found.best == -1.0


def test_the_first_crossing_is_between_points():
    """By straight lines; the highest place where there is none."""
    at, values = np.array([0.5, 1.0, 2.0]), np.array([0.0, 1.0, 0.5])
    assert first_crossing(at, values, 0.5) == (0.75, True)
    assert first_crossing(at, values, -1.0) == (0.5, True)
    assert first_crossing(at, values, 3.0) == (1.0, False)
