"""Texts that are no YAML, or YAML that means two things."""

from __future__ import annotations

from fault_table.fault import CASE, FB, GAMMA, V2, edit

SYNTAX = (
    edit(
        "repeated key",
        f"{GAMMA}:4:1",
        GAMMA,
        "bounds:",
        "value: 0.3\nbounds:",
        "`value` is repeated",
        "line 3",
        "delete one",
    ),
    edit(
        "repeated element", f"{FB}:4:35", FB, "3: 0.14, 4", "3: 0.14, 3: 0.2, 4", "`3` is repeated"
    ),
    edit("not a number", f"{GAMMA}:3:8", GAMMA, "0.22", ".nan", "`.nan` is not a finite number"),
    edit("infinite", f"{GAMMA}:4:14", GAMMA, "3]", ".inf]", "`.inf` is not a finite number"),
    edit("overflow", f"{GAMMA}:3:8", GAMMA, "0.22", "1e999", "`1e999` is not a finite number"),
    edit("tag", f"{GAMMA}:3:8", GAMMA, "0.22", "!!float 0.22", "tag", "quotes make a text"),
    edit("unknown alias", f"{GAMMA}:3:8", GAMMA, "0.22", "*gamma", "`*gamma`", "anchor"),
    edit(
        "two documents",
        f"{V2}:6:1",
        V2,
        "effects: true\n",
        "effects: true\n---\n",
        "second document",
    ),
    edit("unquoted colon", f"{V2}:2:12", V2, "Ties do", "Ties: do", "a colon", "in quotes"),
    edit("unclosed quote", f"{V2}:6:1", V2, "Ties do", '"Ties do', "ends too early", "line 2"),
    edit("indentation", f"{CASE}:13:2", CASE, "  inaugurations", " inaugurations", "indentation"),
    edit("missing comma", f"{FB}:4:17", FB, "0.8, 2", "0.8 2", "a comma"),
    edit("deep nesting", f"{GAMMA}:3:31", GAMMA, "0.22", "[" * 30 + "]" * 30, "24 levels"),
)
