"""The brief as one page: offline, live charts, readable without scripts; light, dark, print."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from openchannel.report.drawing import PAGE_FONT, svg
from openchannel.report.grades import GRADE_WORDS, marker
from openchannel.report.model import Brief, Figure
from openchannel.report.script import script_bundle
from openchannel.report.theme import DARK, themed

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render_html", "render_html_body"]

_CLOSING = re.compile(r"</(?=script)|<!--|<(?=script)", re.IGNORECASE)


def render_html(brief: Brief) -> str:
    """The whole page: styles, body with drawn charts, chart data and script, all in one text."""
    pictures = {f.id: svg(f.spec, PAGE_FONT, f"{f.id}-") for f in brief.figures}
    specs = {f.id: themed(f.spec, PAGE_FONT) for f in brief.figures}
    page = _environment().get_template("page.html.j2")
    return page.render(
        brief=brief,
        body=_markup(render_html_body(brief, pictures)),
        style=_markup(_file("style.css") + _dark_pictures()),
        script=_markup(_file("charts.js")),
        bundle=_markup(_inert(script_bundle())),
        charts=_data(specs),
        dark=_data(dict(DARK)),
    )


def render_html_body(brief: Brief, pictures: dict[str, str] | None = None) -> str:
    """What stands inside the page; a figure without a picture shows its words and numbers."""
    drawn = {k: _markup(v) for k, v in (pictures or {}).items()}
    body = _environment().get_template("body.html.j2")
    return body.render(brief=brief, pictures=drawn)


def _dark_pictures() -> str:
    """Styles that turn the drawn charts dark on a dark screen; paper keeps the light ones."""
    rules = [
        f'.static [{how}="{light}"] {{ {how}: {dark}; }}'
        for light, dark in DARK.items()
        for how in ("fill", "stroke")
    ]
    return "@media screen and (prefers-color-scheme: dark) {\n  " + "\n  ".join(rules) + "\n}\n"


def _markup(text: str) -> Any:
    from markupsafe import Markup  # noqa: PLC0415

    return Markup(text)  # noqa: S704  # our own files and what the drawing tool has escaped


def _inert(script: str) -> str:
    r"""A script that cannot close the element it stands in; `\\x3C` reads as `<` in its strings."""
    return _CLOSING.sub(lambda found: "\\x3C" + found[0][1:], script)


def _data(value: Any) -> Any:
    """JSON that cannot close the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _markup(text.replace("<", "\\u003c"))


def _file(name: str) -> str:
    return (resources.files("openchannel.report") / "templates" / name).read_text("utf-8")


@cache
def _environment() -> Environment:
    """Templates of the package; everything that is put in is escaped."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415

    made = Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["marker"] = marker
    made.globals["grade_words"] = GRADE_WORDS
    made.tests["figure"] = lambda block: isinstance(block, Figure)
    return made
