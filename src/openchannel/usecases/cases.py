"""A case by its name or folder, checked."""

from __future__ import annotations

from pathlib import Path

from openchannel.domain import Case
from openchannel.usecases.kept_cases import kept_case

__all__ = ["load"]

_OUTSIDE_KERNEL = frozenset({"omega_risk_sd", "omega_tie_rho"})


def load(case: str | Path) -> Case:
    """A checked case, by the name of a built-in one or by its folder.

    Parameters
    ----------
    case : str or path
        `korea`, `korea-reference`, or a folder with a case.yaml (docs/reference/case-file.md).

    Returns
    -------
    Case
        Never changed: channels, policies, worlds, propositions, and parameters by key, each with
        its value, range, unit, grade and sources.

    Raises
    ------
    CaseError
        A `UserError` with every problem of every file: where it stands, what is wrong, what is
        allowed and how to mend it.
    """
    return kept_case(case, lambda: _folders(case), lambda: _read(case))


def _read(case: str | Path) -> Case:
    from openchannel.casefile import load_case
    from openchannel.model import required_names

    required = dict(required_names())
    required["scalar"] = frozenset(required["scalar"]) | _OUTSIDE_KERNEL
    return load_case(case, required=required)


def _folders(case: str | Path) -> list[Path]:
    from openchannel.casefile.layers import find_layers

    return [layer.folder.resolve() for layer in find_layers(case, [])]
