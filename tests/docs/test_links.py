"""Links between the documents lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from doc_blocks import ROOT, pages

_LINK = re.compile(r"(?P<picture>!?)\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def links(page: Path, *, pictures: bool) -> list[str]:
    text = _FENCED.sub("", page.read_text("utf-8"))
    found = [m["target"] for m in _LINK.finditer(text) if bool(m["picture"]) == pictures]
    return [t for t in found if not re.match(r"[a-z]+:", t)]


def anchors(page: Path) -> set[str]:
    """Ids of headings, as Markdown renderers make them, and ids written out."""
    text = _FENCED.sub("", page.read_text("utf-8"))
    made = set(re.findall(r'<a id="([^"]+)">', text))
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        plain = re.sub(r"[`*]|&\w+;", "", heading).lower()
        made.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return made


@pytest.mark.parametrize("page", pages(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_resolve(page: Path) -> None:
    """Every relative link names a file, and every anchor a place in it."""
    for target in links(page, pictures=False):
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), f"{target}: no such file"
        if anchor:
            assert anchor in anchors(file), f"{target}: no such place"


def test_pictures_exist() -> None:
    """Every picture that a page shows is there."""
    missing = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages()
        for target in links(page, pictures=True)
        if not (page.parent / target).is_file()
    ]
    assert missing == []


def test_every_page_is_listed() -> None:
    """docs/README.md leads to every page."""
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / t).resolve() for t in links(index, pictures=False)}
    assert {p for p in pages() if (ROOT / "docs") in p.parents} - {index} <= listed
