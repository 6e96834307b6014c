"""The brief of a small case, byte for byte, as data and as the body of a page.

`OPENCHANNEL_WRITE_GOLDEN=1 pytest tests/golden` writes the files anew; say why in the commit.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from golden.example import example_findings
from openchannel.report import as_data, compose_brief
from openchannel.report.page import render_html_body

HERE = Path(__file__).parent


def _lean(value: Any) -> Any:
    """Without what is empty, and with a digest in place of each chart: the file stays readable."""
    if isinstance(value, dict):
        lean = {k: _lean(v) for k, v in value.items() if v not in ("", False, [], None)}
        if "spec" in lean:
            text = json.dumps(value["spec"], sort_keys=True)
            lean["spec"] = hashlib.sha256(text.encode()).hexdigest()[:16]
        return lean
    return [_lean(v) for v in value] if isinstance(value, list) else value


def _as_json() -> str:
    """One block of the brief a line."""
    data = _lean(as_data(compose_brief(example_findings())))
    lines = [json.dumps({k: v for k, v in data.items() if k not in ("sections", "marks")})]
    for section in data["sections"]:
        blocks = section.pop("blocks")
        lines += [json.dumps(part, ensure_ascii=False) for part in (section, *blocks)]
    return "\n".join(lines)


def _as_html() -> str:
    return render_html_body(compose_brief(example_findings()))


@pytest.mark.parametrize(("name", "made"), [("brief.jsonl", _as_json), ("body.html", _as_html)])
def test_brief_of_the_small_case_is_as_it_was(name: str, made) -> None:
    """The same findings give the same brief, to the byte."""
    text = made().rstrip("\n") + "\n"
    path = HERE / name
    if os.environ.get("OPENCHANNEL_WRITE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text
