"""The generator of the kernel: known answers, the packing that is fixed for ever, its range."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from naive.philox import philox4x32, uniforms
from naive.test_philox import KNOWN_ANSWERS
from numba import njit

from openchannel.kernel.batch import set_key
from openchannel.kernel.philox import block, draw, fill_weeks, unit
from openchannel.kernel.records import CHUNK, LANES, luck_dtype

# Numba inlines these into their callers only; a thin caller makes them callable from here.
compiled_block = njit(lambda k0, k1, c0, c1, c2, c3: block(k0, k1, c0, c1, c2, c3))
compiled_unit = njit(lambda word: unit(word))

SEEDS = [0, 1, 20270104, (1 << 32) - 1, 1 << 32, (5 << 32) | 3, (1 << 63) - 1]


def keyed(seed: int, replicate: int) -> Any:
    """Luck of the batch that begins with a replicate."""
    luck = np.zeros(1, luck_dtype(1))[0]
    set_key(luck, seed, replicate)
    return luck


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_known_answers(
    counter: tuple[int, ...], key: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    """Ten rounds give the words published with Random123."""
    words = compiled_block(*(np.uint64(word) for word in (*key, *counter)))
    assert expected == tuple(int(word) for word in words)


def test_draw_is_the_twin_s_uniform() -> None:
    """Seed, replicate, stream, slot and week are packed as in the plain generator, to the bit."""
    for seed in SEEDS:
        for replicate in (0, 7, (1 << 32) + 5):
            luck = keyed(seed, replicate)
            for lane in (0, 1, LANES - 1):
                plain = uniforms(seed, replicate + lane)
                for stream, slot, week in [(1, 0, 0), (6, 10, 5), (43, 0, 519), (98, 7, 1559)]:
                    assert plain(stream, slot, week) == draw(luck, lane, stream, slot, week)


@pytest.mark.parametrize("seed", [1 << 63, (1 << 64) - 1])
def test_a_seed_of_64_bits_is_taken_signed(seed: int) -> None:
    """The kernel takes no larger whole number from Python than 63 bits and a sign."""
    luck, plain = keyed(seed - (1 << 64), 7), uniforms(seed, 7)
    assert plain(20, 0, 3) == draw(luck, 0, 20, 0, 3)


def test_week_picks_a_word_of_its_block() -> None:
    """Weeks 4 to 7 of a stream are the four words of one block."""
    words = philox4x32((2, 9, 1, (20 << 16) | 4), (3, 5))
    luck = keyed((5 << 32) | 3, (9 << 32) | 2)
    assert [(w + 0.5) / 2**32 for w in words] == [draw(luck, 0, 20, 4, t) for t in range(4, 8)]


@pytest.mark.parametrize("first_week", [0, 52, 520])
def test_filled_weeks_are_the_single_draws(first_week: int) -> None:
    """A chunk drawn at once holds the same numbers as week-by-week draws."""
    luck = keyed(20270104, 11)
    luck["first_week"] = first_week
    for stream, slot in ((4, 0), (7, 10), (74, 0)):
        weeks = np.empty((CHUNK, LANES))
        fill_weeks(luck, stream, slot, weeks)
        for lane in range(LANES):
            single = [draw(luck, lane, stream, slot, first_week + i) for i in range(CHUNK)]
            assert single == weeks[:, lane].tolist()


def test_uniforms_lie_strictly_between_zero_and_one() -> None:
    """The lowest and highest word give numbers inside (0, 1), symmetric about one half."""
    lowest, highest = compiled_unit(np.uint64(0)), compiled_unit(np.uint64(2**32 - 1))
    assert 0.0 < lowest < highest < 1.0
    assert 1.0 == lowest + highest


def test_uniforms_are_uniform() -> None:
    """Null: uniform and independent of week, slot and replicate; chi-square below the .001 point.

    Power: a stream with every tenth number squared gives about 200.
    """
    weeks = np.empty((CHUNK, LANES))
    luck = keyed(5, 0)
    sample = []
    for chunk in range(40):
        luck["first_week"] = chunk * CHUNK
        fill_weeks(luck, 9, 2, weeks)
        sample.append(weeks.T.copy())
    u = np.concatenate(sample, axis=1)
    assert chi_square(u) < 43.8  # 19 degrees of freedom
    assert abs(np.corrcoef(u[:, 1:].ravel(), u[:, :-1].ravel())[0, 1]) < 3 / np.sqrt(u.size)
    assert abs(np.corrcoef(u[0], u[3])[0, 1]) < 3.3 / np.sqrt(u.shape[1])
    broken = u.ravel().copy()
    broken[::10] **= 2
    assert chi_square(broken) > 43.8


def chi_square(u: np.ndarray) -> float:
    counts = np.histogram(u, 20, (0.0, 1.0))[0]
    expected = u.size / 20
    return float(((counts - expected) ** 2).sum() / expected)
