"""A policy of one's own, in a file beside the case: read strictly, and put among the case's own.

The file is that of `policies/`; what the case becomes with it is said by `apply_policy`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from openchannel.casefile.actions import build_policy
from openchannel.casefile.document import CaseFile, Document
from openchannel.casefile.forms import PolicyForm
from openchannel.casefile.known import Known
from openchannel.casefile.mistakes import Mistake
from openchannel.casefile.text import read_text
from openchannel.casefile.tree import read_yaml
from openchannel.casefile.wording import fill_in
from openchannel.domain import Case, Policy
from openchannel.errors import Problem, UserError

__all__ = ["OwnPolicy", "apply_policy", "parse_policy", "read_policy"]


@dataclass(frozen=True, slots=True)
class OwnPolicy:
    """One person's policy; `text` is the file, so that a run that keeps it can be run again."""

    policy: Policy
    text: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def as_dict(self) -> dict[str, str]:
        """What a manifest keeps of it."""
        return {
            "id": self.policy.id,
            "title": self.policy.title,
            "fingerprint": self.fingerprint,
            "text": self.text,
        }


def read_policy(path: str | Path, case: Case) -> OwnPolicy:
    """The policy in a file, held against the case; raises `UserError` with all its problems."""
    text = read_text(Path(path))
    if isinstance(text, Mistake):
        raise UserError(CaseFile.own(path).problem(text))
    return parse_policy(text, case, str(path))


def parse_policy(text: str, case: Case, shown: str = "own policy") -> OwnPolicy:
    """The policy in a text, such as a manifest keeps; `shown` is the file it is said to be."""
    problems: list[Problem] = []
    root, mistakes = read_yaml(text)
    file = CaseFile.own(shown)
    problems += [file.problem(m) for m in mistakes]
    if root is None:
        raise UserError(problems)
    document = Document(file, root, text)
    form = fill_in(PolicyForm, document, problems)
    if form is None:
        raise UserError(problems)
    taken = [p.id for p in case.policies]
    if form.id in taken:
        problems.append(
            document.problem(
                ("id",),
                f"the case has a policy `{form.id}` already",
                "an id that no policy of the case has",
                "give the policy an id of its own, such as `id: MINE`",
            )
        )
    known = Known(
        channels=tuple(c.id for c in case.channels),
        parameters=dict.fromkeys(case.parameters),
        policies=[*taken, form.id],
        propositions=[p.id for p in case.propositions],
        sources=case.sources.keys(),
        problems=problems,
    )
    policy = build_policy(document, form, known)
    if problems:
        raise UserError(sorted(problems, key=lambda p: (p.line, p.column, p.field)))
    return OwnPolicy(replace(policy, variant=False), text)


def apply_policy(case: Case, own: OwnPolicy) -> Case:
    """The case with the policy at the end of its policies, and as the one that it is about.

    An overlay that is asked for lies on it too: whoever names both means both.
    """
    both = f"{case.fingerprint}\0policy\0{own.fingerprint}"
    return replace(
        case,
        policies=(*case.policies, own.policy),
        overlays=tuple(
            replace(o, applies_to=(*o.applies_to, own.policy.id)) for o in case.overlays
        ),
        focal=own.policy.id,
        fingerprint=hashlib.sha256(both.encode()).hexdigest(),
    )
