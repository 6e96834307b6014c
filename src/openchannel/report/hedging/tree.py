"""The policy tree, now, at a shock or at a review, with the best branch heavy; and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openchannel.report.hedging.view import View, deaths
from openchannel.report.model import Column, Figure, Row, Table, words
from openchannel.report.numbers import short
from openchannel.report.theme import BLUE, GREY, INK, MUTED

__all__ = ["tree_figure"]

_WIDTH, _ROW = 570, 31
# Where the trunks of the tree stand, as shares of the width, and where it ends.
_FIRST, _SECOND, _END = 0.0, 0.36, 1.0
_LEAVES: Mapping[str, str] = {
    "hold": "Hold as it is",
    "shock": "Grow at the first shock",
    "review": "Grow when a review passes",
    "rules": "The same; end after failures",
}
_ZERO = "0"
Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One end of the tree: what is chosen today, what then, and what that gains."""

    today: str
    then: str
    value: str
    is_best: bool


def tree_figure(view: View, number: str) -> Figure:
    """The tree with its text version."""
    leaves = list(_leaves(view))
    said = "; ".join(f"{x.today}{', ' + x.then if x.then else ''}: {x.value}" for x in leaves)
    return Figure(
        number,
        f"What to do today and after: loss saved against {view.base}, in equivalent deaths",
        f"Policy tree. {said}. Best: {view.leaf(view.data['best'])}.",
        _spec(leaves),
        _text_version(number, leaves),
        prints_numbers=True,
    )


def _leaves(view: View) -> Iterator[_Leaf]:
    base = view.named(str(view.data["baseline"]))
    yield _Leaf(base, "", _ZERO, view.is_best("", ""))
    for target in view.targets:
        gain = view.gain({"policy": target, "branch": "now"})
        best = view.is_best(target, "now")
        yield _Leaf(f"{view.named(target)} now", "", _gain(gain), best)
    for start in view.starts:
        for branch, then in _LEAVES.items():
            gain = start["branches"][branch]["gain"]
            best = view.is_best(start["policy"], branch)
            yield _Leaf(_begun(view, start["policy"]), then, _gain(gain), best)


def _begun(view: View, policy: str) -> str:
    """A start by its name, told from the baseline where it is the same policy with a right."""
    name = view.named(policy)
    return f"{name}, with the right to grow" if policy == view.data["baseline"] else name


def _gain(data: Mapping[str, Any]) -> str:
    return short(deaths(data))


def _text_version(number: str, leaves: Sequence[_Leaf]) -> Table:
    """The tree as lines, each step set in; marks and weight show the best branch."""
    rows: list[Row] = [_row("Today", "", strong=False)]
    choices = list(dict.fromkeys(x.today for x in leaves))
    for choice in choices:
        own = [x for x in leaves if x.today == choice]
        arm = "└─" if choice == choices[-1] else "├─"
        best = any(x.is_best for x in own)
        if not own[0].then:
            rows.append(_row(f"{arm} {choice}", own[0].value, strong=best))
            continue
        rows.append(_row(f"{arm} {choice}", "", strong=best))
        trunk = "   " if choice == choices[-1] else "│  "
        for x in own:
            twig = "└─" if x is own[-1] else "├─"
            rows.append(_row(f"{trunk}{twig} {x.then}", x.value, strong=x.is_best))
    return Table(
        f"numbers-{number}",
        "The tree as text",
        (Column(words("Choice"), 2.4), Column(words("Loss saved"), 1.2, "right")),
        tuple(rows),
        words(f"{_heavy(leaves)} A value under two standard errors is not measurable; it stands "
              "with its error in hedge.json."),
        compact=True,
    )  # fmt: skip


def _heavy(leaves: Sequence[_Leaf]) -> str:
    """Why a branch is heavy: the baseline, the first leaf, is so where no other was confirmed."""
    if leaves[0].is_best:
        return (
            f"{leaves[0].today} is heavy because no branch that did best on half of the belief "
            "draws was confirmed on the others."
        )
    return "The heavy branch did best on half of the belief draws, confirmed on the others."


