"""Speed and memory of an import against pandas, in one run.

    python -m benches.imports [ROWS] [--parts N] [--folder DIR]

Writes a file in the shape of GDELT 1.0 (58 columns, about 410 bytes a row, one row in 222 of the
dyad), imports it, and does the least that pandas must do for the same: read the columns that are
kept, choose the dyad, write them. Each runs in a process of its own; wall and processor time and
peak memory are told. With `--parts` so many further files are imported by one process, to see
whether its memory stays flat.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

STATES = ("USA", "CHN", "RUS", "KOR", "PRK", "JPN", "GBR", "FRA", "IRN", "IRQ", "SYR", "ISR",
          "IND", "PAK", "DEU", *("",) * 5)  # fmt: skip
CODES = ("010", "042", "043", "190", "1383", "036", "051", "112", "173", "020", "0841")
BLOCK_ROWS = 20_000
# Both programs as they start for a user, with compiled modules kept from the time before.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
ID_DIGITS = 10
GEO = "4\tSeoul, Soul-t'ukpyolsi, South Korea\tKS\tKS11\t37.5664\t127\t-716583"

IMPORTER = """
import json, resource, sys, time
from openchannel.usecases.evidence.imports import import_lists
store = sys.argv[1]
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    (found,) = import_lists("gdelt-1", [line.strip()], store=store).files
    print(json.dumps({
        "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rows": found.read, "kept": found.added, "is_balanced": found.is_balanced,
    }), flush=True)
"""

PANDAS = """
import json, resource, sys, time
wall, cpu = time.perf_counter(), time.process_time()
import pandas as pd
source, target = sys.argv[1:]
columns = [0, 1, 6, 7, 16, 17, 26, 31, 32, 50, 53, 54, 57]
kept, rows = [], 0
for part in pd.read_csv(source, sep="\\t", header=None, usecols=columns, dtype=str, quoting=3,
                        na_filter=False, chunksize=200_000):
    rows += len(part)
    ours = ((part[7] == "USA") & (part[17] == "PRK")) | ((part[7] == "PRK") & (part[17] == "USA"))
    kept.append(part[ours])
found = pd.concat(kept)
found.columns = found.columns.astype(str)
found.to_parquet(target)
print(json.dumps({
    "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu,
    "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "rows": rows, "kept": len(found),
}))
"""


def _row(rng: np.random.Generator) -> bytes:
    one, other = rng.choice(STATES, 2)
    code = str(rng.choice(CODES))
    day = 20130401 + int(rng.integers(27))
    cells = ["0" * ID_DIGITS, str(day), "201304", "2013", "2013.2521"]
    for state in (one, other):
        cells += [f"{state}GOV", "A NAME" if state else "", state, "", "", "", "", "GOV", "", ""]
    cells += ["1", code, code[:3], code[:2], "1", "-2.0", str(int(rng.integers(1, 99))), "1", "10"]
    cells += [f"{rng.uniform(-9, 9):.14f}", GEO, GEO, GEO, "20130402"]
    cells += [f"http://www.example.org/news/{rng.integers(10**9)}/an-article-about-something.html"]
    line = "\t".join(cells)
    assert line.count("\t") == 57
    return line.encode() + b"\n"


def write_file(path: Path, first: int, n_rows: int) -> None:
    """So many rows with ids from `first` on; all but the ids come again every 20,000 rows."""
    rng = np.random.default_rng(1)
    rows = [_row(rng) for _ in range(BLOCK_ROWS)]
    block = np.frombuffer(b"".join(rows), np.uint8).copy()
    starts = np.cumsum([0, *(len(r) for r in rows)])
    with path.open("wb") as stream:
        for begin in range(first, first + n_rows, BLOCK_ROWS):
            n = min(BLOCK_ROWS, first + n_rows - begin)
            ids = np.arange(begin, begin + n)
            for place in range(ID_DIGITS):
                block[starts[:n] + ID_DIGITS - 1 - place] = 48 + ids // 10**place % 10
            stream.write(block[: starts[n]].tobytes())


def _told(name: str, found: dict[str, float]) -> None:
    print(
        f"| {name} | {found['wall']:.1f} | {found['cpu']:.1f} | {found['mib']:,.0f} "
        f"| {found['rows']:,.0f} | {found['kept']:,.0f} |"
    )


def _compare(folder: Path, n_rows: int) -> None:
    path = folder / "events.tsv"
    began = time.perf_counter()
    write_file(path, 1, n_rows)
    size = path.stat().st_size / 2**30
    print(f"{n_rows:,} rows, {size:.2f} GiB, written in {time.perf_counter() - began:.0f} s; "
          f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n", flush=True)  # fmt: skip
    print("| program | wall s | processor s | peak MiB | rows | kept |\n|---|---|---|---|---|---|")
    runs = (
        ("openchannel evidence import", [IMPORTER, str(folder / "one.duckdb")], str(path)),
        ("pandas, the same columns to Parquet", [PANDAS, str(path), str(folder / "p.parquet")], ""),
    )
    found = []
    for name, arguments, given in runs:
        done = subprocess.run([sys.executable, "-c", *arguments], input=given, text=True,
                              capture_output=True, check=True, env=ENVIRONMENT)  # fmt: skip
        found.append(json.loads(done.stdout))
        _told(name, found[-1])
    ours, theirs = found
    assert ours["is_balanced"]
    assert (ours["rows"], ours["kept"]) == (theirs["rows"], theirs["kept"])
    print(f"\npandas takes {theirs['wall'] / ours['wall']:.1f} times the wall time and "
          f"{theirs['cpu'] / ours['cpu']:.1f} times the processor time", flush=True)  # fmt: skip
    path.unlink()


def _parts(folder: Path, n_rows: int, n_parts: int) -> None:
    print(f"\n{n_parts} parts of {n_rows:,} rows, one process, one store\n")
    print("| part | wall s | processor s | peak MiB | rows | kept |\n|---|---|---|---|---|---|")
    path = folder / "part.tsv"
    with subprocess.Popen(
        [sys.executable, "-c", IMPORTER, str(folder / "parts.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        for part in range(n_parts):
            write_file(path, 1 + part * n_rows, n_rows)
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
            _told(str(part + 1), json.loads(process.stdout.readline()))
            sys.stdout.flush()


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("rows", nargs="?", type=int, default=5_000_000)
    parser.add_argument("--parts", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where the files lie, some 3 GiB")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        _compare(Path(folder), given.rows)
        if given.parts:
            _parts(Path(folder), given.rows, given.parts)


if __name__ == "__main__":
    main()
