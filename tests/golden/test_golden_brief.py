"""The brief of a small case, byte for byte, as data and as the body of a page.

`OPENCHANNEL_WRITE_GOLDEN=1 pytest tests/golden` writes the files anew; say why in the commit.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from golden.example import example_findings
from openchannel.report import as_data, compose_brief
from openchannel.report.page import render_html_body

HERE = Path(__file__).parent


def _as_json() -> str:
    return json.dumps(as_data(compose_brief(example_findings())), indent=1, ensure_ascii=False)


def _as_html() -> str:
    return render_html_body(compose_brief(example_findings()))


@pytest.mark.parametrize(("name", "made"), [("brief.json", _as_json), ("body.html", _as_html)])
def test_brief_of_the_small_case_is_as_it_was(name: str, made) -> None:
    """The same findings give the same brief, to the byte."""
    text = made().rstrip("\n") + "\n"
    path = HERE / name
    if os.environ.get("OPENCHANNEL_WRITE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text
