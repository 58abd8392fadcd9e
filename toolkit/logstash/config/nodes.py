"""The syntax tree of a Logstash configuration, under the grammar's own names.

Every node carries its `Node.span`: the offsets of its first character and of the one after
its last, in the text of all files together. `Sources.locate` turns a span into a file, a
line and a column. Spans do not count when nodes are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from toolkit.logstash.config.sources import Sources

Span: TypeAlias = "tuple[int, int]"
SectionKind: TypeAlias = Literal["input", "filter", "output"]
Statement: TypeAlias = "Branch | Plugin"
"""An item of a plugin section or of the body of a branch."""
Value: TypeAlias = "Plugin | Bareword | String | Number | Array | Hash"
"""The value of an attribute or hash entry, or an element of an array."""
RValue: TypeAlias = "String | Number | Selector | Array | MethodCall | Regexp"
"""An operand in a condition."""
Condition: TypeAlias = (
    "BooleanExpression | NegativeExpression | InExpression | NotInExpression"
    " | ComparisonExpression | RegexpExpression | RValue"
)
"""The expression between ``if`` and ``{``. An operand alone is true if it is truthy."""


@dataclass(frozen=True, slots=True)
class Node:
    """A construct of the language, and its place."""

    span: Span = field(default=(0, 0), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class String(Node):
    """A quoted string."""

    raw: str
    """The text between the quotes."""
    quote: Literal['"', "'"] = '"'
    value: str = ""
    """Its value: escapes decoded if enabled, environment variables replaced."""


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number. A leading zero makes an integer octal, as Ruby's ``Integer()`` reads it."""

    raw: str
    value: int | float


@dataclass(frozen=True, slots=True)
class Bareword(Node):
    """A word without quotes, as a value or hash key: a string."""

    value: str


@dataclass(frozen=True, slots=True)
class Array(Node):
    """``[ value, … ]``."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class HashEntry(Node):
    """``key => value`` in a hash. Environment variables in a key are not replaced."""

    key: Number | Bareword | String
    value: Value


@dataclass(frozen=True, slots=True)
class Hash(Node):
    """``{ key => value … }``, in the order written (which is not the order Logstash runs)."""

    entries: tuple[HashEntry, ...]


@dataclass(frozen=True, slots=True)
class Attribute(Node):
    """``name => value``: an option of a plugin. Names may repeat; Logstash merges them."""

    name: str
    value: Value
    quote: Literal["", '"', "'"] = ""

    @property
    def name_span(self) -> Span:
        """The span of the name, without its quotes."""
        start = self.span[0] + len(self.quote)
        return start, start + len(self.name)


@dataclass(frozen=True, slots=True)
class Plugin(Node):
    """``name { attributes }``: a plugin, or as a value a codec.

    The grammar allows a quoted name, and Logstash then searches for a plugin with the quotes
    in its name: ``name`` is as written.
    """

    name: str
    attributes: tuple[Attribute, ...]

    @property
    def name_span(self) -> Span:
        """The span of the name."""
        return self.span[0], self.span[0] + len(self.name)


@dataclass(frozen=True, slots=True)
class Selector(Node):
    """``[a][b]``: a field reference in a condition, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Regexp(Node):
    r"""``/pattern/``; a slash in it is written ``\/`` and kept like that."""

    pattern: str


@dataclass(frozen=True, slots=True)
class MethodCall(Node):
    """``name(arguments)``: in the grammar, though Logstash cannot compile it."""

    name: str
    arguments: tuple[RValue, ...]


@dataclass(frozen=True, slots=True)
class ComparisonExpression(Node):
    """``left == right`` and the like."""

    operator: Literal["==", "!=", "<", ">", "<=", ">="]
    left: RValue
    right: RValue


@dataclass(frozen=True, slots=True)
class RegexpExpression(Node):
    """``left =~ /pattern/``; a string on the right is a pattern too."""

    operator: Literal["=~", "!~"]
    left: RValue
    right: String | Regexp


@dataclass(frozen=True, slots=True)
class InExpression(Node):
    """``item in list``."""

    item: RValue
    list: RValue


@dataclass(frozen=True, slots=True)
class NotInExpression(Node):
    """``item not in list``."""

    item: RValue
    list: RValue


@dataclass(frozen=True, slots=True)
class NegativeExpression(Node):
    """``!(condition)`` or ``![selector]``."""

    operand: Condition


@dataclass(frozen=True, slots=True)
class BooleanExpression(Node):
    """``left and right``. Parentheses have no node: the tree has the grouping."""

    operator: Literal["and", "or", "xor", "nand"]
    left: Condition
    right: Condition


@dataclass(frozen=True, slots=True)
class BranchEntry(Node):
    """One arm of a branch. Only ``else`` has no condition."""

    keyword: Literal["if", "else if", "else"]
    condition: Condition | None
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Branch(Node):
    """``if … { } else if … { } else { }``: the first entry is the ``if``."""

    entries: tuple[BranchEntry, ...]


@dataclass(frozen=True, slots=True)
class PluginSection(Node):
    """``input { … }``, ``filter { … }`` or ``output { … }``; sections may repeat."""

    kind: SectionKind
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Configuration(Node):
    """All sections of all files, in order, and the files."""

    sections: tuple[PluginSection, ...]
    sources: Sources = field(default=Sources(()), compare=False, repr=False)

    def statements(self, kind: SectionKind) -> tuple[Statement, ...]:
        """Return the statements of all sections of one kind."""
        return tuple(
            statement
            for section in self.sections
            if section.kind == kind
            for statement in section.body
        )


def walk(node: Node) -> Iterator[Node]:
    """Yield ``node`` and all nodes inside it, in the order of the text."""
    pending: list[Any] = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, tuple):
            pending.extend(reversed(item))
        elif isinstance(item, Node):
            yield item
            parts: tuple[str, ...] = item.__match_args__
            pending.extend(getattr(item, part) for part in reversed(parts))


def plugins(statements: Iterable[Statement]) -> Iterator[Plugin]:
    """Yield the plugins among statements, those in branches included."""
    for statement in statements:
        if isinstance(statement, Plugin):
            yield statement
        else:
            for entry in statement.entries:
                yield from plugins(entry.body)


def entries(plugin: Plugin, option: str) -> list[HashEntry]:
    """Return the pairs of a hash option, given once or several times."""
    return [
        entry
        for attribute in plugin.attributes
        if attribute.name == option and isinstance(attribute.value, Hash)
        for entry in attribute.value.entries
    ]
