"""What a person chooses for an assessment, and what is wrong with a setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openchannel.domain import Case
from openchannel.errors import Problem, UserError

__all__ = [
    "DEFAULT_CHAIN_DRAWS",
    "DEFAULT_FUTURES",
    "DEFAULT_SEED",
    "MOST_SEED",
    "Settings",
    "bound_problems",
    "check_settings",
    "form_problems",
    "is_whole_number",
    "not_one_of",
]

DEFAULT_FUTURES = 32_768
DEFAULT_SEED = 1
#: Of each of the chains that fit what history says.
DEFAULT_CHAIN_DRAWS = 1_200
_LEAST_FIRST_RUN = 1024  # 64 belief draws

_DIGITS = 20  # of the largest seed

#: The largest seed of what derives seeds of its own; `assess` takes one bit more.
MOST_SEED = 2**63 - 1


def not_one_of(field: str, value: str, known: Sequence[str]) -> Problem:
    """A name that is not among those known, with the nearest one as the cure."""
    from difflib import get_close_matches

    near = get_close_matches(value, known, n=1, cutoff=0.0)
    return Problem(
        file="command line",
        field=field,
        wrong=f"'{value}' is not known in this case",
        allowed=", ".join(known) or "nothing: the case has none",
        mend=f"write {near[0]}" if near else "leave it out",
    )


def form_problems(
    field: str, what: str, given: Sequence[str], known: Sequence[str]
) -> list[Problem]:
    """Forms asked for that are not among those known, each once."""
    return [
        Problem(
            file="command line",
            field=field,
            wrong=f"'{name}' is not a form of {what}",
            allowed=", ".join(known),
            mend="write one or more of these, separated by commas",
        )
        for name in dict.fromkeys(given)
        if name not in known
    ]


def is_whole_number(text: str) -> bool:
    """Whether a text is a whole number without a sign, of sensible length."""
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS


def bound_problems(*settings: tuple[str, int, int, int]) -> list[Problem]:
    """Whole numbers out of bounds, each given as (field, value, lowest, highest)."""
    return [
        Problem(
            file="command line",
            field=field,
            wrong=f"{value} is out of bounds",
            allowed=f"a whole number from {low} to {high}",
            mend=f"give {field} within these bounds",
        )
        for field, value, low, high in settings
        if not low <= value <= high
    ]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person chooses for an assessment."""

    futures: int = DEFAULT_FUTURES
    seed: int = DEFAULT_SEED
    policies: tuple[str, ...] = ()
    beliefs: str = "ranges"
    overlay: str = ""
    threads: int | None = None
    chunk: int = 32
    cluster: str = ""
    gpu: bool = False
    baseline: str = ""
    sharpen: int = 0


_BOTH = Problem(
    file="command line",
    field="--gpu",
    wrong="a run is played on a GPU or on a cluster, not on both",
    allowed="--gpu, or --cluster",
    mend="leave one of them out",
)


def _unsharpened(settings: Settings) -> list[Problem]:
    """What stands against further futures: no draws of beliefs, or too small a run."""
    if not settings.sharpen:
        return []
    problems = bound_problems(("--sharpen", settings.sharpen, _LEAST_FIRST_RUN, 10**9))
    if settings.beliefs == "modes":
        problems.append(
            Problem(
                file="command line",
                field="--sharpen",
                wrong="further futures are drawn over beliefs, and `--beliefs modes` draws none",
                allowed="--beliefs ranges, or a world",
                mend="leave --sharpen out and give more --futures, or leave --beliefs modes out",
            )
        )
    if settings.futures < _LEAST_FIRST_RUN:
        problems.append(
            Problem(
                file="command line",
                field="--sharpen",
                wrong=f"{settings.futures} futures are too few to tell where to give more",
                allowed=f"--futures {_LEAST_FIRST_RUN} or more",
                mend=f"give --futures {_LEAST_FIRST_RUN}",
            )
        )
    return problems


def check_settings(case: Case, settings: Settings) -> None:
    """Make sure that settings are usable; raises `UserError` with every one that is not."""
    known = [p.id for p in case.policies]
    problems = [not_one_of("--policy", p, known) for p in settings.policies if p not in known]
    if settings.baseline and settings.baseline not in known:
        problems.append(not_one_of("--baseline", settings.baseline, known))
    choices = ["modes", "ranges", *(w.id for w in case.worlds)]
    if settings.beliefs not in choices:
        problems.append(not_one_of("--beliefs", settings.beliefs, choices))
    overlays = [o.id for o in case.overlays]
    if settings.overlay and settings.overlay not in overlays:
        problems.append(not_one_of("--overlay", settings.overlay, overlays))
    problems += bound_problems(
        ("--futures", settings.futures, 2, 10**9),
        ("--seed", settings.seed, 0, 2**64 - 1),
        ("--threads", 1 if settings.threads is None else settings.threads, 1, 1024),
    )
    problems += _unsharpened(settings)
    if settings.cluster and settings.cluster != "local" and "://" not in settings.cluster:
        known = ["local", "tcp://HOST:PORT"]
        problems.append(not_one_of("--cluster", settings.cluster, known))
    if settings.cluster and settings.gpu:
        problems.append(_BOTH)
    if problems:
        raise UserError(problems)
