"""Charts of the answers that were given lately, so that each can be saved as it was seen."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openchannel.report.model import Figure

__all__ = ["MOST_KEPT", "KeptCharts"]

#: Answers whose charts are kept; one takes some kilobytes, as nothing is drawn before it is asked.
MOST_KEPT = 512


class KeptCharts:
    """Charts by the mark of the answer that they belong to; the oldest answers go first."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[str, tuple[Figure, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, figures: Sequence[Figure]) -> str:
        """Keep the charts of an answer; the mark by which they are found, the same for the same."""
        content = json.dumps([(f.id, f.caption, f.spec) for f in figures], sort_keys=True)
        mark = hashlib.sha256(content.encode()).hexdigest()[:20]
        with self._lock:
            self._kept[mark] = tuple(figures)
            self._kept.move_to_end(mark)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return mark

    def figure(self, mark: str, name: str) -> Figure | None:
        """A chart of an answer; None where it has none of this name, or is kept no longer."""
        with self._lock:
            return next((f for f in self._kept.get(mark, ()) if f.id == name), None)
