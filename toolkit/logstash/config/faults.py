"""Faults of a configuration, with offsets in place of lines and columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.findings import Finding, Mark
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.texts import FaultRows

Span = tuple[int, int]
_LONG_WORD = re.compile(r"(\S{80})\S+")


class SyntaxFault(Exception):
    """The text does not follow the grammar.

    ``wanted`` is the expected construct, ``at`` the offset of what is there instead.
    """

    def __init__(self, wanted: str, at: int) -> None:
        super().__init__(f"wanted {wanted} at {at}")
        self.wanted = wanted
        self.at = at


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding whose places are still offsets in the text of all files."""

    what: str
    span: Span
    fix: str
    why: str
    marks: tuple[tuple[str, Span], ...] = ()
    logstash: str = ""
    """The message of real Logstash, if it has one."""
    kind: str = ""
    """A key for programs, such as ``unknown-pattern``."""

    def finding(self, sources: Sources) -> Finding:
        """Return it with its place in a file; very long words are shortened."""
        reported = f". Logstash reports: {self.logstash}" if self.logstash else ""
        return Finding(
            what=_LONG_WORD.sub(r"\1…", self.what),
            where=sources.locate(self.span),
            why=_LONG_WORD.sub(r"\1…", self.why + reported),
            fix=_LONG_WORD.sub(r"\1…", self.fix),
            marks=tuple(Mark(label, sources.locate(span)) for label, span in self.marks),
            kind=self.kind,
        )


class FaultTexts(FaultRows):
    """The faults of a package, as findings."""

    def __call__(
        self, name: str, span: Span, marks: tuple[tuple[str, Span], ...] = (), /, **values: object
    ) -> Fault:
        """Return a fault with its values filled in.

        Args:
            name: The name of its row.
            span: Its place.
            marks: Other places, each with a label.
            values: The value of each ``$name`` in the texts.
        """
        return Fault(span=span, marks=marks, **self.filled(name, values))
