"""Findings: messages in four parts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, Self, TypeAlias

_OfLogs = Literal["pipeline", "run", "joining", "lines", "events"]
_OfFields = Literal["template", "field", "sources", "types", "values", "mapping"]
_OfReaders = Literal["reader", "indices", "saved object"]
_OfMetrics = Literal["metric", "rules", "monitor", "selector", "port"]
_OfWorkloads = Literal["image", "manifest field", "request", "limit", "room"]
_OfScaling = Literal["autoscaler", "replicas"]
SubjectKind: TypeAlias = _OfLogs | _OfFields | _OfReaders | _OfMetrics | _OfWorkloads | _OfScaling


class Severity(IntEnum):
    """The importance of a finding; ordered, so that thresholds compare."""

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
    """The text of the line, if it helps."""
    width: int = 1
    """The number of characters to underline."""

    def __str__(self) -> str:
        position = (part for part in (self.line, self.column) if part is not None)
        return ":".join([self.source, *map(str, position)])


@dataclass(frozen=True, slots=True)
class Mark:
    """A further place of a finding, and its label."""

    label: str
    where: Location


@dataclass(frozen=True, slots=True)
class Reader:
    """A rule, a panel or another object that reads fields or metrics, as messages name it."""

    kind: str
    """Such as ``panel``, ``alert``, ``data view``."""
    name: str = ""
    dashboard: str = ""
    """The title of its dashboard; empty if it is clear without."""

    def __str__(self) -> str:
        named = f"{self.kind} `{self.name}`" if self.name else self.kind
        return f"{named} of dashboard `{self.dashboard}`" if self.dashboard else named


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that a finding breaks, or whose failure would explain a finding."""

    kind: SubjectKind
    """``run`` of a pipeline, ``joining`` of lines, ``types`` and ``values`` of a field, its
    ``sources``, which are all that it is derived from, ``indices`` of a data view, ``room`` on
    the node, ``replicas`` under load; the others speak for themselves.
    """
    name: str = ""
    """Empty for a kind of which there is one."""


@dataclass(frozen=True, slots=True)
class Affected:
    """Something that is wrong because something else is."""

    kind: str
    """Such as ``field``, ``panel``, ``alert``."""
    name: str
    where: Location
    detail: str = ""
    """Further information: a type, a dashboard."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The effects of a finding."""

    broken: tuple[Affected, ...]
    """Broken by the finding itself."""
    reached: tuple[Affected, ...]
    """Everything that depends on that, the nearest first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One discrepancy, in four parts: fact, place, reason, fix.

    Errors carry a finding too, so that all messages have one form.
    """

    what: str
    """The fact, observed before expected, values in backticks. Sufficient alone."""
    where: Location
    why: str
    fix: str
    """One thing to do."""
    marks: tuple[Mark, ...] = ()
    kind: str = ""
    """A machine-readable kind, such as ``unknown-pattern``."""
    severity: Severity | None = None
    """None: that of the check."""
    breaks: tuple[Subject, ...] = ()
    follows: tuple[Subject, ...] = ()
    """The subjects whose failure would explain this finding."""
    effect: Effect | None = None
    """None if nothing known depends on the broken subjects."""


@dataclass(frozen=True, slots=True)
class Unproven:
    """Something a check could not verify, in the form of a finding."""

    finding: Finding

    @classmethod
    def of(
        cls, *, what: str, where: Location, why: str, fix: str, follows: tuple[Subject, ...] = ()
    ) -> Self:
        """Return what could not be verified.

        Args:
            what: The fact.
            where: Its place.
            why: The reason.
            fix: One thing to do.
            follows: The subjects whose failure would explain it.
        """
        return cls(Finding(what, where, why, fix, follows=follows))
