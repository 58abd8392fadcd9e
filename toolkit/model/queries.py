"""Questions, and what became of them.

Queries form a graph. A *leaf* is answered by a connector with what the world holds; a
*derived* query is a pure function of the answers to its parts; a *dependent* one becomes a
leaf when its parts are answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from toolkit.errors import Unavailable
from toolkit.findings import Finding

EvidenceT = TypeVar("EvidenceT", covariant=True)
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Answer(Generic[EvidenceT]):
    """Evidence, where it came from, and how much was looked at to have it."""

    evidence: EvidenceT
    origin: str
    """Such as ``pipelines/samples`` or ``the service started here``."""
    sampled: int
    """Zero verifies nothing."""
    unit: str
    """What was counted, in the plural: ``lines``, ``series``."""
    caveats: tuple[Finding, ...] = ()
    """What part of it could not be looked at; all that rests on it is unproven then."""


@dataclass(frozen=True, slots=True)
class QueryFailure:
    """Why a question has no answer. What depends on it is unproven."""

    findings: tuple[Finding, ...]


class Recordable:
    """Evidence of a leaf: a dataclass of plain values, which `toolkit.forms` writes as JSON."""

    __slots__ = ()


class Query(Generic[EvidenceT]):
    """A question. A frozen, hashable dataclass, so that equal questions are asked once."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def parts(self) -> tuple[Query[Any], ...]:
        """Return the questions it rests on."""
        return ()


class Leaf(Query[EvidenceT]):
    """A question to the world outside."""

    __slots__ = ()
    system: ClassVar[str]
    """The connector that answers it."""
    evidence: ClassVar[type[Recordable]]
    """What an answer holds."""

    @property
    def key(self) -> str:
        """What tells this question from others in a recording."""
        raise NotImplementedError


class _Composed(Query[EvidenceT]):
    __slots__ = ()

    def parts(self) -> tuple[Query[Any], ...]:
        """Return the questions among the fields, in their order; tuples of them are opened."""
        values = (getattr(self, each.name) for each in fields(self))
        opened = (value if isinstance(value, tuple) else (value,) for value in values)
        return tuple(each for value in opened for each in value if isinstance(each, Query))


class Derived(_Composed[EvidenceT]):
    """A question that is settled by the answers to others, which are fields of it."""

    __slots__ = ()
    partial: ClassVar[bool] = False
    """True if it is settled even where some part has no answer; `derive` is given why."""

    def derive(self, *answers: Any) -> Answer[EvidenceT]:
        """Settle it from the answers to `parts`, in their order; pure.

        Raises `ToolkitError` where the answers do not allow it.
        """
        raise NotImplementedError


class Dependent(_Composed[EvidenceT]):
    """A question to the world outside that rests on the answers to others."""

    __slots__ = ()

    def to_leaf(self, *answers: Any) -> Leaf[EvidenceT]:
        """Make a leaf from the answers to `parts`, in their order; pure.

        Raises `ToolkitError` where the answers do not allow it.
        """
        raise NotImplementedError


Answers: TypeAlias = Mapping[Query[Any], Answer[Any] | QueryFailure]


@dataclass(frozen=True, slots=True)
class Pair(Derived[tuple[A, B]]):
    """Two questions whose answers are judged side by side; counts the scarcer one."""

    first: Query[A]
    second: Query[B]

    def derive(self, first: Answer[A], second: Answer[B]) -> Answer[tuple[A, B]]:
        scarcer = min(first, second, key=lambda answer: answer.sampled)
        evidence = (first.evidence, second.evidence)
        return Answer(evidence, scarcer.origin, scarcer.sampled, scarcer.unit)


@dataclass(frozen=True, slots=True)
class Unanswerable(Derived[EvidenceT]):
    """A question that is known to have no answer, and why."""

    why: Finding

    def derive(self) -> Answer[EvidenceT]:
        raise Unavailable(self.why)
