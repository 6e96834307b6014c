"""Lets the tests of the report find the small example of the golden brief."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = next(str(p) for p in Path(__file__).parents if p.name == "tests")
if TESTS not in sys.path:
    sys.path.insert(0, TESTS)
