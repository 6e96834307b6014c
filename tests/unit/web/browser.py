"""Chromium for the tests of pages: a visit that forgives nothing, and a visitor without a mouse."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

#: The same engine without windows comes first: it draws the same pages with less work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next((p for n in NAMES if (p := shutil.which(n))), None)
PATIENCE = 300_000
"""Milliseconds for what has to be compiled or made first, on a busy machine."""
MOMENT = 30_000
"""Milliseconds for what a page does by itself, on a busy machine."""
WIDTHS = {"desktop": 1280, "phone": 390}
HEIGHT = 900
#: How pages are looked at: each width and each scheme once. Crossing them would show nothing more,
#: as no rule of the style sheet looks at both (`test_pages` holds it to that).
WAYS = (("desktop", "light"), ("phone", "dark"))
#: Stops of the tabulator after which something counts as out of reach.
MOST_STOPS = 200

sync_api.expect.set_options(timeout=MOMENT)

_STANDS_ON = """([selector, words]) => {
  const here = document.activeElement;
  const said = here.getAttribute("aria-label") || here.textContent;
  return here.matches(selector) && said.includes(words);
}"""
# The middle of the element lies in the window with nothing above it; what is larger than the
# window, and points of a chart that lie on one another, cannot be asked so.
_IS_SEEN = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  if (!here.matches(":focus-visible")) return false;
  if (box.width > innerWidth || box.height > innerHeight) return true;
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return top !== null && (here.contains(top) || top.contains(here)
    || Boolean(here.ownerSVGElement?.contains(top)));
}"""


