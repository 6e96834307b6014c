"""The sources of the kernel, loaded a second time for a GPU.

There is one kernel, and its sources are read twice: by Python's import for the processor, with
sixteen lanes, and here with one lane, since a thread of a GPU is a lane. Each source runs in a
namespace of its own, in which an import of another part of the kernel finds that part's second
loading, and `step` compiles for CUDA. Numbers in `_CHANGED` are all that is written otherwise.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from numba import config as _config
from numba import cuda as _cuda

from openchannel.kernel import keys, language
from openchannel.kernel.streams import Stream

__all__ = ["cuda", "load", "simulated"]

cuda: Any = _cuda  # its simulator has other types than itself
_settings: Any = _config

_FOLDER = Path(__file__).parents[1]
_PACKAGE = "openchannel.kernel"

#: A thread is a lane, and holds the luck of as many weeks as a block of the generator gives.
_CHANGED: Mapping[str, int] = {"LANES": 1, "CHUNK": 4}

#: Nothing of the CPU's compiler is wanted of what the sources import besides one another.
_OF_NUMBA = {"llvmlite", "numba.core", "numba.extending"}


def simulated() -> bool:
    """Whether Numba plays a GPU in plain Python (NUMBA_ENABLE_CUDASIM=1)."""
    return bool(_settings.ENABLE_CUDASIM)


@cache
def load(name: str) -> SimpleNamespace:
    """One part of the kernel, such as `batch`, for one lane on a GPU."""
    if name == "step":
        return SimpleNamespace(step=_device, call=_device)
    if name == "streams":
        return SimpleNamespace(Stream=_as_module(Stream))
    if name == "language":
        words = (language.Action, language.Bound, language.Seen, language.Sign)
        return SimpleNamespace(**{w.__name__: _as_module(w) for w in words})
    if name == "keys":
        return SimpleNamespace(**vars(keys))
    if name == "cache":
        return SimpleNamespace(cached=_left_out)
    path = _FOLDER / f"{name}.py"
    tree = _Changed().visit(ast.parse(path.read_text("utf-8")))
    names: dict[str, Any] = {
        "__name__": f"{__name__}.{name}",
        "__file__": str(path),
        "__builtins__": {**vars(builtins), "__import__": _import},
    }
    exec(compile(ast.fix_missing_locations(tree), str(path), "exec"), names)  # noqa: S102
    if name == "numerics":
        names["_bits_of_float"], names["_float_of_bits"] = _bit_casts()
    return SimpleNamespace(**names)


class _Changed(ast.NodeTransformer):
    """Puts other numbers behind the names in `_CHANGED`."""

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        (target, *_) = node.targets
        if isinstance(target, ast.Name) and target.id in _CHANGED:
            node.value = ast.Constant(_CHANGED[target.id])
        return node


def _import(name: str, *where: Any, **more: Any) -> Any:
    """What an import statement of a source finds."""
    package, _, part = name.rpartition(".")
    if package == _PACKAGE:
        return load(part)
    if name in _OF_NUMBA:
        return SimpleNamespace(ir=None, types=None, intrinsic=_left_out)
    return builtins.__import__(name, *where, **more)


def _left_out(function: Callable[..., Any]) -> Callable[..., Any]:
    """For what runs on the processor alone, or has a twin of its own: left as it stands."""
    return function


def _device(function: Callable[..., Any] | None = None, **_options: Any) -> Any:
    """Compile for the GPU, to be called from its kernels; the CPU's options mean nothing here."""
    if function is None:
        return _device
    return cuda.jit(device=True)(function)


def _as_module(enumeration: Any) -> ModuleType:
    """Members of an enumeration as the whole numbers of a module, which CUDA takes as constants."""
    module = ModuleType(enumeration.__name__)
    vars(module).update({name: int(member) for name, member in enumeration.__members__.items()})
    return module


def _bit_casts() -> tuple[Any, Any]:
    """The bits of a float64 as an int64, and the reverse."""
    if simulated():
        return (lambda x: np.float64(x).view(np.int64), lambda bits: np.int64(bits).view("f8"))
    from numba.cuda import libdevice  # noqa: PLC0415 - the simulator has none

    def bits_of_float(x):
        return libdevice.double_as_longlong(x)

    def float_of_bits(bits):
        return libdevice.longlong_as_double(bits)

    return _device(bits_of_float), _device(float_of_bits)
