"""How the kernel's functions are compiled: no exceptions, so no checks for them either."""

from __future__ import annotations

from functools import partial
from typing import Any

import llvmlite.binding as llvm
import numba
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import NativeLowering

__all__ = ["call", "step"]

# A loop over lanes has a short, fixed length, and the compiler likes to write such a loop out in
# full before it looks for vectors, and then finds few. Kept a loop, it becomes vectors whole: half
# as fast again over a week. The limit spares loops of up to a dozen turns, such as the rounds of
# the generator. It touches speed alone, and other code that Numba compiles in this process only so.
llvm.set_option("openchannel", "--unroll-full-max-count=12")

_WIDEST = '"prefer-vector-width"="512"'


class _WideLower(Lower):
    """Lets a function use the widest registers: LLVM takes half of them on many processors."""

    def setup_function(self, fndesc: Any) -> None:
        super().setup_function(fndesc)
        set.add(self.function.attributes, _WIDEST)  # llvmlite knows attributes of one word only


@register_pass(mutates_CFG=True, analysis_only=False)
class _WideLowering(NativeLowering):
    _name = "wide_lowering"

    @property
    def lowering_class(self) -> type[_WideLower]:
        return _WideLower


class _Compiler(CompilerBase):
    """Numba's compiler, told what it cannot know.

    Records and arrays that a function is given never overlap where it writes. Without that promise
    every loop over lanes compares addresses before it runs, and is compiled a second time, without
    vectors, for the case that they do overlap.
    """

    def define_pipelines(self) -> list[Any]:
        self.state.flags.noalias = True
        self.state.flags.no_cfunc_wrapper = True  # nobody calls these from C
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.passes = [
            (_WideLowering if each is NativeLowering else each, name)
            for each, name in passes.passes
        ]
        passes.finalize()
        return [passes]


#: Compiles a part of a week into the week that uses it: a call costs a status check and the
#: spilling of registers, which together took about a quarter of the time. Division by zero gives
#: infinity or NaN, as in NumPy.
step: Any = partial(numba.njit, error_model="numpy", forceinline=True, pipeline_class=_Compiler)

#: Compiles a function that stays one: large, called from many places, and rarely.
call: Any = partial(numba.njit, error_model="numpy", pipeline_class=_Compiler)
