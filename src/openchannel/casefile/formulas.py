"""Formulas of the case files: `p_sev4 + p_sev5`, `rho.NYC * psi0`, `lam_leth * exp(0.1 * beta_on)`.

Small on purpose: numbers, names, `+ - * /`, brackets and `exp`. Nothing is evaluated here, and
nothing of Python but its grammar is used.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator

from openchannel.casefile.words import nearest
from openchannel.domain import Formula

__all__ = ["FormulaError", "parse_formula"]

_MOST_SIGNS = 500
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class FormulaError(ValueError):
    """A text that is no formula: what is wrong, and how to mend it."""

    def __init__(self, wrong: str, mend: str) -> None:
        super().__init__(wrong)
        self.mend = mend


def parse_formula(text: str, known: Collection[str]) -> Formula:
    """The formula of a text over known names.

    Raises
    ------
    FormulaError
        With the first thing that is wrong, and the nearest known name where a name is not known.

    Examples
    --------
    >>> parse_formula("2 * (a - b.NYC)", ["a", "b.NYC"]).steps
    (2.0, 'a', 'b.NYC', '-', '*')
    """
    if len(text) > _MOST_SIGNS:
        raise FormulaError(f"the formula has {len(text)} signs", f"use at most {_MOST_SIGNS}")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(f"`{text}` is no formula", "check signs and brackets") from None
    names: dict[str, None] = {}

    def name_of(name: str) -> str:
        if name not in known:
            near = nearest(name, known)
            raise FormulaError(
                f"`{name}` is no number of the case",
                f"write {near[0]}" if near else "write a number in its place",
            )
        names[name] = None
        return name

    steps = tuple(_steps(tree.body, name_of))
    return Formula(" ".join(text.split()), tuple(names), steps)


def _steps(node: ast.expr, name_of: Callable[[str], str]) -> Iterator[float | str]:
    """What a stack does, operands first."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            yield float(value)
        case ast.Name(id=name):
            yield name_of(name)
        case ast.Attribute(value=ast.Name(id=key), attr=element):
            yield name_of(f"{key}.{element}")
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            yield from _steps(left, name_of)
            yield from _steps(right, name_of)
            yield _SIGNS[type(sign)]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            yield from _steps(inner, name_of)
            yield "neg"
        case ast.Call(func=ast.Name(id="exp"), args=[inner], keywords=[]):
            yield from _steps(inner, name_of)
            yield "exp"
        case _:
            raise FormulaError(
                f"`{ast.unparse(node)}` cannot stand in a formula",
                "use numbers, names, + - * /, brackets and exp()",
            )
