"""How the kernel's functions are compiled: no exceptions, so no checks for them either."""

from __future__ import annotations

from functools import partial
from typing import Any

import numba

__all__ = ["call", "step"]

#: Compiles a part of a week into the week that uses it: a call costs a status check and the
#: spilling of registers, which together took about a quarter of the time. Division by zero gives
#: infinity or NaN, as in NumPy.
step: Any = partial(numba.njit, error_model="numpy", forceinline=True)

#: Compiles a function that stays one: large, called from many places, and rarely.
call: Any = partial(numba.njit, error_model="numpy")
