"""From a move of a slider to the first new answer on the screen, in a real browser.

`python -m benches.belief_change [MOVES]` starts `openchannel serve` on a free port, drives
Chromium with Playwright (neither is a dependency; CHROMIUM names the program, /usr/bin/chromium
where it is unset), and prints the median and the 95th percentile in milliseconds. A move is an
`input` event of a slider, as a hand makes it; the clock stops at the first frame that shows the
answer to that move, however few its futures. Each move follows the last one after a second or two,
so that the sketch before it is still being sharpened and has to be dropped.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

_BESIDE = str(Path(sys.executable).with_name("openchannel"))
_MOVE = """
async ([at, share]) => {
  const slides = [...document.querySelectorAll('.belief .slide')];
  const slide = slides[at % slides.length];
  slide.value = String(Math.round(200 + 600 * share));
  const told = document.getElementById('told');
  const shown = new Promise((done) => {
    new MutationObserver((_, seen) => {
      seen.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0));
    }).observe(told, { childList: true });
  });
  const start = performance.now();
  slide.dispatchEvent(new Event('input', { bubbles: true }));
  return (await shown) - start;
}
"""


def main(moves: int) -> None:
    """Measure so many moves and print what was found."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as runs, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        program = os.environ.get("OPENCHANNEL", _BESIDE).split()
        server = subprocess.Popen([*program, "serve", "--runs", runs, "--port", str(port), "-q"])
        try:
            home = f"http://127.0.0.1:{port}/"
            first = _wait(home)
            with sync_playwright() as play:
                browser = play.chromium.launch(
                    executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                    args=["--no-sandbox"],
                )
                times = _measured(browser.new_page(), home, moves)
                browser.close()
        finally:
            server.terminate()
            server.wait(20)
    times.sort()
    print(f"first page after start: {1000 * first:.0f} ms")
    print(f"{len(times)} moves: median {statistics.median(times):.0f} ms, "
          f"95th percentile {times[int(0.95 * (len(times) - 1))]:.0f} ms, "
          f"largest {times[-1]:.0f} ms; load {os.getloadavg()[0]:.1f}")  # fmt: skip


def _wait(home: str) -> float:
    """Seconds that the first page takes once the server listens."""
    limit = time.monotonic() + 60
    while True:
        begun = time.monotonic()
        try:
            urllib.request.urlopen(home).read()
        except OSError:
            if begun > limit:
                raise
            time.sleep(0.05)
        else:
            return time.monotonic() - begun


def _measured(page, home: str, moves: int) -> list[float]:
    page.goto(f"{home}beliefs")
    page.wait_for_selector("#told .verdict", timeout=120_000)
    times = []
    for i in range(moves):
        page.wait_for_timeout(1000 + 137 * (i % 8))
        times.append(float(page.evaluate(_MOVE, [7 * i + 3, (i * 0.618) % 1.0])))
    return times


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
