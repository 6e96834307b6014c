"""How the kernel's functions are compiled: no exceptions, so no checks for them either."""

from __future__ import annotations

from functools import partial
from typing import Any

import numba

__all__ = ["step"]

#: Compiles a function of the kernel. Division by zero gives infinity or NaN, as in NumPy.
step: Any = partial(numba.njit, error_model="numpy")
