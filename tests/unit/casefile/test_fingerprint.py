"""The fingerprint follows the content and nothing else."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from openchannel.casefile import case_fingerprint, load_case


def test_place_and_line_ends_do_not_matter(tiny: Path, tmp_path: Path) -> None:
    """A copy elsewhere, with Windows line ends and a byte-order mark, has the same fingerprint."""
    copy = Path(shutil.copytree(tiny, tmp_path / "elsewhere" / "tiny"))
    path = copy / "worlds/V1.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_case(copy).fingerprint == load_case(tiny).fingerprint


def test_order_of_files_does_not_matter() -> None:
    """Files in any order give the same fingerprint."""
    texts = [(f"worlds/{i}.yaml", f"text {i}") for i in range(20)]
    shuffled = random.Random(1).sample(texts, len(texts))
    assert case_fingerprint(texts) == case_fingerprint(shuffled)


def test_content_and_names_matter(tiny: Path) -> None:
    """A changed number, a changed source and a renamed file each change it."""
    seen = {load_case(tiny).fingerprint}
    for name, old, new in [
        ("parameters/tension/gamma.yaml", "0.22", "0.23"),
        ("sources.bib", "2021", "2022"),
    ]:
        path = tiny / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        seen.add(load_case(tiny).fingerprint)
    (tiny / "parameters/cost/price.yaml").rename(tiny / "parameters/cost/worth.yaml")
    seen.add(load_case(tiny).fingerprint)
    assert len(seen) == 4
    assert all(len(f) == 64 and int(f, 16) for f in seen)


def test_no_two_sets_of_files_read_the_same() -> None:
    """Where a name ends and its text begins is part of the content."""
    assert case_fingerprint([("ab", "c")]) != case_fingerprint([("a", "bc")])


def test_notes_do_not_matter(tiny: Path) -> None:
    """Files that are not read are no part of the case; evidence has a fingerprint of its own."""
    before = load_case(tiny).fingerprint
    (tiny / "README.md").write_text("notes", encoding="utf-8")
    (tiny / "evidence/contacts.csv").write_text("id\n", encoding="utf-8")
    assert load_case(tiny).fingerprint == before
