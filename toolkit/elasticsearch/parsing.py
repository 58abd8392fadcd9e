"""Document parser: reads a document along its mapping, field by field.

Follows Elasticsearch 9.2.0's parser token by token, since some of its results depend on that: a
date field that ignores malformed values skips an object's opening bracket only, and reads on
inside.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from toolkit.elasticsearch.booleans import Boolean
from toolkit.elasticsearch.dates import DateKind
from toolkit.elasticsearch.flattened import Flattened
from toolkit.elasticsearch.keywords import ConstantKeyword, TooLong
from toolkit.elasticsearch.kinds import NotEmulated
from toolkit.elasticsearch.mappers import Alias, Dynamic, FieldMapper, Member, ObjectMapper
from toolkit.elasticsearch.numbers import NumberKind
from toolkit.elasticsearch.values import JsonToken, MalformedValue, Rejection, Tokens

STRICT = "strict_dynamic_mapping_exception"


@dataclass(slots=True)
class ParsedDocument:
    """The stored values and ignored fields of a document."""

    values: dict[str, list[Any]] = field(default_factory=dict)
    leaves: dict[str, FieldMapper] = field(default_factory=dict)
    ignored: set[str] = field(default_factory=set)

    def add(self, leaf: FieldMapper, value: Any) -> None:
        """Store a value in a field."""
        self.leaves[leaf.path] = leaf
        held = self.values.setdefault(leaf.path, [])
        if value is not None:
            held.append(value)


@dataclass(frozen=True, slots=True)
class ObjectScope:
    """The object in which members are looked up."""

    branch: ObjectMapper
    dynamic: Dynamic
    prefix: str = ""
    """Parent names within an object that has no subobjects, with a dot after each."""
    flat: bool = False
    """True if dots in names are kept."""

    def member(self, name: str) -> Member | None:
        """Return the member of this name; None if it is not mapped."""
        return self.branch.members.get(self.prefix + name)

    def path(self, name: str) -> str:
        """Return the full name of a member."""
        return ".".join(filter(None, (self.branch.path, self.prefix + name)))

    def enter(self, branch: ObjectMapper) -> ObjectScope:
        """Return the scope of an object in this one."""
        flat = self.flat or not branch.subobjects
        return ObjectScope(branch, branch.dynamic or self.dynamic, flat=flat)


class Discover(Protocol):
    """Maps fields that are not mapped yet, while a document is parsed."""

    def value(self, scope: ObjectScope, name: str, value: Any) -> Member | None:
        """Map a field by its first value.

        Args:
            scope: The object it is in.
            name: Its name within the scope.
            value: Its first value; ``{}`` for an object.

        Returns:
            The new member; None if the value is ignored.
        """

    def array(self, scope: ObjectScope, name: str) -> None:
        """Record that an array begins."""

    def constant(self, leaf: FieldMapper, value: str) -> None:
        """Record the value that a ``constant_keyword`` has from now on."""


class Parser:
    """Parses one document."""

    def __init__(
        self, root: ObjectMapper, discover: Discover, unwritten: Set[str] = frozenset()
    ) -> None:
        """Prepare to parse.

        Args:
            root: The compiled mapping.
            discover: Maps the fields that are not in it.
            unwritten: Full names that take no values, such as those of multi-fields.
        """
        self.document = ParsedDocument()
        self._unwritten = unwritten
        self._root = ObjectScope(root, root.dynamic or "true", flat=not root.subobjects)
        self._discover = discover
        self._copying = False

    def parse(self, value: Any) -> ParsedDocument:
        """Parse the document; raise `Rejection`."""
        tokens = Tokens(value)
        if tokens.current.kind != "{":
            raise Rejection("Malformed content, must start with an object")
        if not self._root.branch.enabled:
            return self.document
        tokens.advance()
        self._members(self._root, tokens)
        if tokens.advance().kind != "end":
            raise Rejection(
                "Malformed content, found extra data after parsing: END_OBJECT",
                "illegal_argument_exception",
            )
        return self.document

    def _field(self, scope: ObjectScope, name: str, tokens: Tokens) -> None:
        """Parse the current value into a member, and go to its last token."""
        kind = tokens.current.kind
        if kind == "{":
            self._object(scope, name, tokens)
        elif kind == "[":
            self._array(scope, name, tokens)
        elif tokens.current.value is None and kind == "value":
            self._null(scope, name, tokens)
        else:
            self._value(scope, name, tokens)

    def _members(self, scope: ObjectScope, tokens: Tokens) -> None:
        """Parse members up to the closing bracket."""
        name = ""
        while (token := tokens.current).kind not in ("}", "end"):
            if token.kind == "name":
                if not scope.flat and "." in token.value:
                    tokens.expand(_split(token.value))
                name = _checked(scope.prefix, tokens.current.value)
            else:
                self._field(scope, name, tokens)
            tokens.advance()

    def _object(self, scope: ObjectScope, name: str, tokens: Tokens) -> None:
        member = scope.member(name) or self._dynamic_object(scope, name, tokens)
        self._into(scope, name, member, tokens)

    def _dynamic_object(self, scope: ObjectScope, name: str, tokens: Tokens) -> Member | None:
        _refuse_strict(scope, name)
        separate = scope.branch.subobjects
        if scope.dynamic == "false" and separate:
            tokens.skip()
            return None
        if scope.dynamic == "runtime" and separate:
            return ObjectMapper(scope.path(name))
        member = (
            self._discover.value(scope, name, {}) if separate else ObjectMapper(scope.path(name))
        )
        if member is None:
            tokens.skip()
        if isinstance(member, ObjectMapper) and not separate:
            tokens.advance()
            self._members(replace(scope, prefix=f"{scope.prefix}{name}."), tokens)
            return None
        return member

    def _array(self, scope: ObjectScope, name: str, tokens: Tokens) -> None:
        if self._is_unmapped(scope, name):
            _refuse_strict(scope, name)
            if scope.dynamic == "false":
                tokens.skip()
                return
            self._discover.array(scope, name)
        while tokens.advance().kind not in ("]", "end"):
            self._field(scope, name, tokens)

    def _null(self, scope: ObjectScope, name: str, tokens: Tokens) -> None:
        if self._is_unmapped(scope, name):
            _refuse_strict(scope, name)
        else:
            self._into(scope, name, scope.member(name), tokens)

    def _value(self, scope: ObjectScope, name: str, tokens: Tokens) -> None:
        member = scope.member(name)
        if self._is_unmapped(scope, name):
            _refuse_strict(scope, name)
            if scope.dynamic == "false":
                return
            member = self._discover.value(scope, name, tokens.current.value)
        self._into(scope, name, member, tokens)

    def _is_unmapped(self, scope: ObjectScope, name: str) -> bool:
        return scope.member(name) is None and scope.path(name) not in self._unwritten

    def _into(self, scope: ObjectScope, name: str, member: Member | None, tokens: Tokens) -> None:
        match member:
            case ObjectMapper():
                self._branch(scope, name, member, tokens)
            case FieldMapper() if tokens.current.kind == "{" and _flattens(scope, member):
                tokens.advance()
                self._members(replace(scope, prefix=f"{scope.prefix}{name}."), tokens)
            case FieldMapper():
                self._leaf(member, tokens)
            case Alias():
                raise Rejection(f"Cannot write to a field alias [{member.path}].")

    def _branch(self, scope: ObjectScope, name: str, branch: ObjectMapper, tokens: Tokens) -> None:
        if not branch.enabled:
            tokens.skip()
            return
        token = tokens.current
        if token.kind == "value" and token.value is None:
            return
        if token.kind == "value":
            raise Rejection(
                f"object mapping for [{branch.path}] tried to parse field [{name}] as object, "
                "but found a concrete value",
            )
        tokens.advance()
        self._members(scope.enter(branch), tokens)

    def _leaf(self, leaf: FieldMapper, tokens: Tokens) -> None:
        try:
            value = self._read(leaf, tokens)
            self.document.add(leaf, value)
            if isinstance(leaf.kind, ConstantKeyword) and leaf.kind.value is None:
                self._discover.constant(leaf, value)
        except TooLong:
            self.document.ignored.add(leaf.path)
        except MalformedValue as malformed:
            whole = tokens.current.kind == "value" or isinstance(leaf.kind, DateKind)
            if not (leaf.ignore_malformed and whole):
                raise _refusal(leaf, str(malformed)) from malformed
            self.document.ignored.add(leaf.path)
        except Rejection as rejection:
            raise _refusal(leaf, rejection.reason) from rejection
        if isinstance(leaf.kind, NumberKind) and tokens.current.kind == "value":
            tokens.put(leaf.kind.remember(tokens.current.value))
        for below in leaf.multi_fields:
            self._leaf(below, tokens)
        self._copy(leaf.copy_to, tokens)

    def _read(self, leaf: FieldMapper, tokens: Tokens) -> Any:
        token = tokens.current
        if isinstance(leaf.kind, Flattened | NotEmulated):
            return leaf.kind.read(tokens.read())
        if isinstance(leaf.kind, Boolean) and not leaf.kind.kept:
            return None
        if isinstance(leaf.kind, DateKind) and isinstance(token.value, JsonToken):
            token = token.value if token.value.value is not None else token
        if token.kind != "value":
            raise MalformedValue(f"Expected text but found {token.kind}")
        if token.value is None and leaf.null_value is not None:
            return leaf.kind.read(leaf.null_value)
        value = leaf.kind.read(token.value)
        if value is None and token.value == "" and leaf.null_value is not None:
            return leaf.kind.read(leaf.null_value)
        return value

    def _copy(self, targets: Sequence[str], tokens: Tokens) -> None:
        if self._copying or not targets:
            return
        if tokens.current.kind != "value":
            raise Rejection("Copy-to currently only works for value-type fields")
        self._copying = True
        for target in targets:
            self._members(self._root, Tokens({target: tokens.current.value}).entered())
        self._copying = False


def _flattens(scope: ObjectScope, leaf: FieldMapper) -> bool:
    """Return True if an object in place of a leaf is read as fields with dotted names."""
    return not scope.branch.subobjects and not isinstance(leaf.kind, Flattened)


def _split(name: str) -> list[str]:
    """Split a dotted name; raise `Rejection` if a part is missing."""
    parts = name.split(".")
    while parts and not parts[-1]:
        parts.pop()
    if not parts:
        raise Rejection("field name cannot contain only dots")
    if any(not part.strip() for part in parts):
        raise Rejection(
            "field name starting or ending with a [.] makes object resolution "
            f"ambiguous: [{name}]",
        )
    return parts


def _checked(prefix: str, name: str) -> str:
    if not (prefix + name).strip():
        raise Rejection("Field name cannot be empty or contain only whitespace")
    return name


def _refuse_strict(scope: ObjectScope, name: str) -> None:
    if scope.dynamic == "strict":
        raise Rejection(
            f"mapping set to strict, dynamic introduction of [{name}] within "
            f"[{scope.branch.path or '_doc'}] is not allowed",
            STRICT,
        )


def _refusal(leaf: FieldMapper, cause: str) -> Rejection:
    return Rejection(f"failed to parse field [{leaf.path}] of type [{leaf.type}]: {cause}")
