"""The files of a design: unfinished work to go on with, and what a reader opens at the end."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from openchannel.usecases.guard import disk_problems
from openchannel.usecases.plain import quoted

if TYPE_CHECKING:
    from openchannel.analysis.portfolio.trial import Arrays, Keep
    from openchannel.usecases.building.design import Design

__all__ = ["kept_in", "write_design"]

_PARTS = ".unfinished-design"


def kept_in(folder: Path | None, digest: str) -> Keep:
    """A store of finished steps in a folder; steps of other settings are not taken.

    Each step is a file that appears whole or not at all; one that cannot be read is made again.
    """
    from openchannel.analysis.portfolio.trial import keep
    from openchannel.ensemble.store import write_atomic

    if folder is None:
        return keep
    place = folder / _PARTS / digest[:16]

    def kept(name: str, make: Callable[[], Arrays]) -> Arrays:
        path = place / f"{name}.npz"
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
                return {k: stored[k] for k in stored.files}
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
            pass  # not there yet, or cut short: what it holds is made
        made = make()
        packed = io.BytesIO()
        np.savez(packed, allow_pickle=False, **dict(made))
        with disk_problems(folder):
            write_atomic(path, lambda p: _write_bytes(p, packed.getvalue()))
        return made

    return kept


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def write_design(
    found: Design, folder: str | Path, formats: Sequence[str] = ("html", "pdf")
) -> list[Path]:
    """Write `design.json`, the front as CSV, a case with the portfolios as policies, and the page.

    A brief of the same case in the folder takes the chapter in. Unfinished work is removed.
    """
    from openchannel.usecases.building.design import FILE
    from openchannel.usecases.plain import write_data, write_text
    from openchannel.usecases.runs.brief import rewrite_brief, write_page

    place = Path(folder)
    files = [
        *write_page(found.page(), place, "design", formats),
        write_data(place / FILE, found.data),
        write_text(place / "front.csv", _front(found.data)),
    ]
    case = place / f"{found.case.id}-design"
    files += [write_text(case / name, text) for name, text in _case_files(found).items()]
    shutil.rmtree(place / _PARTS, ignore_errors=True)
    return [*files, *rewrite_brief(place, found.case.fingerprint)]


def _front(data: Mapping[str, Any]) -> str:
    """One row a portfolio: limits, levers, cadences, outcomes with errors."""
    rows = []
    for one in data["portfolios"]:
        row: dict[str, Any] = {"id": one["id"], "reasons": "; ".join(one["reasons"])}
        row |= {k: one[k] for k in ("yearly_usd", "people", "undominated")}
        row |= {f"cadence_{k}": v for k, v in one["cadence"].items()}
        row |= {f"lever_{k}": v for k, v in one["levers"].items()}
        for name, value in one["metrics"].items():
            row |= {name: value["mean"], f"{name}_mcse": value["mcse"]}
        for name, value in one["versus_baseline"].items():
            row |= {f"{name}_difference": value["mean"], f"{name}_difference_mcse": value["mcse"]}
        rows.append(row)
    fields = list(dict.fromkeys(k for row in rows for k in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fields, lineterminator="\n", restval=0)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _case_files(found: Design) -> dict[str, str]:
    """A case that extends the one asked about, with each portfolio as a policy of its own."""
    from openchannel.casefile.layers import builtin_cases

    case = found.case
    parent = case.id
    if parent not in builtin_cases():
        parent = str(Path(case.folder).resolve())
    texts = {
        "case.yaml": "# Portfolios found by `openchannel design`, as policies of the case.\n"
        f"id: {case.id}-design\nextends: {quoted(parent)}\n"
    }
    for one in found.data["portfolios"]:
        texts[f"policies/{one['id']}.yaml"] = _policy_text(one, found.data)
    return texts


def _policy_text(one: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    levers = one["levers"]
    cadence = ", ".join(f"{c}: {n:g}" for c, n in one["cadence"].items())
    bought = ", ".join(one["bought"]) or "nothing"
    limits = data["limits"]
    lines = [
        f"id: {one['id']}",
        f"title: {quoted(one['title'])}",
        f"short: {quoted(one['short'])}",
        f"summary: {quoted('Found by search; raised above the status quo: ' + bought + '.')}",
        f"cadence: {{{cadence}}}",
        "levers:",
        *(f"  {name}: {_plain(value)}" for name, value in levers.items()),
        "rules: {}",
        f"case_for: {quoted('Chosen for: ' + ', '.join(one['reasons']) + '.')}",
        "case_against: "
        + quoted(
            f"Nobody has argued for it: a search found it (seed {data['seed']}, "
            f"{limits['budget_usd']:,.0f} dollars a year)."
        ),
        "variant: false",
    ]
    return "\n".join(lines) + "\n"


def _plain(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}"
