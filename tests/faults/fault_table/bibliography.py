"""The file of sources."""

from __future__ import annotations

from fault_table.fault import BIB, edit

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
