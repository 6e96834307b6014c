"""Speed against peers, seconds to a decision, how work spreads and how cost grows, in one run.

    python -m benches [--write] [--rounds N]

Each implementation runs in a process of its own, in turn, so that a machine whose speed drifts slows
all alike; medians of the rounds are printed, as Markdown. With --write the tables go into
docs/explanation/speed-and-scale.md too. Use a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benches.peers import PEERS, POLICY, WEEKS, WORKERS, Peer, missing

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "explanation" / "speed-and-scale.md"
_BLOCK = re.compile(r"(<!-- measured: speed -->\n).*?(<!-- end -->)", re.DOTALL)
Found = dict[str, dict[str, float]]


def measured(name: str, futures: int) -> dict[str, float]:
    """One measurement in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benches.peers", name, str(futures)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def take(rounds: int) -> Found:
    """Median rate, and largest memory, of every peer."""
    absent = missing()
    for name, library in absent.items():
        print(f"left out: {PEERS[name].title} ({library} is not installed)", file=sys.stderr)
    peers = {name: peer for name, peer in PEERS.items() if name not in absent}
    rates: dict[str, list[float]] = {name: [] for name in peers}
    memory = dict.fromkeys(peers, 0.0)
    for turn in range(rounds):
        for name, peer in peers.items():
            print(f"round {turn + 1} of {rounds}: {peer.title}", file=sys.stderr)
            one = measured(name, peer.futures)
            rates[name].append(one["futures"] / one["seconds"])
            memory[name] = max(memory[name], one["memory_mib"])
    return {n: {"rate": statistics.median(rates[n]), "memory": memory[n]} for n in peers}


def whole(x: float) -> str:
    """Two or three digits, no more than a benchmark is worth."""
    return f"{float(f'{x:.3g}'):,.0f}" if x >= 10 else f"{x:.2g}"


def peers_table(found: Found, needed: dict) -> Iterator[str]:
    """Speed, memory, and seconds until a difference is known to a tenth."""
    counted, sharp = needed["counted"], list(needed.values())[-1]
    yield (
        "| implementation | cores | futures a second | against plain Python | against NumPy "
        "| memory, MiB | seconds to decision grade, counted wars | the same, Rao-Blackwell sums and control variates |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for name in found:
        peer, rate = PEERS[name], found[name]["rate"]

        def seconds(noise, peer: Peer = peer, rate: float = rate) -> str:
            return whole(2 * (noise.paired if peer.common_luck else noise.apart) / rate)

        cells = (
            peer.title, peer.cores, whole(rate),
            *(whole(rate / found[other]["rate"]) for other in ("plain", "numpy")),
            whole(found[name]["memory"]), seconds(counted), seconds(sharp),
        )  # fmt: skip
        yield f"| {' | '.join(map(str, cells))} |"


def decision_table(found: Found, held: np.ndarray) -> Iterator[str]:
    """The same kernel with its estimators, beliefs held (played already) and beliefs drawn."""
    from benches import decision

    rate = found["kernel"]["rate"]
    yield "| chance of | estimator | beliefs | pairs of futures | seconds, one core | times fewer |"
    yield "|---|---|---|---|---|---|"
    sampled = decision.sampled(2048)
    for asked in decision.OUTCOMES:
        central = {name: noise.paired for name, noise in decision.noise(held, asked).items()}
        drawn = decision.drawn_pairs(sampled, asked)
        for words, by_name in (("central", central), ("drawn", drawn)):
            brute = next(iter(by_name.values()))
            for name, pairs in by_name.items():
                yield (
                    f"| {asked} | {name} | {words} | {whole(pairs)} | {whole(2 * pairs / rate)} "
                    f"| {whole(brute / pairs)} |"
                )


def spread_table(rounds: int) -> Iterator[str]:
    """Twice the work on twice the workers takes as long, where nothing is lost."""
    yield "| workers | seconds for 174,080 futures each | efficiency |"
    yield "|---|---|---|"
    base = 0.0
    for name in ("dask_one", "dask"):
        futures = 174_080 * (1 if name == "dask_one" else WORKERS)
        spent = statistics.median(measured(name, futures)["seconds"] for _ in range(rounds))
        base = base or spent
        workers = 1 if name == "dask_one" else WORKERS
        yield f"| {workers} Dask worker{'s' * (workers > 1)} | {spent:.1f} | {base / spent:.2f} |"


def growth_table() -> Iterator[str]:
    """Slopes."""
    from benches import growth

    yield "| grows | sizes | seconds of one core | slope |"
    yield "|---|---|---|---|"
    for one in growth.measure():
        sizes = ", ".join(f"{n:,}" for n in one.sizes)
        seconds = ", ".join(f"{s:.2g}" for s in one.seconds)
        yield f"| {one.what} | {sizes} | {seconds} | {one.slope:.2f} |"


def report(rounds: int) -> str:
    """All tables."""
    from benches import decision

    found = take(rounds)
    held = decision.central(40_000)
    needed = decision.noise(held)
    cores = os.cpu_count()
    parts = [
        [f"`make bench` on {platform.machine()}, {cores} cores; {WEEKS} weeks, policy {POLICY}, "
         f"medians of {rounds} rounds."],
        peers_table(found, needed), decision_table(found, held), spread_table(rounds), growth_table(),
    ]  # fmt: skip
    return "\n\n".join("\n".join(part) for part in parts)


def main() -> None:
    """Print the tables, and write them where that is asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--write", action="store_true", help="write the tables into docs/")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    tables = report(chosen.rounds)
    print(tables)
    if chosen.write:
        text = PAGE.read_text("utf-8")
        PAGE.write_text(
            _BLOCK.sub(lambda m: f"{m[1]}\n{tables}\n\n{m[2]}", text),
            encoding="utf-8",
            newline="\n",
        )


if __name__ == "__main__":
    main()
