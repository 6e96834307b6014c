"""Counter-based uniforms: Philox4x32-10, keyed by (seed, replicate, stream, slot, week).

Owns the one packing of the key that the project promises for ever:
key = (seed low, seed high); counter = (replicate low, replicate high, week // 4,
stream * 65536 + slot); the week picks one of the four output words. A draw is a pure function of
its key, so one that is not needed is not made and nothing else shifts.

References
----------
.. [Salmon11] Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3, SC 2011.
"""

from __future__ import annotations

import numpy as np

from openchannel.kernel.records import CHUNK, LANES
from openchannel.kernel.step import call, step

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_TO_UNIT = 2.0**-32


@step(inline="always")
def block(k0, k1, c0, c1, c2, c3):
    """Four 32-bit words (in uint64) of Philox4x32-10 for one key and counter (all uint64)."""
    # The masks change nothing; they tell the compiler that 32 by 32 bits are multiplied, for which
    # there is a vector instruction.
    k0, k1, c0, c1, c2, c3 = k0 & _LOW, k1 & _LOW, c0 & _LOW, c1 & _LOW, c2 & _LOW, c3 & _LOW
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> _SHIFT) ^ c1 ^ k0
        c1 = p1 & _LOW
        c2 = (p0 >> _SHIFT) ^ c3 ^ k1
        c3 = p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@step(inline="always")
def unit(word):
    """A number strictly between 0 and 1 from a 32-bit word: (word + 1/2) / 2^32."""
    return (np.float64(word) + 0.5) * _TO_UNIT


@call
def draw(luck, l, stream, slot, week):
    """The uniform of one stream, slot and week, for the replicate of lane `l`."""
    w0, w1, w2, w3 = block(
        luck.seed[0],
        luck.seed[1],
        luck.replicate[0, l],
        luck.replicate[1, l],
        np.uint64(week >> 2),
        np.uint64((stream << 16) | slot),
    )
    part = week & 3
    if part == 0:
        return unit(w0)
    if part == 1:
        return unit(w1)
    if part == 2:
        return unit(w2)
    return unit(w3)


@call
def fill_weeks(luck, stream, slot, weeks):
    """Write the uniforms of the weeks from `luck.first_week` into `weeks` (float64[CHUNK, LANES]).

    The first week is a multiple of 4, so that every block of the generator serves four weeks.
    """
    address = np.uint64((stream << 16) | slot)
    k0, k1 = luck.seed[0], luck.seed[1]
    low, high = luck.replicate[0], luck.replicate[1]
    first = luck.first_week >> 2
    for i in range(CHUNK >> 2):
        at = np.uint64(first + i)
        for l in range(LANES):
            w0, w1, w2, w3 = block(k0, k1, low[l], high[l], at, address)
            weeks[4 * i, l] = unit(w0)
            weeks[4 * i + 1, l] = unit(w1)
            weeks[4 * i + 2, l] = unit(w2)
            weeks[4 * i + 3, l] = unit(w3)