# Rows and marks that are built and styled alike, at the same place of a page, are looked at three
# times and not a hundred; the same id twice is sought in all of them first. Only what stands for
# itself goes: a field may have its label beside it, and a table without some cells is another one.
_THIN_OUT = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  const seen = ["class", "role", "style"], number = /[0-9.]+/g;
  const own = e => [e.tagName, ...[...e.attributes].map(a =>
    seen.includes(a.name) ? a.name + "=" + a.value.replace(number, "") : a.name)].join(" ");
  const built = new Map(), like = new Map();
  const build = e => {
    const within = [...e.children].map(build);
    built.set(e, own(e) + (e.textContent.trim() ? "" : " empty") + "(" + within + ")");
    return built.get(e);
  };
  build(document.body);
  const thin = (parent, place) => {
    for (const e of [...parent.children]) {
      const key = place + built.get(e), times = (like.get(key) || 0) + 1;
      like.set(key, times);
      if (times > 3 && e.matches("tr, li, .belief, svg *")) e.remove();
      else thin(e, place + own(e) + ">");
    }
  };
  thin(document.body, "");
  return twice;
}"""
_LOOK = """options => axe.run(options).then(found =>
  found.violations.map(v => `${v.id}: ${v.help}: ${v.nodes[0].html.slice(0, 200)}`))"""


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a window, which finds no other machine; skips where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium-headless-shell)")
    args = [
        "--no-sandbox",  # cannot be set up by root, as whom containers run
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    with sync_api.sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=args)
        yield made
        made.close()


class Visit:
    """A page of the browser that remembers what it must not see."""

    def __init__(self, browser: Any, site: str, width: int, scheme: str) -> None:
        size = {"width": width, "height": HEIGHT}
        self.context = browser.new_context(viewport=size, color_scheme=scheme, base_url=site)
        self.faults: list[str] = []
        self.own = [site, "data:", "blob:"]
        self.context.on("page", self._watch)
        # Looked at and not led through a route: with routes, the browser keeps no file.
        self.context.on("request", self._request)
        self.page = self.context.new_page()
        # Choosers are caught only while someone listens, and from a moment after: listen early.
        self.page.on("filechooser", lambda _: None)

    def _watch(self, page: Any) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda e: self.faults.append(f"error: {e}"))

    def _console(self, message: Any) -> None:
        # A page that says what is wrong has a status that says so too; the browser tells of it.
        expected = "the server responded with a status of 4"
        if message.type in ("error", "warning") and expected not in message.text:
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith(tuple(self.own)):
            self.faults.append(f"foreign: {request.url}")

    def close(self) -> None:
        self.context.close()
        assert not self.faults


class Walk:
    """A visitor who has keys and no mouse: each stop must be seen when it is come to."""

    def __init__(self, visit: Visit) -> None:
        self.page = visit.page

    def open(self, address: str) -> Any:
        """Open an address and skip its head; the page."""
        self.page.goto(address)
        return self.skip()

    def land(self, address: str) -> Any:
        """Wait until a key has led to an address, and skip the head there; the page."""
        self.page.wait_for_url(address, timeout=PATIENCE)
        return self.skip()

    def skip(self) -> Any:
        """Take the first stop of every page, which leads to its content."""
        self.press("Tab")
        assert self.page.evaluate("document.activeElement.textContent") == "Skip to the content"
        self.press("Enter")
        return self.page

    def press(self, key: str, times: int = 1) -> None:
        """Press a key once the page is in: where somebody goes on before the style sheet has come,
        the browser gives up the focus again as it comes to the part that the address names.
        """
        self.page.wait_for_load_state()
        for _ in range(times):
            self.page.keyboard.press(key)

    def to(self, selector: str, words: str = "", *, back: bool = False) -> None:
        """Go from stop to stop until one is met that matches, and holds the words."""
        for _ in range(MOST_STOPS):
            self.press("Shift+Tab" if back else "Tab")
            if self.page.evaluate(_STANDS_ON, [selector, words]):
                break
        else:
            raise AssertionError(f"{selector} {words!r} cannot be reached on {self.page.url}")
        self.wait_until_seen(f"{selector} {words!r}")

    def wait_until_seen(self, what: str = "what one stands on") -> None:
        """Pictures that come in late move what is below them, and are made up for at once."""
        patient = time.monotonic() + MOMENT / 1000
        while not self.page.evaluate(_IS_SEEN):
            assert time.monotonic() < patient, f"{what} is reached and not seen"

    def enter(self, selector: str, words: str = "", *, back: bool = False) -> None:
        """Go there and press Enter."""
        self.to(selector, words, back=back)
        self.press("Enter")

    def write(self, selector: str, text: str, *, back: bool = False) -> None:
        """Go to a field and type in place of what stands there."""
        self.to(selector, back=back)
        self.press("Control+a")
        self.page.keyboard.type(text)

    def pick(self, selector: str, value: str) -> None:
        """Go to a list and step down to a choice."""
        self.to(selector)
        for _ in range(MOST_STOPS):
            if self.page.input_value(selector) == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{selector} has no {value!r}")

    def saves(self, selector: str, words: str = "", *, back: bool = False) -> Any:
        """Go to a link to a file and take it; the download."""
        self.to(selector, words, back=back)
        with self.page.expect_download(timeout=PATIENCE) as coming:
            self.press("Enter")
        return coming.value


def violations(page: Any) -> list[str]:
    """What axe finds, in its words, with the element; of what is alike on a page little is left."""
    twice = [f"two elements have the id {id}" for id in page.evaluate(_THIN_OUT)]
    page.evaluate(axe.Axe().axe_script)
    options = {"iframes": False, "resultTypes": ["violations"]}
    return [*twice, *page.evaluate(_LOOK, options)]


def faults(page: Any, width: int) -> list[str]:
    """What is wrong with the page that is open, and whether it fits; little is left of it."""
    page.wait_for_load_state()  # words may stand before the style sheet is in
    across = page.evaluate("document.documentElement.scrollWidth")
    wrong = [f"{page.url} {v}" for v in violations(page)]
    return [*wrong, f"{page.url} is {across} wide"] if across > width else wrong
