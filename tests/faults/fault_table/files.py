"""Files that are missing, stray, or no text."""

from __future__ import annotations

from fault_table.fault import BIB, CASE, LEDGER, R0, RHO, V2, add, edit

FILES = (
    add("empty file", f"{V2}:1:1", V2, b"", "the file is empty"),
    add("only comments", f"{V2}:1:1", V2, b"# nothing\n", "the file is empty"),
    edit(
        "cut off",
        f"{RHO}:4:21",
        RHO,
        "OFF: 0.9}\nbounds: [0, 0.95]\nrange: {times: {uniform: "
        "[0.5, 1.2]}}\ngrade: B\nreferences:\n  - {source: Ash20, reason: counted answers}\n",
        "OF",
        "ends too early",
        "line 4",
    ),
    add("binary", f"{V2}:1:4", V2, b"id:\x00\x01\x02", "NUL byte", "text file"),
    add("latin 1", f"{V2}:2:10", V2, b"id: V2\ntitle: Eg\xe9e\n", "byte 16 (0xE9)", "UTF-8"),
    add("utf 16", f"{V2}:1:1", V2, "id: V2\n".encode("utf-16"), "UTF-16", "save the file as UTF-8"),
    add("huge", V2, V2, b"# " + b"x" * (1 << 20), "1,048,578 bytes", "at most 1,048,576"),
    add("escape character", f"{V2}:1:5", V2, b"id: \x1bV2\n", "control character 0x1b"),
    edit("tab", f"{R0}:5:1", R0, "bounds:", "\tbounds:", "a tab", "spaces"),
    add("case file missing", CASE, CASE, None, "no case.yaml", "openchannel new"),
    add("bibliography missing", BIB, BIB, None, "does not exist"),
    add("ledger missing", LEDGER, LEDGER, None, "does not exist"),
    add("wrong suffix", "worlds/V3.yml", "worlds/V3.yml", b"id: V3\n", "not be read", "V3.yaml"),
    add("unknown module", "parameters/tie", "parameters/tie/x.yaml", b"", "parameters/ties"),
    add("stray file", "world.yaml", "world.yaml", b"", "not be read", "worlds"),
    add(
        "bad key name",
        "parameters/ties/2x.yaml:1:1",
        "parameters/ties/2x.yaml",
        b"label: x\nunit: x\nvalue: 1\nbounds: [0, 2]\ngrade: C\nreasoning: x\n",
        "`2x` cannot be the key",
        "a letter",
    ),
    add(
        "key in two modules",
        "parameters/ties/price.yaml:1:1",
        "parameters/ties/price.yaml",
        b"label: x\nunit: x\nvalue: 1\nbounds: [0, 2]\ngrade: C\nreasoning: x\n",
        "`price` is taken",
        "each key in one module",
    ),
    add(
        "flattened names collide",
        "parameters/ties/fb1.yaml:1:1",
        "parameters/ties/fb1.yaml",
        b"label: x\nunit: x\nvalue: 1\nbounds: [0, 2]\ngrade: C\nreasoning: x\n",
        "the name `fb1` would belong to `fb` as well",
    ),
)
