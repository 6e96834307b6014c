"""How near the kernel comes to what its random numbers and its transcendental functions cost alone.

    python -m benches.roofline [--write]

The generator alone fills the luck of futures that nobody plays. Functions are counted by running
the same sources in the interpreter for one batch, and priced by loops that do nothing else: in
vectors where lanes take them together, one by one otherwise. With --write the table goes into
docs/explanation/speed-and-scale.md. Processor time of one core, least of five.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "explanation" / "speed-and-scale.md"
_BLOCK = re.compile(r"(<!-- measured: roofline -->\n).*?(<!-- end -->)", re.DOTALL)
POLICY, WEEKS, COUNTED = "P7", 520, 16
#: Functions of the mathematics library that are not vectors, by the name they are counted under.
SCALAR = ("log", "exp", "expm1", "sqrt", "power", "normal_cdf", "normal_quantile")
Found = dict[str, float]


def least(run: Callable[[], object], rounds: int = 5) -> float:
    """Seconds of processor time, the least of some rounds, met warm."""
    run()
    spent = []
    for _ in range(rounds):
        begin = time.process_time()
        run()
        spent.append(time.process_time() - begin)
    return min(spent)


def generator() -> Found:
    """Microseconds of luck for one future, and the draws that it holds."""
    import numba

    import openchannel as oc
    from openchannel.kernel.batch import draw_luck, set_key
    from openchannel.kernel.records import CHUNK, LANES, luck_records
    from openchannel.model import pack_design

    lucks = luck_records(pack_design(oc.load("korea-reference"), (POLICY,)).slot)
    batches = 64

    @numba.njit(error_model="numpy")
    def fill(lucks: np.ndarray, batches: int) -> float:
        total = 0.0
        for b in range(batches):
            set_key(lucks[0], 1, b * LANES)
            for week in range(0, WEEKS, CHUNK):
                draw_luck(lucks[0], week)
                total += lucks[0].deal[0, 0]
        return total

    seconds = least(lambda: fill(lucks, batches))
    kept = sum(int(np.prod(lucks.dtype[n].shape)) for n in lucks.dtype.names if _is_luck(lucks, n))
    return {
        "us": 1e6 * seconds / (batches * LANES),
        "draws": kept / LANES * WEEKS / CHUNK,
    }


def _is_luck(lucks: np.ndarray, name: str) -> bool:
    """Whether a field holds draws of a chunk of weeks."""
    from openchannel.kernel.records import CHUNK, LANES

    return lucks.dtype[name].shape[-2:] == (CHUNK, LANES)


def prices() -> Found:
    """Nanoseconds of one call: `exponential` in vectors of lanes, the others one by one."""
    import numba

    from openchannel.kernel.numerics import exponential, normal_cdf, normal_quantile
    from openchannel.kernel.records import LANES

    x = np.linspace(0.01, 0.99, 4096)

    @numba.njit(error_model="numpy")
    def vectors(x: np.ndarray, out: np.ndarray) -> None:
        for i in range(len(x) // LANES):
            for l in range(LANES):  # noqa: E741  # as in the kernel
                out[i * LANES + l] = exponential(x[i * LANES + l])

    singles = {
        # Numba takes functions of Python, not those of C.
        "log": lambda v: math.log(v), "exp": lambda v: math.exp(v),
        "expm1": lambda v: math.expm1(v), "sqrt": lambda v: math.sqrt(v),
        "power": lambda v: v**0.7,
        "normal_cdf": normal_cdf, "normal_quantile": normal_quantile,
    }  # fmt: skip
    out = np.empty_like(x)
    many = least(lambda: [vectors(x, out) for _ in range(64)])
    found = {"exponential": 1e9 * many / 64 / len(x)}
    for name, function in singles.items():
        found[name] = _price(function, x)
    return found


def _price(function: Callable[[float], float], x: np.ndarray) -> float:
    import numba

    one = function if hasattr(function, "py_func") else numba.njit(function, error_model="numpy")

    @numba.njit(error_model="numpy")
    def loop(x: np.ndarray, rounds: int) -> float:
        total = 0.0
        for _ in range(rounds):
            for i in range(len(x)):
                total += one(x[i])
        return total

    return 1e9 * least(lambda: loop(x, 16)) / 16 / len(x)


def count() -> Counter[str]:
    """Calls of each function a future, from one batch played by the interpreter."""
    import importlib
    import pkgutil

    import openchannel as oc
    import openchannel.kernel as kernel
    from openchannel.model import pack_design, run
    from openchannel.model.pack import central_beliefs

    calls: Counter[str] = Counter()
    modules = [
        importlib.import_module(f"openchannel.kernel.{m.name}")
        for m in pkgutil.iter_modules(kernel.__path__)
    ]
    _count_in(modules, calls)
    case = oc.load("korea-reference")
    central = central_beliefs(case)
    beliefs = type(central)(central.par[None], central.ch[None])
    _as_objects(run)
    with np.errstate(all="ignore"):
        run.simulate_replicates(pack_design(case, (POLICY,)), beliefs, 1, 0, COUNTED)
    return Counter({name: n / COUNTED for name, n in calls.items()})


def _count_in(modules: list, calls: Counter[str]) -> None:
    """Put counting functions in the place of those that modules know."""

    def counting(name: str, function: Callable) -> Callable:
        def counted(*values: float) -> float:
            calls[name] += 1
            return function(*values)

        return counted

    class Mathematics:
        inf, pi = math.inf, math.pi

        def __getattr__(self, name: str) -> Callable:
            return counting(name, getattr(math, name))

    by_numerics = {
        "exponential": lambda x: math.exp(min(700.0, max(-700.0, x))),
        "normal_cdf": lambda z: 0.5 * math.erfc(-z * math.sqrt(0.5)),
        # Of all lanes at once, and in bits of numbers, which the interpreter does not see.
        "least": min, "greatest": max,
        "least_beyond": lambda x, middle: min(v - middle if v >= middle else v for v in x),
    }
    for module in modules:
        for name, function in by_numerics.items():
            if hasattr(module, name):
                setattr(module, name, counting(name, function))
        if hasattr(module, "normal_quantile"):
            module.normal_quantile = counting("normal_quantile", module.normal_quantile)
        if hasattr(module, "math"):
            module.math = Mathematics()


class _Record:
    """A record with its fields as attributes, as compiled code sees it."""

    def __init__(self, value: np.void) -> None:
        object.__setattr__(self, "value", value)

    def __getattr__(self, name: str) -> object:
        return self.value[name]

    def __setattr__(self, name: str, new: object) -> None:
        self.value[name] = new


class _Records:
    """An array of records, each of which reads as `_Record`."""

    def __init__(self, values: np.ndarray) -> None:
        self.values, self.shape = values, values.shape

    def __getitem__(self, place: object) -> object:
        found = self.values[place]
        return _Record(found) if isinstance(found, np.void) else _Records(found)

    def __setitem__(self, place: object, new: _Record) -> None:
        self.values[place] = new.value


def _as_objects(run: object) -> None:
    """Let the interpreter read and write fields of records as attributes."""
    play = run.run_replicates

    def played(*given: object) -> None:
        play(*(_Records(g) if _is_records(g) else g for g in given))

    run.run_replicates = played


def _is_records(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.names is not None


def counted() -> Found:
    """`count` in a process whose Numba compiles nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "benches.roofline", "--count"],
        cwd=ROOT, env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"counting failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def table() -> Iterator[str]:
    """Parts of the time of one future, for one policy and for all."""
    from benches.peers import every_policy, kernel

    with kernel() as one, kernel(every_policy(), 5) as all_:
        alone = 1e6 * least(lambda: one(4096)) / 4096
        each = 85 * 96
        shared = 1e6 * least(lambda: all_(each)) / each
    luck, calls, price = generator(), counted(), prices()
    vectors = calls.get("exponential", 0.0) * price["exponential"] / 1e3
    single = sum(calls.get(n, 0.0) * price[n] for n in SCALAR) / 1e3
    rows = (
        (f"random numbers alone ({luck['draws']:,.0f} draws, {1e3 * luck['us'] / luck['draws']:.2f} ns each)",
         luck["us"], luck["us"] / 85),
        (f"exponentials alone, in vectors ({calls['exponential']:,.0f} of {price['exponential']:.2f} ns)",
         vectors, vectors),
        (f"other functions alone, one by one ({sum(calls.get(n, 0.0) for n in SCALAR):,.0f})",
         single, single),
        ("the whole", alone, shared),
    )  # fmt: skip
    yield "| of a ten-year future, microseconds of one core | one policy in one world | 17 policies in 5 worlds |"
    yield "|---|---|---|"
    for name, a, b in rows:
        yield f"| {name} | {a:.3g} | {b:.3g} |"
    floor_one, floor_all = luck["us"] + vectors + single, luck["us"] / 85 + vectors + single
    yield f"| share of the whole that these parts need | {floor_one / alone:.0%} | {floor_all / shared:.0%} |"


def main(argv: list[str]) -> None:
    """Print the table, or the counts that it needs."""
    if "--count" in argv:
        print(json.dumps(count()))
        return
    text = "\n".join(table())
    print(text)
    if "--write" in argv:
        page = PAGE.read_text("utf-8")
        PAGE.write_text(_BLOCK.sub(lambda m: f"{m[1]}\n{text}\n\n{m[2]}", page), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
