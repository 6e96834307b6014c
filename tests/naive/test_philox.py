"""The plain generator against the published known answers, and the packing that is fixed for ever."""

from __future__ import annotations

import pytest

from .philox import Block, philox4x32, uniforms

ONES = 0xFFFFFFFF

# Known-answer vectors for philox4x32 with 10 rounds, as published with the Random123 library.
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_known_answers(counter: Block, key: tuple[int, int], expected: Block) -> None:
    """Ten rounds give the published words."""
    assert expected == philox4x32(counter, key)


def test_four_weeks_share_a_block() -> None:
    """Week 6 is word 2 of block 1 of its (stream, slot)."""
    seed, replicate = (5 << 32) | 3, (9 << 32) | 2
    words = philox4x32((2, 9, 1, (20 << 16) | 4), (3, 5))
    assert (words[2] + 0.5) / 2**32 == uniforms(seed, replicate)(20, 4, 6)


def test_a_uniform_is_a_pure_function_of_its_key() -> None:
    """The order of asking changes nothing, and 0 and 1 are never given."""
    keys = [(stream, slot, week) for stream in (1, 98) for slot in (0, 10) for week in range(9)]
    forward, backward = uniforms(1, 1), uniforms(1, 1)
    asked = {key: forward(*key) for key in keys}
    assert asked == {key: backward(*key) for key in reversed(keys)}
    assert len(keys) == len(set(asked.values()))
    assert all(0.0 < value < 1.0 for value in asked.values())
