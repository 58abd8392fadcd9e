"""The files of a pipeline as one text, and positions in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from toolkit.findings import Location
from toolkit.logstash.source import Source


@dataclass(frozen=True)
class Sources:
    r"""The files of a pipeline in the order in which Logstash reads them: by name.

    Logstash joins their texts with a line feed and parses that, so that a section may
    begin in one file and end in the next.

    >>> sources = Sources.sorted([Source("b", "output { }"), Source("a", "filter {\n}")])
    >>> sources.text
    'filter {\n}\noutput { }'
    >>> str(sources.locate((11, 17)))
    'b:1:1'
    """

    files: tuple[Source, ...]

    @classmethod
    def sorted(cls, files: Iterable[Source]) -> Sources:
        """Put ``files`` in the order in which Logstash reads them."""
        return cls(tuple(sorted(files, key=lambda source: source.name)))

    @cached_property
    def text(self) -> str:
        """The text that Logstash parses."""
        return "\n".join(source.text for source in self.files)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(source.text) + 1 for source in self.files), initial=0))

    def locate(self, span: tuple[int, int]) -> Location:
        """Return the file, line and column of a span."""
        if not self.files:
            return Location("pipeline", 1, 1)
        index = min(bisect_right(self._starts, span[0]), len(self.files)) - 1
        start = self._starts[index]
        return self.files[index].locate(span[0] - start, span[1] - start)