def _row(name: str, value: str, *, strong: bool) -> Row:
    # Spaces at the head of a line are kept only if they do not break.
    return Row((words(name.replace(" ", "\N{NO-BREAK SPACE}"), strong=strong),
                words(value, strong=strong)), strong=strong)  # fmt: skip


def _spec(leaves: Sequence[_Leaf]) -> Spec:
    """Right angles: a trunk, and a line a choice with its words above it."""
    x = {"field": "x", "scale": {"domain": [-0.02, 1.0]}}
    y = {"field": "y", "scale": {"domain": [len(leaves) - 0.4, -0.7]}}
    at = {k: {**v, "type": "quantitative", "axis": None} for k, v in (("x", x), ("y", y))}
    # The best branch is drawn last, so that it lies above the trunk that it shares.
    layers = [_lines(at, best=best) for best in (False, True)]
    layers += [_texts(at, align, best=b) for align in ("left", "right") for b in (False, True)]
    node = {"type": "point", "shape": "square", "filled": True, "size": 90, "opacity": 1}
    layers.append(_layer("node", {**node, "color": MUTED}, at))
    return {
        "width": _WIDTH,
        "height": _ROW * len(leaves),
        "data": {"values": list(_drawn(leaves))},
        "layer": layers,
    }


def _layer(kind: str, mark: Spec, encoding: Spec, *tests: str) -> Spec:
    """The marks of one kind that pass the tests."""
    filters = [{"filter": test} for test in (f"datum.kind == '{kind}'", *tests)]
    return {"transform": filters, "mark": mark, "encoding": encoding}


def _lines(at: Spec, *, best: bool) -> Spec:
    look = {"strokeWidth": 4, "color": BLUE} if best else {"strokeWidth": 1.3, "color": GREY}
    ends = {**at, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return _layer("line", {"type": "rule", "strokeCap": "square", **look}, ends, _is(best))


def _texts(at: Spec, align: str, *, best: bool) -> Spec:
    look = {"align": align, "dy": -9, "fontSize": 12, "color": INK}
    mark = {"type": "text", **look, "fontWeight": "bold" if best else "normal"}
    said = {**at, "text": {"field": "text", "type": "nominal"}}
    return _layer("text", mark, said, f"datum.align == '{align}'", _is(best))


def _is(best: bool) -> str:
    return "datum.best" if best else "!datum.best"


def _drawn(leaves: Sequence[_Leaf]) -> Iterator[Spec]:
    """Lines, words and nodes of the tree, in rows and shares of the width."""
    choices = list(dict.fromkeys(x.today for x in leaves))
    rows = {c: [i for i, x in enumerate(leaves) if x.today == c] for c in choices}
    middle = {c: sum(r) / len(r) for c, r in rows.items()}
    root = (len(leaves) - 1) / 2.0
    yield {"kind": "node", "x": _FIRST, "y": root, "best": False}
    for choice in choices:
        own = [leaves[i] for i in rows[choice]]
        best = any(x.is_best for x in own)
        at = middle[choice]
        is_leaf = not own[0].then
        yield _line(_FIRST, root, _FIRST, at, best)
        yield _line(_FIRST, at, _END if is_leaf else _SECOND, at, best)
        yield _words(_FIRST + 0.02, at, choice, "left", best)
        if is_leaf:
            yield _words(_END, at, own[0].value, "right", best)
            continue
        yield {"kind": "node", "x": _SECOND, "y": at, "best": False}
        for i, leaf in zip(rows[choice], own, strict=True):
            yield _line(_SECOND, at, _SECOND, i, leaf.is_best)
            yield _line(_SECOND, i, _END, i, leaf.is_best)
            yield _words(_SECOND + 0.02, i, leaf.then, "left", leaf.is_best)
            yield _words(_END, i, leaf.value, "right", leaf.is_best)


def _line(x: float, y: float, x2: float, y2: float, best: bool) -> Spec:
    return {"kind": "line", "x": x, "y": y, "x2": x2, "y2": y2, "best": best}


def _words(x: float, y: float, text: str, align: str, best: bool) -> Spec:
    return {"kind": "text", "x": x, "y": y, "text": text, "align": align, "best": best}
