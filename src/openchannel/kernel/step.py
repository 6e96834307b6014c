"""How the kernel's functions are compiled: no exceptions, so no checks for them either."""

from __future__ import annotations

from functools import partial
from typing import Any

import llvmlite.binding as llvm
import numba

__all__ = ["call", "step"]

# A loop over lanes has a short, fixed length, and the compiler likes to write such a loop out in
# full before it looks for vectors, and then finds few. Kept a loop, it becomes vectors whole: half
# as fast again over a week. The limit spares loops of up to a dozen turns, such as the rounds of
# the generator. It touches speed alone, and other code that Numba compiles in this process only so.
llvm.set_option("openchannel", "--unroll-full-max-count=12")

#: Compiles a part of a week into the week that uses it: a call costs a status check and the
#: spilling of registers, which together took about a quarter of the time. Division by zero gives
#: infinity or NaN, as in NumPy.
step: Any = partial(numba.njit, error_model="numpy", forceinline=True)

#: Compiles a function that stays one: large, called from many places, and rarely.
call: Any = partial(numba.njit, error_model="numpy")
