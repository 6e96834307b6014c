"""Recipes of a page, played as they stand: the Python lines, and the command line."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from openchannel.cli.app import app as command_line
from openchannel.cli.exits import DONE

COMMAND = "On the command line"


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def lines_of(page: str, after: str) -> dict[str, str]:
    """The first recipe behind a mark of a page: file names, `In Python` and the command."""
    start = page.index('<details class="again">', page.index(after))
    told = page[start : page.index("</details>", start)]
    found = re.findall(r'<p class="hint">(.+?)</p><pre[^>]*><code>(.*?)</code>', told, re.DOTALL)
    return {re.sub("<.*?>", "", k): html.unescape(v) for k, v in found}


def run_python(lines: dict[str, str]) -> dict[str, Any]:
    """The names that are bound when the Python lines are done."""
    names: dict[str, Any] = {}
    exec(lines["In Python"], names)
    return names


def run_commands(lines: dict[str, str], ends: int = DONE) -> Any:
    """What the last command says: JSON, or the file that `cat` shows; all must end with a code."""
    out = ""
    for line in lines[COMMAND].splitlines():
        program, *words = shlex.split(line)
        if program == "cat":
            return Path(words[0]).read_text("utf-8")
        form = [] if "--json" in words else ["--format", "none"]
        done = CliRunner().invoke(command_line, [*words, *form])
        assert done.exit_code == ends, done.output
        out = done.stdout
    return json.loads(out)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))
