"""What a run's folder holds of further questions, as a page shows it: believe, ledger, red team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from openchannel.report.numbers import difference, measured, plain
from openchannel.usecases.belief.rows import belief_rows
from openchannel.usecases.json_text import read_mapping
from openchannel.usecases.runs.files import FILES

if TYPE_CHECKING:
    from openchannel.domain import Case
    from openchannel.report.box_plot import Box, BoxPlot
    from openchannel.report.model import Figure, Section
    from openchannel.usecases.runs.finished_run import Run

__all__ = ["Argued", "Side", "argued", "box_address", "ledger_refused"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the red team: what it would take, in words, and where to try it.

    address : the page of beliefs with these beliefs; empty where none were found
    """

    title: str
    words: tuple[str, ...]
    beliefs: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Argued:
    """Everything that was asked about a run besides the run itself.

    believe, ledger : parts of a page, empty where it was not asked
    boxes : a curve for each search, to pick from ; curves : the same as charts
    sides : of the red team
    believe_made, ledger_made : the settings that they were found with
    ledger_refused : why the command line cannot find the same ledger; empty where it can
    """

    believe: tuple[Section, ...] = ()
    boxes: tuple[BoxPlot, ...] = ()
    curves: tuple[Figure, ...] = ()
    ledger: tuple[Section, ...] = ()
    sides: tuple[Side, ...] = ()
    policy: str = ""
    believe_made: Mapping[str, Any] | None = None
    ledger_made: Mapping[str, Any] | None = None
    ledger_refused: str = ""

    def figure(self, name: str) -> Figure | None:
        """A chart of one of the parts by its id."""
        from openchannel.report.model import Figure

        blocks = (b for s in (*self.believe, *self.ledger) for b in s.blocks)
        figures = (*self.curves, *(b for b in blocks if isinstance(b, Figure)))
        return next((f for f in figures if f.id == name), None)


def argued(run: Run) -> Argued:
    """What lies in the folder of a run; what is about another run or case is left out."""
    from openchannel.usecases.runs.brief import findings_of

    findings = findings_of(run, with_record=False)
    made = Argued()
    if findings.believe is not None:
        from openchannel.report.belief.figures import curve_figure
        from openchannel.report.belief.page import believe_sections
        from openchannel.report.belief.view import View
        from openchannel.report.box_plot import box_plots

        data = findings.believe
        view = View(findings, data)
        plots = tuple(box_plots(view))
        first, *others = (_without_curves(s) for s in believe_sections(findings, data))
        # The picture of the chapter stands in the part after it, larger.
        words = tuple(b for b in first.blocks if b.kind != "figure")
        sections = [replace(first, blocks=words), *others]
        made = replace(
            made,
            believe=tuple(s for s in sections if s.blocks),
            boxes=plots,
            curves=tuple(curve_figure(view, which) for which in range(len(plots))),
            policy=str(data["policy"]),
            believe_made={
                "policy": str(data["policy"]),
                "futures": int(data["sizes"]["known"]) // 2,
                "seed": int(data["seed"]),
            },
        )
    if findings.claims is not None:
        from openchannel.report.pages.ledger import ledger_page

        table = findings.claims
        made = replace(
            made,
            ledger=ledger_page(run.case, table).sections,
            ledger_made=_ledger_settings(table),
            ledger_refused=ledger_refused(run.manifest),
        )
    return replace(made, sides=tuple(_sides(run)))


def box_address(case: Case, box: Box, policy: str) -> str:
    """The page of beliefs as somebody has it who believes what a box says.

    A limit cuts the default range of its belief; limits on common factors have no row there.
    """
    rows = {r.id: r for r in belief_rows(case)}
    moved = {}
    for name, low, high, _ in box.limits:
        row = rows.get(name)
        if row is None:
            continue
        lowest = row.low if low is None else max(low, row.low)
        highest = row.high if high is None else min(high, row.high)
        if lowest > highest:  # the box lies beyond nine tenths of the default
            lowest, highest = (row.axis.low, highest) if low is None else (lowest, row.axis.high)
        if (lowest, highest) != (row.low, row.high):  # a limit outside it cuts nothing
            moved[name] = (min(lowest, highest), max(lowest, highest))
    return _address(moved, policy) if moved else ""


