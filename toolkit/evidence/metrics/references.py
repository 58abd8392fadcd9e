"""Places that read a metric: in a rule, or in a panel of a dashboard."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.findings import Location, Reader
from toolkit.prometheus.passage import Passage
from toolkit.prometheus.selectors import VectorSelector


@dataclass(frozen=True, slots=True)
class MetricReference:
    """A selector, and its reader."""

    selector: VectorSelector
    reader: Reader
    passage: Passage

    def locate(self, word: str = "") -> Location:
        """Return the place of ``word``, or of the metric's name."""
        return self.passage.locate(word or self.selector.metric)
