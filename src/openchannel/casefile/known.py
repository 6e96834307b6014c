"""What a case defines, so that a name used anywhere can be told from a slip of the pen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from openchannel.casefile.document import Document, Step
from openchannel.casefile.forms import ParameterForm
from openchannel.casefile.words import one_of
from openchannel.errors import Problem

__all__ = ["Known", "refer"]


@dataclass(frozen=True, slots=True)
class Known:
    """Names that may be referred to.

    A set is None where the file that defines it could not be read; then nothing is said about
    names of that kind. Parameters, policies and overlays count as known by their file names, so
    that one faulty file does not make every reference to it faulty.
    """

    channels: tuple[str, ...] | None
    parameters: Mapping[str, ParameterForm | None]
    policies: Collection[str]
    propositions: Collection[str] | None
    sources: Collection[str] | None
    problems: list[Problem] = field(default_factory=list)

    def source(self, document: Document, path: Sequence[Step], name: str) -> None:
        """Note a problem if `name` is no key of sources.bib."""
        self._refer(document, path, name, self.sources, "source", "add the entry to sources.bib")

    def sources_of(self, document: Document, names: Sequence[str]) -> tuple[str, ...]:
        """The names as given; a problem for each that is no key of sources.bib."""
        for i, name in enumerate(names):
            self.source(document, ("sources", i), name)
        return tuple(names)

    def policy(self, document: Document, path: Sequence[Step], name: str) -> None:
        """Note a problem if `name` is no policy."""
        mend = f"correct the id, or write policies/{name}.yaml"
        self._refer(document, path, name, self.policies, "policy", mend)

    def channel(
        self, document: Document, path: Sequence[Step], name: str, *, key: bool = False
    ) -> None:
        """Note a problem if `name` is no channel; `key` where the name is a key of the file."""
        mend = "correct the id, or add the channel to case.yaml"
        self._refer(document, path, name, self.channels, "channel", mend, key=key)

    def proposition(self, document: Document, path: Sequence[Step], name: str) -> None:
        """Note a problem if `name` is no line of the ledger."""
        mend = "correct the id, or add the line to propositions.yaml"
        self._refer(document, path, name, self.propositions, "ledger line", mend)

    def _refer(
        self,
        document: Document,
        path: Sequence[Step],
        name: str,
        names: Collection[str] | None,
        what: str,
        mend: str,
        *,
        key: bool = False,
    ) -> None:
        if names is not None and name not in names:
            self.problems.append(refer(document, path, name, names, what, mend, key=key))


def refer(
    document: Document,
    path: Sequence[Step],
    name: str,
    names: Collection[str],
    what: str,
    mend: str,
    *,
    key: bool = False,
) -> Problem:
    """The problem of a name that is not known: the known ones, nearest first."""
    return document.problem(
        path, f"there is no {what} `{name}`", one_of(name, names), mend, key=key
    )
