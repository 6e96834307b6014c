"""Philox4x32-10 in plain integers, and the uniform that each random decision gets.

Owns the packing of (seed, replicate, stream, week, slot) into key and counter; changing it would
change every published number.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

__all__ = ["Uniform", "philox4x32", "uniforms"]

Block = tuple[int, int, int, int]
Uniform = Callable[[int, int, int], float]

MASK = 0xFFFFFFFF
WEYL = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10


def philox4x32(counter: Block, key: tuple[int, int]) -> Block:
    """Four 32-bit words of Philox4x32-10 for a counter of four words and a key of two.

    References
    ----------
    .. [Salmon11] round function and constants, figure 2 and table 2.
    """
    c0, c1, c2, c3 = counter
    for k0, k1 in _round_keys(key):
        first = 0xD2511F53 * c0  # written out: a third of a future's time passes here
        second = 0xCD9E8D57 * c2
        c0 = (second >> 32) ^ c1 ^ k0
        c1 = second & 0xFFFFFFFF
        c2 = (first >> 32) ^ c3 ^ k1
        c3 = first & 0xFFFFFFFF
    return c0, c1, c2, c3


@lru_cache(maxsize=64)
def _round_keys(key: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """The key of each round, by steps of Weyl; a future asks for the same ones ten thousand times."""
    k0, k1 = key
    return tuple(((k0 + i * WEYL[0]) & MASK, (k1 + i * WEYL[1]) & MASK) for i in range(ROUNDS))


def uniforms(seed: int, replicate: int) -> Uniform:
    """The luck of one future: `u(stream, slot, week)`, strictly between 0 and 1.

    A block holds four weeks of one (stream, slot); the last block of each is kept.
    """
    key = (seed & MASK, (seed >> 32) & MASK)
    low, high = replicate & MASK, (replicate >> 32) & MASK
    kept: dict[int, tuple[int, Block]] = {}

    def u(stream: int, slot: int, week: int) -> float:
        address, quarter = (stream << 16) | slot, week >> 2
        held = kept.get(address)
        if held is None or held[0] != quarter:
            held = quarter, philox4x32((low, high, quarter, address), key)
            kept[address] = held
        return (held[1][week & 3] + 0.5) / 4294967296.0

    return u
