"""Fields of events that are not known, since filters that are not emulated may write them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from toolkit.findings import Finding
from toolkit.logstash.event.event import Event
from toolkit.logstash.unknown import READABLE, UnknownField


@dataclass(frozen=True, slots=True)
class Doubts:
    """The unknown fields of some lines."""

    found: Mapping[UnknownField, int] = field(default_factory=dict)
    """The number of lines whose events have it."""
    lines: int = 0

    def __bool__(self) -> bool:
        return bool(self.found)

    @property
    def all(self) -> tuple[Finding, ...]:
        """The doubts about the events as a whole: one for each reason."""
        return tuple(self._told(lambda each: bool(each.reference), ""))

    def about(self, *fields: str) -> tuple[Finding, ...]:
        """Return the doubts about fields of Elasticsearch, one for each field and reason."""
        return tuple(finding for name in dict.fromkeys(fields) for finding in self._of(name))

    def _of(self, name: str) -> Iterator[Finding]:
        return self._told(lambda each: each.covers_dotted(name), name)

    def parsing(self, marks: Iterable[str]) -> tuple[Finding, ...]:
        """Return the doubts whether lines were parsed; ``marks`` are the tags of failures."""
        names = [READABLE, *(("tags", mark) for mark in marks)]
        return tuple(self._told(lambda each: any(map(each.covers, names)), "tags"))

    def _told(self, asked: Callable[[UnknownField], bool], name: str) -> Iterator[Finding]:
        counts: dict[Finding, int] = {}
        for each, lines in self.found.items():
            if asked(each):
                counts[each.cause] = max(lines, counts.get(each.cause, 0))
        what = f"`{name}` is" if name else "fields are"
        for cause, lines in counts.items():
            yield replace(
                cause, what=f"{what} not known in {lines} of {self.lines} lines: {cause.what}"
            )


def doubts_of(lines: Iterable[Iterable[Event]]) -> Doubts:
    """Return the unknown fields of lines, each with its events."""
    counts, count = Counter[UnknownField](), 0
    for events in lines:
        count += 1
        counts.update({each for event in events for each in event.unknowns})
    return Doubts(counts, count)
