"""Size, words and docstrings of the sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src" / "openchannel").rglob("*.py"))
SCRIPTS = sorted(p for place in ("tests", "benches", "docs") for p in (ROOT / place).rglob("*.py"))
LONGEST_MODULE = 500
LONGEST_FUNCTION = 60

TEXTS = {".py", ".md", ".yaml", ".toml", ".txt", ".cff", ".csv", ".bib", ".html", ".j2", ".typ", ""}
PLACES = ("src", "docs", "tests", "benches", ".ci")
# Put together here, so that this file does not hold what it forbids.
UNFINISHED = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b")
MACHINE = re.compile("|".join(f"(?<![\\w.])/{name}/" for name in ("work", "root", "home")))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[Function]:
    return (n for n in ast.walk(tree) if isinstance(n, Function))


def public(tree: ast.Module) -> Iterator[Function | ast.ClassDef]:
    """Functions and classes of a module, and the methods of its classes, without underscores."""
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def texts() -> Iterator[Path]:
    files = [p for p in ROOT.iterdir() if p.is_file()]
    for place in PLACES:
        files += [p for p in (ROOT / place).rglob("*") if p.is_file()]
    for path in sorted(files):
        if (
            path.suffix in TEXTS
            and "__pycache__" not in path.parts
            and path.name not in (".git", "uv.lock")
        ):
            yield path


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_module(path: Path) -> None:
    """Short, with a docstring of its own and of everything public in it."""
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= LONGEST_MODULE
    if text.strip():
        assert ast.get_docstring(tree), "the module says nothing of itself"
    silent = [n.name for n in public(tree) if isinstance(n, Function) and not ast.get_docstring(n)]
    assert silent == [], "public functions without a docstring"


def long_functions(tree: ast.AST) -> dict[str, int]:
    """Functions that do not fit on a screen; a docstring does not count."""
    found = {}
    for node in functions(tree):
        body = node.body[1:] if ast.get_docstring(node) else node.body
        lines = node.end_lineno - body[0].lineno + 1 if body else 0
        if lines > LONGEST_FUNCTION:
            found[node.name] = lines
    return found


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_functions_are_short(path: Path) -> None:
    """A function fits on a screen; its docstring does not count."""
    assert long_functions(ast.parse(path.read_text("utf-8"))) == {}


def test_tests_and_scripts_are_short_too() -> None:
    """Modules and functions of tests, benches and docs keep to the same lengths."""
    texts = {name_of(p): p.read_text("utf-8") for p in SCRIPTS}
    assert [n for n, text in texts.items() if len(text.splitlines()) > LONGEST_MODULE] == []
    long = {n: long_functions(ast.parse(text)) for n, text in texts.items()}
    assert {n: found for n, found in long.items() if found} == {}


def test_nothing_is_left_unfinished() -> None:
    """No file holds a word that puts work off."""
    found = [name_of(p) for p in texts() if UNFINISHED.search(p.read_text("utf-8", "replace"))]
    assert found == []


def test_no_path_of_a_machine() -> None:
    """No file holds a folder of the machine it was written on."""
    found = [name_of(p) for p in texts() if MACHINE.search(p.read_text("utf-8", "replace"))]
    assert found == []


def test_no_wall_is_missing_in_the_contracts() -> None:
    """Every part of the package has a place among the floors, or is data."""
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    layers = re.search(r"^layers = \[(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    assert layers is not None
    placed = set(re.findall(r"\w+", layers[1])) | {"cases", "schemas"}
    parts = {p.stem for p in (ROOT / "src" / "openchannel").iterdir() if p.name != "py.typed"}
    assert parts - {"__init__", "__pycache__", "__main__"} <= placed
