"""How soon `openchannel assess korea` shows a first result, with the simulator compiled.

    python -m benches.startup [ROUNDS]

Starts the command in a process of its own, again and again, and stops it once the running estimate
of its own futures has been told. Seconds of the clock, and of the processor, to each line that
tells something; medians of the rounds. The first start, which may compile and keeps the case, is
left out. Libraries should have their bytecode (`make demo` compiles it; `make test` leaves it to
the first start, unless PYTHONDONTWRITEBYTECODE forbids it).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: What is waited for, and the words that tell it.
LINES = {
    "the command is there": "reading the case",
    "first look, at central beliefs": "a first look",
    "first estimate of the run itself": "futures a policy and world, ",
}
LAST = "chance of war"


def one_start() -> dict[str, tuple[float, float]]:
    """Seconds of the clock and of the processor until each line of one start."""
    found: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "openchannel.cli", "assess", "korea", "--format", "none"]
        begin = time.perf_counter()
        process = subprocess.Popen(
            [*command, "-o", f"{folder}/run", "--threads", "1"], stderr=subprocess.PIPE, text=True
        )
        for line in process.stderr:
            spent = time.perf_counter() - begin, processor_seconds(process.pid)
            for what, words in LINES.items():
                if words in line:
                    found.setdefault(what, spent)
            if LINES["first estimate of the run itself"] in line and LAST in line:
                break
        process.kill()
        process.communicate()
    return found


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far; NaN where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    one_start()
    starts = [one_start() for _ in range(rounds)]
    print(f"Medians of {rounds} starts; load of the machine {os.getloadavg()[0]:.1f}.\n")
    print("| until | seconds | of the processor |")
    print("|---|---|---|")
    for what in LINES:
        spent = [s[what] for s in starts if what in s]
        if spent:
            clock, processor = (statistics.median(one) for one in zip(*spent, strict=True))
            print(f"| {what} | {clock:.2f} | {processor:.2f} |")


if __name__ == "__main__":
    main()
