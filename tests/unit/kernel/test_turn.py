"""One process compiles, and the others wait for it and load what it kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from select import select

from openchannel.kernel.turn import Turn

TAKES = """
import sys
from pathlib import Path
from openchannel.kernel.turn import Turn
turn = Turn(Path(sys.argv[1]))
with turn.held():
    turn.take()
    turn.take()
    print("mine", flush=True)
    sys.stdin.readline()
print("given back", flush=True)
sys.stdin.readline()
"""
TINY = """
from openchannel.kernel.cache import cached
@cached
def twice(x):
    return 2 * x
if __name__ == "__main__":
    assert twice(2) == 4
    assert twice(0.5) == 1.0
    print(len(twice.stats.cache_misses))
"""


def _started(code: str, *arguments: object, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **more},
    )


def _go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def test_the_turn_is_one_process_at_a_time(tmp_path: Path) -> None:
    """Who has it may take it again; it goes on where it is given back, and where a process dies."""
    with _started(TAKES, tmp_path) as has:
        assert has.stdout and has.stdout.readline() == "mine\n"
        with _started(TAKES, tmp_path) as waits:
            assert waits.stdout
            assert not select([waits.stdout], [], [], 2.0)[0]
            _go_on(has)
            assert has.stdout.readline() == "given back\n"
            assert waits.stdout.readline() == "mine\n"
            waits.kill()
        turn = Turn(tmp_path)
        with turn.held():
            turn.take()
            turn.take()
            assert turn.depth == 2
        assert turn.depth == 0
        _go_on(has)


def test_what_two_need_is_compiled_once(tmp_path: Path) -> None:
    """Two signatures, two processes at once: each is missing once in all."""
    (tmp_path / "tiny.py").write_text(TINY, "utf-8")
    more = {"OPENCHANNEL_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(tmp_path)}
    run = "import runpy; runpy.run_module('tiny', run_name='__main__')"
    both = [_started(run, **more) for _ in range(2)]
    missing = [int(p.communicate()[0]) for p in both]
    assert sum(missing) == 2
    assert [p.returncode for p in both] == [0, 0]
