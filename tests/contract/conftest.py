"""Lets tests find the plain-Python twin (`naive`) and the kernel's laboratory."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = next(str(p) for p in Path(__file__).parents if p.name == "tests")
if TESTS not in sys.path:
    sys.path.insert(0, TESTS)
