"""The files of what history says: page, values, the event study, and a case with the posteriors."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.usecases.plain import write_data, write_text
from openchannel.usecases.runs.files import FILES

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.usecases.history.study import HistoryFindings

__all__ = ["measured_case", "write_history"]

_BIN_COLUMNS = ("label", "first", "last", "is_lead", "ratio", "low", "high")
#: Posteriors that a case may take as they are; multipliers of campaigns are compared alone.
_TAKEN = ("lam0", "n_H", "h_H")


def write_history(
    found: HistoryFindings, folder: str | Path, formats: Sequence[str] = ("html", "pdf")
) -> list[Path]:
    """Write the page, `history.json`, `event-study.csv`, and a case that takes the posteriors.

    The case is written only where the sampler passed its checks.
    """
    from openchannel.usecases.runs.brief import write_page

    place = Path(folder)
    files = [
        *write_page(found.page(), place, "history", formats),
        write_data(place / FILES["history"], found.as_dict()),
        write_text(place / "event-study.csv", _event_study(found.data)),
    ]
    if found.data["diagnostics"]["passes"]:
        texts = measured_case(found.case, found.data)
        files += [write_text(place / name, text) for name, text in texts.items()]
    return files


def _event_study(data: Mapping[str, Any]) -> str:
    told = io.StringIO(newline="")
    rows = csv.writer(told, lineterminator="\n")
    rows.writerow(("severity", *_BIN_COLUMNS))
    for study in data["studies"]:
        rows.writerows([study["tier"], *(b[c] for c in _BIN_COLUMNS)] for b in study["bins"])
    return told.getvalue()


def measured_case(case: Case, data: Mapping[str, Any]) -> dict[str, str]:
    """A case that extends another and takes from the record what is graded A: text by file."""
    name = f"{case.id}-measured"
    parent = (
        case.id if "cases" in Path(case.folder).parts[-2:] else str(Path(case.folder).resolve())
    )
    texts = {
        f"{name}/case.yaml": (
            "# Written by `openchannel calibrate --history -o`: rates, self-excitation and\n"
            "# severities as the record gives them. No effect of ties is touched.\n"
            f"id: {name}\nextends: {parent}\n"
        )
    }
    end = data["evidence"]["end"]
    for p in data["posteriors"]:
        if p["key"] in _TAKEN:
            low, high = min(p["least"], p["low"]), max(p["most"], p["high"])
            law = f"{{pert: [{low:.4g}, {high:.4g}]}}"
            texts[_file(case, name, p["key"])] = _parameter(
                case,
                p["key"],
                f"{p['mean']:.4g}",
                law,
                f"Posterior of the record to {end}: "
                f"{p['note']}. The ends are those of the middle 99 % of draws.",
            )
    shares = data["severities"][0]
    texts[_file(case, name, "p_sev")] = _parameter(
        case,
        "p_sev",
        _mapping(dict(zip((2, 3, 4, 5), _rounded(shares["mean"]), strict=True))),
        f"{{dirichlet: {{concentration: {shares['concentration']:g}}}}}",
        f"Posterior of the record to {end} from a flat prior and {sum(shares['counts'])} events.",
    )
    texts[_file(case, name, "q_on")] = _onsets(case, data["onset_factor"])
    return texts


def _rounded(shares: Sequence[float]) -> list[float]:
    """Shares to four digits that still sum to one."""
    cut = [round(s, 4) for s in shares[:-1]]
    return [*cut, round(1.0 - sum(cut), 4)]


def _onsets(case: Case, factor: float) -> str:
    parameter = case.parameters["q_on"]
    values = {
        e: round(v * factor, 6) for e, v in zip(parameter.elements, parameter.values, strict=True)
    }
    return _parameter(
        case,
        "q_on",
        _mapping(values),
        "{times: {log_uniform: [0.4, 2.5]}}",
        f"The values of {case.id} times {factor:.4g}, so that expected onsets at tension 0 stay as "
        "they are under the rate and the severities of this record.",
    )


def _mapping(values: Mapping[Any, float]) -> str:
    return "{" + ", ".join(f"{k}: {v:g}" for k, v in values.items()) + "}"


def _file(case: Case, name: str, key: str) -> str:
    return f"{name}/parameters/{case.parameters[key].module}/{key}.yaml"


def _parameter(case: Case, key: str, value: str, law: str, reasoning: str) -> str:
    """One parameter file: the parent's words, the record's number."""
    p = case.parameters[key]
    low, high = p.bounds
    lines = [f"label: {p.label}", f"unit: {p.unit}"]
    lines += [f"index: {p.index}"] if p.index else []
    lines += [
        f"value: {value}",
        f"bounds: [{low:g}, {high:g}]",
        f"range: {law}",
        f"grade: {p.grade}",
    ]
    if p.risk_factor:
        lines.append("risk_factor: true")
    lines += [
        "references:",
        "  - source: EV_provocations",
        "    reason: posterior of the count models of this record",
        "reasoning: >",
        f"  {reasoning}",
    ]
    return "\n".join(lines) + "\n"
