"""Signs on terminals that do not have them."""

from __future__ import annotations

import io

from openchannel.cli.encoding import plain_signs


def test_a_plain_terminal_gets_plain_signs() -> None:
    """Errors and minus signs stay readable; a sign without a stand-in becomes a question mark."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "ascii", errors=plain_signs())
    stream.write("\u22120.37\u00a0\u00b1\u00a00.05, \u00d72, \u2211")
    stream.flush()
    assert raw.getvalue() == b"-0.37 +/- 0.05, x2, ?"
