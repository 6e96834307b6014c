"""A file of one's own beliefs, read strictly and held against the case it is about.

The file says `lo to hi`, quantiles or a number for what one believes otherwise, and may choose a
school of thought (a world) for each module. What the case becomes under it is `own_case`'s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from openchannel.casefile.document import CaseFile, Document
from openchannel.casefile.mistakes import Mistake
from openchannel.casefile.own_form import OwnForm
from openchannel.casefile.own_reader import OwnBelief, Reader
from openchannel.casefile.text import read_text
from openchannel.casefile.tree import read_yaml
from openchannel.casefile.wording import fill_in
from openchannel.domain import Case
from openchannel.errors import Problem, UserError

__all__ = ["OwnBelief", "OwnBeliefs", "parse_own", "read_own"]

_MAPPINGS = ("beliefs", "modules")


@dataclass(frozen=True, slots=True)
class OwnBeliefs:
    """One person's beliefs about a case, as written.

    `text` is the file itself, so that a run that keeps it can be run again without the file.
    """

    title: str
    note: str
    beliefs: tuple[OwnBelief, ...]
    modules: Mapping[str, str]
    text: str
    shown: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def as_dict(self) -> dict[str, str]:
        """What a manifest keeps of them."""
        return {"title": self.title, "fingerprint": self.fingerprint, "text": self.text}


def read_own(path: str | Path, case: Case) -> OwnBeliefs:
    """The beliefs in a file, held against the case they are about.

    Raises
    ------
    UserError
        With every problem of the file, each with its line and column.
    """
    text = read_text(Path(path))
    if isinstance(text, Mistake):
        raise UserError(CaseFile.own(path).problem(text))
    return parse_own(text, case, str(path))


def parse_own(text: str, case: Case, shown: str = "own beliefs") -> OwnBeliefs:
    """The beliefs in a text, such as a manifest keeps; `shown` is the file it is said to be."""
    problems: list[Problem] = []
    root, mistakes = read_yaml(text)
    file = CaseFile.own(shown)
    problems += [file.problem(m) for m in mistakes]
    if root is None:
        raise UserError(problems)
    document = Document(file, root, text)
    form = fill_in(OwnForm, document, problems) or _rest(document)
    reader = Reader(case, document, problems)
    own = OwnBeliefs(
        form.title.strip(),
        form.note.strip(),
        tuple(reader.beliefs(form.beliefs)),
        reader.modules(form),
        text,
        shown,
    )
    if problems:
        raise UserError(sorted(problems, key=lambda p: (p.line, p.column, p.field)))
    return own


def _rest(document: Document) -> OwnForm:
    """The form without what does not fit it, so that the rest can be held against the case too."""
    data = document.data()
    kept = {k: v for k, v in data.items() if k in _MAPPINGS} if isinstance(data, dict) else {}
    for _ in range(2):  # a field that is no mapping at all goes with its entries
        try:
            return OwnForm.model_validate(kept)
        except ValidationError as error:
            for complaint in error.errors(include_url=False):
                field, *inner = complaint["loc"]
                if inner and isinstance(kept.get(str(field)), dict):
                    kept[str(field)].pop(str(inner[0]), None)
                else:
                    kept.pop(str(field), None)
    return OwnForm()
