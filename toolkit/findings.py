"""How the toolkit tells a person that something is not as it should be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """How much a finding matters; ordered, so that thresholds compare."""

    INFO = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Location:
    """A place a person can open: a file position or an object in a running system."""

    source: str
    line: int | None = None
    """Counted from 1."""
    column: int | None = None
    """Counted from 1, in characters."""
    excerpt: str = ""
    """The text of the line, where showing it helps."""
    width: int = 1
    """How many characters of the excerpt are meant."""

    def __str__(self) -> str:
        position = (part for part in (self.line, self.column) if part is not None)
        return ":".join([self.source, *map(str, position)])


@dataclass(frozen=True, slots=True)
class Mark:
    """A further place that a finding speaks of, and what is to be seen there."""

    label: str
    where: Location


@dataclass(frozen=True, slots=True)
class Affected:
    """Something that is wrong because something else is."""

    kind: str
    """As people call it: ``field``, ``panel``, ``alert``."""
    name: str
    where: Location
    detail: str = ""
    """A few words on it: a type, a dashboard."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a finding leads to."""

    broken: tuple[Affected, ...]
    """What is broken by the finding itself."""
    reached: tuple[Affected, ...]
    """All that depends on that, the nearest first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One discrepancy, in the four parts every message of the toolkit has.

    Errors carry a finding too, so that the whole program speaks with one voice.
    """

    what: str
    """The fact, observed before wanted, values in backticks. Suffices alone."""
    where: Location
    why: str
    fix: str
    """One thing to do."""
    marks: tuple[Mark, ...] = ()
    kind: str = ""
    """A word programs can ask for, such as ``unknown-pattern``."""
    severity: Severity | None = None
    """None: that of the check."""
    breaks: tuple[str, ...] = ()
    """Subjects that are broken by this, such as ``field latency_ms`` or ``metric up``."""
    follows: tuple[str, ...] = ()
    """Subjects whose being broken would explain this finding away.

    ``sources of field latency_ms`` are all that the field is made of.
    """
    effect: Effect | None = None
    """None where nothing is known to depend on what is broken by this."""


@dataclass(frozen=True, slots=True)
class Unproven:
    """Something a check could not look at, said in the words of a finding."""

    finding: Finding
