"""Queries, and their answers.

Queries form a graph. A *leaf* is answered by a connector with observed data; a
*derived* query is a pure function of the answers to its parts; a *dependent* one becomes a
leaf once its parts are answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar, get_args

from toolkit.errors import Unavailable
from toolkit.findings import Finding

EvidenceT = TypeVar("EvidenceT", covariant=True)
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Answer(Generic[EvidenceT]):
    """Evidence, its origin, and the number of items it was derived from."""

    evidence: EvidenceT
    origin: str
    """Such as ``pipelines/samples`` or ``the service started here``."""
    sampled: int
    """0 leaves the verdict UNPROVEN: no samples, nothing verified."""
    unit: str
    """The unit of ``sampled``, in the plural: ``lines``, ``series``."""
    caveats: tuple[Finding, ...] = ()
    """The parts that could not be observed; everything that rests on them is UNPROVEN."""
    provisional: Mapping[str, str] = field(default_factory=dict)
    """The files that are changed before they are used, and how: their findings are UNPROVEN."""
    promised: bool = True
    """False if the contract promises none of what was counted: 0 is then NOT_APPLICABLE."""


@dataclass(frozen=True, slots=True)
class QueryFailure:
    """The reasons for a missing answer. Everything that depends on it is UNPROVEN."""

    findings: tuple[Finding, ...]
    declined: str = ""
    """The option by which the call left it out: then what depends on it is NOT_RUN."""


class Recordable:
    """Evidence of a leaf: a dataclass of plain values, which `toolkit.forms` writes as JSON."""

    __slots__ = ()


class Query(Generic[EvidenceT]):
    """A query: a frozen, hashable dataclass, so that equal queries are answered once."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def parts(self) -> tuple[Query[Any], ...]:
        """Return the queries it rests on."""
        return ()


class Leaf(Query[EvidenceT]):
    """A query that a connector answers: ``class Files(Leaf[FileSet], system="files")``."""

    __slots__ = ()
    system: ClassVar[str]
    """The connector that answers it."""
    evidence: ClassVar[type[Recordable]]
    """The type of the evidence."""

    def __init_subclass__(cls, system: str = "") -> None:
        super().__init_subclass__()
        # A dataclass with slots is made a second time, without the argument.
        if system:
            cls.system = system
            (cls.evidence,) = get_args(vars(cls)["__orig_bases__"][0])

    @property
    def key(self) -> str:
        """The name that identifies the query in a recording."""
        raise NotImplementedError


class _Composed(Query[EvidenceT]):
    __slots__ = ()

    def parts(self) -> tuple[Query[Any], ...]:
        """Return the queries among the fields, in their order; tuples of them are flattened."""
        values = (getattr(self, each.name) for each in fields(self))
        opened = (value if isinstance(value, tuple) else (value,) for value in values)
        return tuple(each for value in opened for each in value if isinstance(each, Query))


class Derived(_Composed[EvidenceT]):
    """A query derived from the answers to others, which are its fields."""

    __slots__ = ()
    partial: ClassVar[bool] = False
    """True if `derive` is called with `QueryFailure` for parts that have no answer."""

    def derive(self, *answers: Any) -> Answer[EvidenceT]:
        """Derive the answer from the answers to `parts`, in their order; pure.

        Raises:
            ToolkitError: The answers do not allow it.
        """
        raise NotImplementedError


class Dependent(_Composed[EvidenceT]):
    """A leaf query whose parameters are derived from the answers to other queries."""

    __slots__ = ()

    def to_leaf(self, *answers: Any) -> Leaf[EvidenceT]:
        """Make a leaf from the answers to `parts`, in their order; pure.

        Raises:
            ToolkitError: The answers do not allow it.
        """
        raise NotImplementedError


Answers: TypeAlias = Mapping[Query[Any], Answer[Any] | QueryFailure]


@dataclass(frozen=True, slots=True)
class Pair(Derived[tuple[A, B]]):
    """Two queries that are judged together; the smaller sample counts."""

    first: Query[A]
    second: Query[B]

    def derive(self, first: Answer[A], second: Answer[B]) -> Answer[tuple[A, B]]:
        scarcer = min(first, second, key=lambda answer: answer.sampled)
        evidence = (first.evidence, second.evidence)
        sampled, unit = scarcer.sampled, scarcer.unit
        return Answer(evidence, scarcer.origin, sampled, unit, promised=scarcer.promised)


def both(first: Query[A] | None, second: Query[B] | None) -> Query[tuple[A, B]] | None:
    """Return the query for two evidences that are judged together; None if one is None."""
    return Pair(first, second) if first and second else None


@dataclass(frozen=True, slots=True)
class SubjectsOf(Derived[A]):
    """The same evidence, counted by what a check looks at in it."""

    whole: Query[A]
    subjects: Callable[[A], Iterable[object]]
    unit: str
    promised: bool = False
    """True if the contract promises that there are some."""

    def derive(self, whole: Answer[A]) -> Answer[A]:
        number = sum(1 for _ in self.subjects(whole.evidence))
        return replace(whole, sampled=number, unit=self.unit, promised=self.promised)


@dataclass(frozen=True, slots=True)
class Declared(Derived[A]):
    """A query that the contract itself answers."""

    evidence: A
    unit: str
    sampled: int = 1

    def derive(self) -> Answer[A]:
        return Answer(self.evidence, "the contract", self.sampled, self.unit)


@dataclass(frozen=True, slots=True)
class Unanswerable(Derived[EvidenceT]):
    """A query without an answer, and the reason."""

    why: Finding

    def derive(self) -> Answer[EvidenceT]:
        raise Unavailable(self.why)
