"""A case as read, before its parts are held against each other: every file with its filled form.

Owns reading and the checks that need one file only: its form, and that its id is its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from openchannel.casefile.bibtex import read_bibliography
from openchannel.casefile.document import CaseFile, Document, read_document
from openchannel.casefile.forms import (
    CaseForm,
    OverlayForm,
    ParameterForm,
    PolicyForm,
    PropositionForm,
    WorldForm,
)
from openchannel.casefile.layers import Layer, files_of
from openchannel.casefile.mistakes import Mistake
from openchannel.casefile.text import read_text
from openchannel.casefile.wording import fill_in
from openchannel.domain import Source
from openchannel.errors import Problem

__all__ = ["Draft", "Filled", "Library", "read_draft"]

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Filled(Generic[F]):
    """A file with its document and form, None where reading failed; the problem is noted then."""

    file: CaseFile
    document: Document | None
    form: F | None

    def whole(self) -> Iterator[tuple[Document, F]]:
        """Document and form, if both are there."""
        if self.document is not None and self.form is not None:
            yield self.document, self.form


@dataclass(frozen=True, slots=True)
class Library:
    """The bibliography; `keys` is None where the file could not be read."""

    sources: Mapping[str, Source]
    keys: Collection[str] | None
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Every file of a case with its form."""

    layers: tuple[Layer, ...]
    overview: Filled[CaseForm]
    parameters: tuple[Filled[ParameterForm], ...]
    worlds: tuple[Filled[WorldForm], ...]
    policies: tuple[Filled[PolicyForm], ...]
    overlays: tuple[Filled[OverlayForm], ...]
    ledger: Filled[list[PropositionForm]]
    library: Library

    @property
    def shown(self) -> str:
        """The case folder as the user knows it."""
        return self.layers[0].shown

    def texts(self) -> Iterator[tuple[str, str]]:
        """(path inside the case folder, text) of every file that takes part."""
        for depth, layer in enumerate(self.layers):
            yield f"{layer.overview.file.name}@{depth}", layer.overview.text
        parts: list[Filled[Any]] = [*self.parameters, *self.worlds, *self.policies]
        for filled in (*parts, *self.overlays, self.ledger):
            if filled.document is not None:
                yield filled.file.name, filled.document.text
        yield "sources.bib", self.library.text


def read_draft(layers: tuple[Layer, ...], problems: list[Problem]) -> Draft:
    """Reads every file of the layers; what is wrong in any of them is added to `problems`."""
    shelf = _Shelf(layers, files_of(layers, problems), problems)
    return Draft(
        layers=layers,
        overview=shelf.overview(),
        parameters=tuple(shelf.fill_all("parameters", ParameterForm)),
        worlds=tuple(shelf.with_own_id("worlds", WorldForm)),
        policies=tuple(shelf.with_own_id("policies", PolicyForm)),
        overlays=tuple(shelf.with_own_id("overlays", OverlayForm)),
        ledger=shelf.fill(shelf.file("propositions.yaml"), list[PropositionForm]),
        library=shelf.library(),
    )


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The files of a case, taken down and filled in one after the other."""

    layers: tuple[Layer, ...]
    files: Mapping[str, CaseFile]
    problems: list[Problem]

    def file(self, name: str) -> CaseFile:
        """The file of this name; where there is none, the place where it should be."""
        return self.files.get(name) or self.layers[0].file(name)

    def overview(self) -> Filled[CaseForm]:
        first, *rest = (layer.overview for layer in self.layers)
        document = Document(first.file, first.root, first.text, tuple(rest))
        form = fill_in(CaseForm, document, self.problems)
        if form is not None and form.id != self.layers[0].name:
            self._wrong_id(document, form.id, self.layers[0].name, "folder")
        return Filled(document.file, document, form)

    def fill(self, file: CaseFile, kind: type[F]) -> Filled[F]:
        document = read_document(file, self.problems)
        form = None if document is None else fill_in(kind, document, self.problems)
        return Filled(file, document, form)

    def fill_all(self, folder: str, kind: type[F]) -> Iterator[Filled[F]]:
        """Every file of a folder; a case without any is a problem, but for overlays."""
        files = [file for name, file in self.files.items() if name.startswith(f"{folder}/")]
        if not files and folder != "overlays":
            self.problems.append(
                Problem(
                    f"{self.layers[0].shown}/{folder}",
                    "",
                    f"the case has no {folder}",
                    f"at least one file under {folder}/",
                    "write one, or begin case.yaml with `extends: korea`",
                )
            )
        for file in files:
            yield self.fill(file, kind)

    def with_own_id(self, folder: str, kind: type[F]) -> Iterator[Filled[F]]:
        """Every file of a folder whose file names are ids."""
        for filled in self.fill_all(folder, kind):
            for document, form in filled.whole():
                written = str(getattr(form, "id", filled.file.stem))
                if written != filled.file.stem:
                    self._wrong_id(document, written, filled.file.stem, "file")
            yield filled

    def library(self) -> Library:
        file = self.file("sources.bib")
        text = read_text(file.path)
        if isinstance(text, Mistake):
            self.problems.append(file.problem(text))
            return Library({}, None, "")
        book = read_bibliography(text)
        self.problems.extend(file.problem(mistake) for mistake in book.mistakes)
        return Library(book.sources, book.keys, text)

    def _wrong_id(self, document: Document, written: str, name: str, what: str) -> None:
        self.problems.append(
            document.problem(
                ("id",),
                f"the id `{written}` is not the name of the {what}, `{name}`",
                f"the name of the {what}",
                f"write `id: {name}`, or rename the {what}",
            )
        )
