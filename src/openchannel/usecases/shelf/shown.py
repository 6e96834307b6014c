"""What the page of a finished run shows, kept beside the run, so that opening it costs nothing.

`shown.json` holds the words and the list of charts, `charts/` their pictures. Both are made from
the files of the run alone: they may be deleted, and are made anew where the run, the program or
what was asked besides (`believe.json` and the like) has changed since.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.ensemble.code import code_digest
from openchannel.ensemble.store import write_json
from openchannel.usecases.runs.answer import answer, policy_rows, sharpened, world_rows
from openchannel.usecases.runs.brief import brief_of
from openchannel.usecases.runs.figures import CHARTS, DRAWN, figures_of, write_charts
from openchannel.usecases.runs.files import digests

if TYPE_CHECKING:
    from openchannel.usecases.runs.finished_run import Run

__all__ = ["SHOWN", "Shown", "draw_charts", "read_shown", "show_run"]

SHOWN = "shown.json"


@dataclass(frozen=True, slots=True)
class Shown:
    """The page of a run.

    lines : the question, the verdict, where it flips, and where further futures were given
    rule : how a verdict is found, as the summary of the run states it
    policies, worlds : rows of words side by side, see `answer`
    policy : id of the policy that the page is about; empty where the baseline ran alone
    charts : `id`, `caption` and `alt` of each chart, in the order of the brief
    sections : `anchor` and `title` of each part of the brief, without its appendix
    """

    lines: tuple[str, ...]
    rule: str
    policies: tuple[dict[str, str], ...]
    worlds: tuple[dict[str, str], ...]
    policy: str
    charts: tuple[dict[str, str], ...]
    sections: tuple[dict[str, str], ...]

    def chart(self, name: str) -> dict[str, str] | None:
        """The chart of this id."""
        return next((c for c in self.charts if c["id"] == name), None)


def read_shown(folder: Path) -> Shown | None:
    """What is kept, if it is still what the run and this program would show."""
    try:
        kept = json.loads((folder / SHOWN).read_text("utf-8"))
        if kept["made_from"] != _made_from(folder):
            return None
        return Shown(**{k: _frozen(v) for k, v in kept["shown"].items()})
    except (OSError, ValueError, KeyError, TypeError):
        return None  # not there yet, cut short, or from another release: it is made again


def show_run(run: Run, folder: Path, *, draw: bool = True) -> Shown:
    """Make what the page of a run shows, and keep it in its folder; charts too, or when asked."""
    brief = brief_of(run)
    judged = run.summary["wager"]
    policy = run.case.focal if run.case.focal in judged else next(iter(judged), "")
    shown = Shown(
        (*answer(run.summary, run.case), *sharpened(run.summary)),
        str(run.summary["verdict_rule"]),
        tuple(policy_rows(run.summary)),
        tuple(world_rows(run.summary, policy) if policy else ()),
        policy,
        tuple({"id": f.id, "caption": f.caption, "alt": f.alt} for f in brief.figures),
        tuple({"anchor": s.anchor, "title": s.title} for s in brief.sections if not s.is_appendix),
    )
    made_from = _made_from(folder)
    shutil.rmtree(folder / CHARTS, ignore_errors=True)  # pictures of what no longer holds
    if draw:
        write_charts(brief.figures, folder, DRAWN)
    write_json(folder / SHOWN, {"made_from": made_from, "shown": asdict(shown)})
    return shown


def draw_charts(run: Run, folder: Path) -> None:
    """Draw the charts of a run whose page was made without them."""
    write_charts(figures_of(run).values(), folder, DRAWN)


def _made_from(folder: Path) -> dict[str, str]:
    """Digests of everything that the page depends on."""
    return {"code": code_digest(), **digests(folder)}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
