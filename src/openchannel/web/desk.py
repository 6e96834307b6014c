"""What every page needs: the shelf of runs, the line, the case and store, the token of forms."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import Form, HTTPException

from openchannel.usecases.runs.figures import CHARTS, DRAWN
from openchannel.usecases.shelf.shelf import Entry, Shelf
from openchannel.usecases.shelf.shown import Shown, draw_charts, read_shown, show_run
from openchannel.web.safety import token_matches

if TYPE_CHECKING:
    from openchannel.web.line import Line

__all__ = ["TYPES", "Desk", "Text"]

#: Kinds of files that the app gives out, by their ending.
TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}

Text = Annotated[str, Form(max_length=65_536)]


@dataclass(frozen=True, slots=True)
class Desk:
    """One server: its runs, its line, its case and store, and the token of its forms.

    store : the file of the ledger of contacts; None for the user's usual one
    """

    shelf: Shelf
    line: Line
    token: str
    store: Path | None = None
    _making: threading.Lock = field(default_factory=threading.Lock)

    @property
    def case(self) -> str:
        """The case that the server was started for."""
        return self.shelf.case

    def found(self, run_id: str) -> Entry:
        """A run; 404 where there is none."""
        entry = self.shelf.entry(run_id)
        if entry is None:
            raise HTTPException(404, "There is no such run.")
        return entry

    def done(self, run_id: str, part: str = "assess") -> Entry:
        """A finished run that holds a part; 404 where it does not."""
        entry = self.found(run_id)
        if entry.state != "done" or part not in entry.parts:
            raise HTTPException(404, "This run is not finished, or is of another kind.")
        return entry

    def own_form(self, given: str) -> None:
        """Refuse a form that does not carry the token of this server."""
        if not token_matches(given, self.token):
            raise HTTPException(403, "This form is from another time; open the page again.")

    def shown(self, run_id: str) -> Shown:
        """What the page of a finished run shows; made once where nothing sound is kept."""
        folder = self.shelf.folder(run_id)
        kept = read_shown(folder)
        if kept is not None:
            return kept
        with self._making:  # twenty readers wait for one to make it
            kept = read_shown(folder)
            if kept is None:
                kept = show_run(self.shelf.run(run_id), folder, draw=False)
            return kept

    def chart(self, run_id: str, name: str, form: str) -> bytes:
        """A chart of a finished run; 404 where it has none of this name and form."""
        if form not in DRAWN or self.shown(run_id).chart(name) is None:
            raise HTTPException(404, "There is no such chart.")
        folder = self.shelf.folder(run_id)
        path = folder / CHARTS / f"{name}.{form}"
        if not path.is_file():
            with self._making:
                if not path.is_file():
                    draw_charts(self.shelf.run(run_id), folder)
        return path.read_bytes()