def _ledger_settings(table: Mapping[str, Any]) -> dict[str, Any]:
    """What `ledger` was asked besides the case: sizes, beliefs, policy, and an overlay if any."""
    numbers = {key: int(table[key]) for key in ("futures", "seed")}
    words = {key: str(table[key]) for key in ("beliefs", "policy", "overlay") if table[key]}
    return numbers | words


def ledger_refused(manifest: Mapping[str, Any]) -> str:
    """Why `openchannel ledger` cannot be asked for the case as this run has it."""
    from openchannel.usecases.cases import load

    reasons = []
    if manifest.get("own_policy"):
        reasons.append("a policy of its own")
    baseline = str(manifest.get("baseline") or "")
    if baseline and baseline != load(str(manifest["case_source"])).baseline:
        reasons.append("another baseline than the case")
    if not reasons:
        return ""
    return (
        f"This run has {' and '.join(reasons)}, which the command `openchannel ledger` cannot be "
        "told. Ask from Python."
    )


def _without_curves(section: Section) -> Section:
    """A part without the pictures of boxes, for which a page has its own."""
    kept = tuple(b for b in section.blocks if not getattr(b, "id", "").startswith("figure-boxes"))
    return replace(section, blocks=kept)


def _sides(run: Run) -> list[Side]:
    if run.folder is None:
        return []
    data = read_mapping(run.folder / FILES["redteam"])
    same = ("case_fingerprint", "code", "overlay")
    if not data or any(data.get(k) != run.manifest.get(k) for k in same):
        return []
    return [_side(run.case, data, side) for side in data["sides"].values()]


def _side(case: Case, data: Mapping[str, Any], side: Mapping[str, Any]) -> Side:
    names = {p.id: p.short for p in case.policies}
    policy, rivals = names[side["policy"]], [names[r] for r in side["rivals"]]
    beaten = " and ".join(f"“{r}”" for r in rivals)
    margin = plain(100.0 * float(data["margin"]))
    if side["holds_at_defaults"]:
        wider = plain(100.0 * float(side["target"]))
        more = f" With these beliefs it does so by {wider} %." if side["found"] else ""
        head = f"“{policy}” beats {beaten} at the defaults of the case already.{more}"
    elif not side["found"]:
        head = f"No beliefs were found under which “{policy}” beats {beaten} by {margin} %."
    else:
        n = len(side["beliefs"])
        tested = (
            "Fresh futures bear it out" if side["confirmed"] else "Fresh futures do not bear it out"
        )
        head = (
            f"“{policy}” beats {beaten} by {margin} % once {n} "
            f"{'belief is' if n == 1 else 'beliefs are'} moved. {tested}."
        )
    war = [
        f"Chance of war against “{names[r]}”: {difference(measured(m), 'points')}."
        for r, m in side["p_war"].items()
    ]
    return Side(
        str(side["title"]),
        (head, *(war if side["found"] else ())),
        tuple(_belief(b) for b in side["beliefs"]),
        _address(
            {b["quantity"]: (b["value"], b["value"]) for b in side["beliefs"]}, side["policy"]
        ) if side["beliefs"] else "",
    )  # fmt: skip


def _belief(belief: Mapping[str, Any]) -> str:
    of = f" ({', '.join(belief['elements'])})" if 0 < len(belief["elements"]) <= 3 else ""
    return (
        f"“{belief['label']}”{of}: {plain(belief['value'])} instead of {plain(belief['default'])}, "
        f"in a range from {plain(belief['low'])} to {plain(belief['high'])}"
    )


def _address(moved: Mapping[str, Sequence[float]], policy: str) -> str:
    pairs = [
        (f"{name}.{end}", f"{value:.4g}")
        for name, ends in moved.items()
        for end, value in zip(("low", "high"), ends, strict=True)
    ]
    return "/beliefs?" + urlencode([("policy", policy), *pairs])
