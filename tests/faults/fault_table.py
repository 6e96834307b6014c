"""One mistake a line: what is changed in the case `tiny`, and what must be said about it, and where.

`edits` replace one piece of text of a file; `adds` are whole files (None deletes one).
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["FAULTS", "Fault"]

CASE = "case.yaml"
RHO = "parameters/ties/rho.yaml"
R0 = "parameters/ties/R0.yaml"
FB = "parameters/crisis/fb.yaml"
GAMMA = "parameters/tension/gamma.yaml"
PRICE = "parameters/cost/price.yaml"
V1, V2 = "worlds/V1.yaml", "worlds/V2.yaml"
N0, N1, N2 = "policies/N0.yaml", "policies/N1.yaml", "policies/N2.yaml"
FAIR = "overlays/fair.yaml"
LEDGER = "propositions.yaml"
BIB = "sources.bib"


@dataclass(frozen=True)
class Fault:
    """One mistake; `where` is `file:line:column`, `words` all stand in the message."""

    name: str
    where: str
    words: tuple[str, ...]
    edits: tuple[tuple[str, str, str], ...] = ()
    adds: dict[str, bytes | None] = field(default_factory=dict)


def edit(name: str, where: str, file: str, old: str, new: str, *words: str) -> Fault:
    return Fault(name, where, words, edits=((file, old, new),))


def add(name: str, where: str, file: str, content: bytes | None, *words: str) -> Fault:
    return Fault(name, where, words, adds={file: content})


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

FORMS = (
    add("world of one word", f"{V2}:1:1", V2, b"word\n", "`word` is not a mapping"),
    add("ledger as a mapping", f"{LEDGER}:1:1", LEDGER, b"B1: {kind: benefit}\n", "not a list"),
    edit(
        "missing field",
        f"{GAMMA}:1:1",
        GAMMA,
        "unit: log-rate\n",
        "",
        "the field `unit` is missing",
        "add `unit:",
    ),
    edit(
        "misspelt field",
        f"{GAMMA}:4:1",
        GAMMA,
        "bounds: [-2, 3]",
        "bound: [-2, 3]\nbounds: [-2, 3]",
        "no field `bound`",
        "the fields bounds,",
        "write `bounds`",
    ),
    edit(
        "number as text",
        f"{GAMMA}:3:8",
        GAMMA,
        "0.22",
        '"0.22"',
        "`0.22` is not a number",
        "write `value: 0.3`",
    ),
    edit(
        "text as number",
        f"{V2}:2:8",
        V2,
        "Ties do not matter",
        "2018",
        "`2018` is not a text",
        "in quotes",
    ),
    edit("yes for true", f"{V2}:5:19", V2, "true", "yes", "`yes` is not true or false"),
    edit("capital true", f"{V2}:5:19", V2, "true", "True", "`True` is not true or false"),
    edit("field left empty", f"{V2}:2:1", V2, " Ties do not matter", "", "nothing stands here"),
    edit("empty text", f"{V2}:2:8", V2, "Ties do not matter", '" "', "the text is empty"),
    edit("unknown grade", f"{GAMMA}:6:8", GAMMA, "grade: C", "grade: D", "`D`", "A, B or C"),
    edit("unknown index", f"{FB}:3:8", FB, "index: rung", "index: rungs", "`rungs`", "severity"),
    edit(
        "bounds of three",
        f"{GAMMA}:4:9",
        GAMMA,
        "[-2, 3]",
        "[-2, 0, 3]",
        "3 entries",
        "[low, high]",
    ),
    edit("not a list", f"{N0}:22:8", N0, "[R1, slow answers]", "R1", "`R1` is not a list"),
    edit("not a mapping", f"{N0}:21:8", N0, "{}", "none", "is not a mapping"),
    edit(
        "short name too long",
        f"{N0}:3:8",
        N0,
        "short: Status quo",
        "short: Status quo since the year of 2021",
        "33 characters, 5 too many",
        "at most 28 characters",
    ),
    edit(
        "share above one",
        f"{N0}:9:12",
        N0,
        "persist: 0.35",
        "persist: 35",
        "`35` is out of",
        "from 0 to 1",
    ),
    edit("suspension at 3", f"{N0}:7:24", N0, "none", "3", "`3`", "4, 5 or none"),
    edit(
        "negative cadence",
        f"{N0}:5:16",
        N0,
        "0.1, O",
        "-1, O",
        "`-1` is out of bounds",
        "contacts a year",
    ),
    edit("slot too large", f"{CASE}:8:15", CASE, "slot: 0", "slot: 64", "`64` is out", "0 to 63"),
    edit("whole number", f"{CASE}:8:15", CASE, "slot: 0", "slot: 0.5", "`0.5` is not a whole"),
    edit("horizon too short", f"{CASE}:12:18", CASE, "520", "51", "`51` is out", "52 to 1560"),
    edit("tie effect sign", f"{GAMMA}:7:29", GAMMA, "sign: 1", "sign: 2", "`2`", "1, 0 or -1"),
    edit("channel id", f"{CASE}:8:3", CASE, "  TOP:", "  1TOP:", "`1TOP` is not an id"),
    edit(
        "bad case id",
        f"{CASE}:1:5",
        CASE,
        "id: tiny",
        "id: tiny case",
        "`tiny case`",
        "letters, digits and hyphens",
    ),
)

PARAMETERS = (
    edit(
        "value out of bounds",
        f"{GAMMA}:3:8",
        GAMMA,
        "value: 0.22",
        "value: 22",
        "22 is out of bounds",
        "from -2 to 3",
    ),
    edit("element out of bounds", f"{R0}:4:12", R0, "0: 0.55", "0: 1.55", "1.55 is out of bounds"),
    edit(
        "value outside its range",
        f"{GAMMA}:5:15",
        GAMMA,
        "0.90]",
        "0.10]",
        "the value 0.22 is not within the range",
        "contains 0.22",
    ),
    edit(
        "reversed range",
        f"{GAMMA}:5:15",
        GAMMA,
        "[-0.15, 0.90]",
        "[0.90, -0.15]",
        "the ends are reversed",
        "write `[-0.15, 0.9]`",
    ),
    edit(
        "range of no width",
        f"{GAMMA}:5:15",
        GAMMA,
        "[-0.15, 0.90]",
        "[0.22, 0.22]",
        "the two ends are equal",
    ),
    edit("reversed bounds", f"{GAMMA}:4:9", GAMMA, "[-2, 3]", "[3, -2]", "bounds are reversed"),
    edit(
        "range beyond bounds",
        f"{GAMMA}:5:15",
        GAMMA,
        "0.90]",
        "9]",
        "-0.15 to 9 reaches beyond the bounds",
        "from -2 to 3",
    ),
    edit(
        "mode outside",
        f"{GAMMA}:5:15",
        GAMMA,
        "[-0.15, 0.90]",
        "[-0.15, 1.5, 0.90]",
        "the mode 1.5 is not within the range",
    ),
    edit(
        "log-uniform from zero",
        f"{FB}:8:39",
        FB,
        "[0.3, 3]",
        "[0, 3]",
        "cannot begin at 0",
        "above 0",
    ),
    edit("multiplier without one", f"{RHO}:6:26", RHO, "[0.5, 1.2]", "[1.1, 1.2]", "leaves out 1"),
    edit(
        "multiplier without mode",
        f"{RHO}:6:23",
        RHO,
        "uniform:",
        "pert:",
        "the mode is not",
        "[low, mode, high]",
    ),
    edit(
        "two laws",
        f"{GAMMA}:5:8",
        GAMMA,
        "0.90]}",
        "0.90], uniform: [0, 1]}",
        "2 laws are given: pert, uniform",
    ),
    edit("no law", f"{GAMMA}:5:8", GAMMA, "{pert: [-0.15, 0.90]}", "{each: true}", "no law"),
    edit("unknown law", f"{GAMMA}:5:9", GAMMA, "{pert:", "{normal:", "no field `normal`"),
    edit(
        "negative sigma",
        f"{GAMMA}:5:39",
        GAMMA,
        "{pert: [-0.15, 0.90]}",
        "{lognormal: {median: 1, sigma: -1}}",
        "`-1` is out of bounds",
        "above 0",
    ),
    edit(
        "weights of a law",
        f"{PRICE}:5:51",
        PRICE,
        "[0.25, 0.5, 0.25]",
        "[0.25, 0.5, 0.35]",
        "the sum 1.1",
        "the sum 1",
    ),
    edit("a weight is missing", f"{PRICE}:5:19", PRICE, ", 0.25]", "]", "3 values have 2 weights"),
    edit("value of a law twice", f"{PRICE}:5:28", PRICE, "13, 20]", "13, 13]", "repeated"),
    edit("shares without sum 1", f"{R0}:6:20", R0, "0.07", "0.17", "their sum is 1.1"),
    edit(
        "one draw for unlike elements",
        f"{FB}:7:24",
        FB,
        "{of: [1], ",
        "{of: [1, 2], ",
        "1: 0.8, 2: 0.22",
        "each: true",
    ),
    edit(
        "two ranges for one element",
        f"{FB}:8:5",
        FB,
        "of: [3, 4]",
        "of: [1, 4]",
        "element 1 is drawn by 2 ranges",
    ),
    edit(
        "range of an unknown element",
        f"{FB}:8:14",
        FB,
        "of: [3, 4]",
        "of: [3, 5]",
        "no element `5`",
        "one of 1, 2, 3, 4",
    ),
    edit("element missing", f"{R0}:4:1", R0, ", 2: 0.07", "", "no number is given for 2"),
    edit("gap in the rungs", f"{FB}:4:1", FB, "2: 0.22, ", "", "no number is given for 2"),
    edit(
        "unknown element",
        f"{RHO}:4:29",
        RHO,
        "OFF: 0.9}",
        "OFF: 0.9, OFE: 1}",
        "`OFE` is no element",
        "one of OFF, TOP",
    ),
    edit(
        "number for an index",
        f"{RHO}:4:8",
        RHO,
        "{TOP: 0.5, OFF: 0.9}",
        "0.5",
        "the index is channel",
    ),
    edit("mapping without index", f"{R0}:3:8", R0, "index: receptivity\n", "", "no `index`"),
    edit(
        "risk factor of no element",
        f"{FB}:10:18",
        FB,
        "risk_factor: [3, 4]",
        "risk_factor: [3, 7]",
        "no element `7`",
    ),
    edit("null out of bounds", f"{GAMMA}:7:20", GAMMA, "null: 0", "null: 9", "9 is out of bounds"),
    edit(
        "unknown source",
        f"{GAMMA}:9:14",
        GAMMA,
        "Ash20",
        "Ash21",
        "no source `Ash21`",
        "one of Ash20, Birch21",
        "add the entry",
    ),
    edit(
        "grade without reference",
        f"{RHO}:7:8",
        RHO,
        "references:\n  - {source: Ash20, reason: counted answers}\n",
        "",
        "grade B without",
    ),
    edit(
        "number from nowhere",
        f"{PRICE}:6:8",
        PRICE,
        "reasoning: Judged.\n",
        "",
        "neither a reference nor a reasoning",
    ),
)

REFERENCES = (
    edit(
        "override of an unknown parameter",
        f"{V1}:6:3",
        V1,
        "gamma",
        "gama",
        "no parameter `gama`",
        "one of gamma,",
    ),
    edit(
        "override of a flattened name",
        f"{V1}:6:3",
        V1,
        "gamma",
        "fb3",
        "one element",
        "write `fb: {of: [3], set: ...}`",
    ),
    edit("override of an unknown element", f"{V1}:7:14", V1, "OFF", "OFT", "no element `OFT`"),
    edit("override set and times", f"{V1}:7:8", V1, "times: 0.5", "times: 0.5, set: 0.1", "both"),
    edit("override without change", f"{V1}:7:8", V1, ", times: 0.5", "", "nothing says how"),
    edit("override out of bounds", f"{V1}:6:10", V1, "0.6", "6", "6 is out of bounds"),
    edit(
        "override twice",
        f"{V1}:9:7",
        V1,
        "{of: [OFF], times: 0.5}",
        "\n    - 0.5\n    - {of: [OFF], times: 0.5}",
        "changed twice",
    ),
    edit(
        "weights of worlds",
        f"{V1}:4:9",
        V1,
        "weight: 0.5",
        "weight: 0.6",
        "the sum 1.1",
        "0.6 (V1) + 0.5 (V2)",
    ),
    edit("world id", f"{V1}:1:5", V1, "id: V1", "id: V9", "`V9` is not the name", "`V1`"),
    edit("case id", f"{CASE}:1:5", CASE, "id: tiny", "id: small", "the folder, `tiny`"),
    edit(
        "slot taken",
        f"{CASE}:9:15",
        CASE,
        "slot: 1",
        "slot: 0",
        "belongs to channel TOP",
        "`slot: 1`",
    ),
    edit(
        "unknown baseline",
        f"{CASE}:15:11",
        CASE,
        "baseline: N0",
        "baseline: N",
        "no policy `N`",
        "one of N0, N1, N2",
    ),
    edit(
        "unknown weight",
        f"{CASE}:21:3",
        CASE,
        "programme_cost",
        "program_cost",
        "no metric `program_cost`",
        "one of programme_cost,",
    ),
    edit(
        "cadence of an unknown channel",
        f"{N0}:5:21",
        N0,
        "OFF: 6",
        "OF: 6",
        "no channel `OF`",
        "one of OFF",
    ),
    edit("rule to an unknown policy", f"{N2}:22:19", N2, "to: N1", "to: N3", "no policy `N3`"),
    edit("rule to itself", f"{N2}:22:19", N2, "to: N1", "to: N2", "leads to itself"),
    edit(
        "rules that part",
        f"{N2}:23:18",
        N2,
        "  exit:",
        "  scale_up: {to: N0}\n  exit:",
        "different policies",
    ),
    edit("unknown ledger line", f"{N0}:22:9", N0, "[R1,", "[R2,", "no ledger line `R2`"),
    edit("overlay on an unknown policy", f"{FAIR}:4:14", FAIR, "[N1]", "[N4]", "no policy `N4`"),
    edit("overlay on an unknown channel", f"{FAIR}:7:21", FAIR, "[OFF]", "[OFI]", "channel `OFI`"),
    edit(
        "unknown metric",
        f"{LEDGER}:6:36",
        LEDGER,
        "p_war",
        "p_wars",
        "no metric `p_wars`",
        "one of p_war,",
    ),
    edit(
        "ledger id twice",
        f"{LEDGER}:18:8",
        LEDGER,
        "answers always.\n",
        "answers always.\n- {id: R1, kind: risk, claim: x, mechanism: x, size_evidence: C}\n",
        "`R1` is taken",
        "line 10",
    ),
    edit(
        "ledger id of the other kind",
        f"{LEDGER}:1:7",
        LEDGER,
        "id: B1",
        "id: R3",
        "not the id of a benefit",
    ),
    edit(
        "unknown parent",
        f"{CASE}:2:10",
        CASE,
        "id: tiny",
        "id: tiny\nextends: korrea",
        "no case `korrea`",
        "korea",
    ),
    edit(
        "parent of itself",
        f"{CASE}:2:10",
        CASE,
        "id: tiny",
        "id: tiny\nextends: ../tiny",
        "in a circle",
    ),
)

CALENDAR = (
    edit(
        "no such day", f"{CASE}:11:10", CASE, "2027-01-04", "2027-02-30", "not a day", "2027-01-04"
    ),
    edit("year out of bounds", f"{CASE}:11:10", CASE, "2027-01-04", "1492-01-04", "year 1492"),
    edit(
        "date unlike a date",
        f"{CASE}:11:10",
        CASE,
        '"2027-01-04"',
        "4 January 2027",
        "`4 January 2027` does not fit",
        "year-month-day",
    ),
    edit("inauguration by half", f"{CASE}:13:18", CASE, ', first: "2029-01-20"', "", "by half"),
    edit(
        "inaugurations in two ways",
        f"{CASE}:13:18",
        CASE,
        "every_years: 4",
        "every_years: 4, weeks: [106]",
        "two ways",
    ),
    edit(
        "weeks out of order",
        f"{CASE}:13:32",
        CASE,
        'every_years: 4, first: "2029-01-20"',
        "weeks: [315, 106]",
        "week 106 does not come after week 315",
    ),
    edit(
        "week beyond the horizon",
        f"{CASE}:13:32",
        CASE,
        'every_years: 4, first: "2029-01-20"',
        "weeks: [106, 520]",
        "week 520 is not within the horizon",
        "from 0 to 519",
    ),
    edit(
        "record counted from no day",
        f"{CASE}:15:30",
        CASE,
        "baseline: N0",
        'counted_from: {provocations: "1984-02-30"}\nbaseline: N0',
        "`1984-02-30` is not a day",
    ),
    edit(
        "record counted from for an unknown table",
        f"{CASE}:15:16",
        CASE,
        "baseline: N0",
        'counted_from: {provocation: "1984-01-02"}\nbaseline: N0',
        "provocation",
        "provocations",
    ),
    edit("exercise in week 52", f"{CASE}:14:32", CASE, "[10, 11]", "[10, 52]", "`52` is out"),
    edit("exercise repeated", f"{CASE}:14:32", CASE, "[10, 11]", "[10, 10]", "does not come after"),
)

BIBLIOGRAPHY = (
    edit(
        "bib key twice",
        f"{BIB}:11:7",
        BIB,
        "@misc{Birch21,",
        '@misc{Ash20, title = "On"}\n@misc{Birch21,',
        "`Ash20` is repeated",
        "line 2",
    ),
    edit("bib brace open", f"{BIB}:7:9", BIB, "ash},", "ash,", "`url` is never closed"),
    edit(
        "bib brace too many",
        f"{BIB}:8:13",
        BIB,
        "read = {excerpt}",
        'read = "ex}cerpt"',
        "a closing brace too many",
    ),
    edit("bib comma missing", f"{BIB}:5:3", BIB, "silences},", "silences}", "a comma or"),
    edit("bib without title", f"{BIB}:11:7", BIB, 'title = "On terms", ', "", "has no title"),
    edit(
        "bib field twice",
        f"{BIB}:7:3",
        BIB,
        "  url =",
        "  year = 2021,\n  url =",
        "`year` is repeated",
    ),
    edit("bib macro", f"{BIB}:6:10", BIB, "year = 2020", "year = jan", "not in braces"),
    edit("bib stray text", f"{BIB}:1:1", BIB, "% Two", "Two", "text stands between the entries"),
    edit(
        "bib reading", f"{BIB}:8:3", BIB, "{excerpt}", "{skimmed}", "`read` is `skimmed`", "excerpt"
    ),
    edit("bib address", f"{BIB}:7:3", BIB, "https://", "javascript:", "no web address"),
)

FAULTS = (*FILES, *SYNTAX, *FORMS, *PARAMETERS, *REFERENCES, *CALENDAR, *BIBLIOGRAPHY)
