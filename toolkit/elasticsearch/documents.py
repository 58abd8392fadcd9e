"""Indexing of whole documents, with dynamic mapping updates.

As Elasticsearch 9.2.0 does: a document is parsed, its unmapped fields are added to the mapping,
and it is parsed again; the first field that refuses its value rejects the whole document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from toolkit.elasticsearch import dynamic, merging
from toolkit.elasticsearch.mappers import (
    FieldMapper,
    Member,
    compile_mappings,
    compile_member,
    setting,
    unwritten,
)
from toolkit.elasticsearch.parsing import ObjectScope, ParsedDocument, Parser
from toolkit.elasticsearch.templates import Template
from toolkit.elasticsearch.values import Rejection

_MOST_FIELDS = 1000
_DEEPEST = 20
_FLOAT = {"type": "float"}
_VECTOR_SIZES = range(128, 4097)


@dataclass(frozen=True, slots=True)
class DocumentOutcome:
    """Result of indexing a document."""

    result: Literal["indexed", "rejected"]
    stored: Mapping[str, tuple[Any, ...] | None] = field(default_factory=dict)
    """Doc values by the full name of each field that had a value, multi-fields included."""
    ignored: tuple[str, ...] = ()
    """Names in ``_ignored``: fields whose value was dropped, though the document was not."""
    mapped: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Definitions of the fields that are new in the mapping, by full name."""
    error: str = ""
    """The type of the error that rejects the document."""
    reason: str = ""


class DynamicIndex:
    """An index with its mapping, which documents extend."""

    def __init__(
        self, mappings: Mapping[str, Any], settings: Mapping[str, Any] | None = None
    ) -> None:
        self.mappings = merging.expand(mappings)
        """The current mapping."""
        self._settings = settings or {}
        self._compile()

    def index(self, event: Mapping[str, Any]) -> DocumentOutcome:
        """Index a document; raise `Unsupported` if a field type is not emulated.

        >>> orders = DynamicIndex({})
        >>> orders.index({"total": 12}).mapped
        {'total': {'type': 'long'}}
        >>> orders.index({"total": 12.9}).stored
        {'total': (12,)}
        >>> orders.index({"total": "free"}).error
        'document_parsing_exception'
        """
        try:
            document, found = self._parse(event)
            if found:
                self._learn(found)
                document, _ = self._parse(event)
        except Rejection as rejection:
            return DocumentOutcome("rejected", error=rejection.error, reason=rejection.reason)
        return DocumentOutcome(
            "indexed",
            stored={
                path: leaf.show(document.values[path]) for path, leaf in document.leaves.items()
            },
            ignored=tuple(sorted(document.ignored)),
            mapped={one.path: one.what.definition for one in found},
        )

    def _parse(self, event: Mapping[str, Any]) -> tuple[ParsedDocument, Sequence[_Found]]:
        finder = _Finder(self.mappings, self._settings)
        document = Parser(self._root, finder, self._unwritten).parse(event)
        document.ignored |= finder.beyond
        return document, finder.found

    def _learn(self, found: Sequence[_Found]) -> None:
        mappings = self.mappings
        for one in _with_vectors(found):
            if one.what.runtime:
                runtime = {**mappings.get("runtime", {}), one.path: dict(one.what.definition)}
                mappings = {**mappings, "runtime": runtime}
            else:
                mappings = merging.merge(mappings, one.names, one.what.definition)
        merging.check_copies(mappings)
        self.mappings = mappings
        self._compile()

    def _compile(self) -> None:
        self._root = compile_mappings(self.mappings, self._settings)
        self._unwritten = unwritten(self.mappings, self._root)


def index(event: Mapping[str, Any], template: Template) -> DocumentOutcome:
    """Index a document as the first of an index that is created from a template."""
    return DynamicIndex(template.mappings, template.settings).index(event)


@dataclass(frozen=True, slots=True)
class _Found:
    """A field that is not mapped yet."""

    path: str
    names: tuple[str, ...]
    """The names of its parent objects, then its own."""
    what: dynamic.Discovery


def _with_vectors(found: Sequence[_Found]) -> Iterator[_Found]:
    """Replace each array of 128 to 4096 floats by a dense vector."""
    floats = Counter(one.path for one in found if one.what == dynamic.Discovery(_FLOAT))
    others = {one.path for one in found if one.what != dynamic.Discovery(_FLOAT)}
    for one in found:
        if floats[one.path] in _VECTOR_SIZES and one.path not in others:
            vector = {"type": "dense_vector", "dims": floats[one.path]}
            yield replace(one, what=dynamic.Discovery(vector))
        else:
            yield one


class _Finder:
    """Maps unmapped fields while one document is parsed, and records them."""

    def __init__(self, mappings: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
        self.found: list[_Found] = []
        self.beyond: set[str] = set()
        """The fields ignored because the mapping is full."""
        self._mappings = mappings
        self._settings = settings
        self._new: dict[str, int] = {}
        self._most = int(setting(settings, "index.mapping.total_fields.limit") or _MOST_FIELDS)
        self._held = merging.count_fields(mappings)

    def value(self, scope: ObjectScope, name: str, value: Any) -> Member | None:
        """Find the definition of a field, and return its mapper.

        Args:
            scope: The object that has the field.
            name: Its name in that object.
            value: The first value, which decides its type.
        """
        own, path = scope.prefix + name, scope.path(name)
        runtime = scope.dynamic == "runtime"
        what = dynamic.discover(self._mappings, path, own, value, runtime=runtime)
        if isinstance(value, Mapping):
            self._check_depth(path)
        if not self._fits(path, 1 + merging.count_fields(what.definition)):
            return None
        above = scope.branch.path.split(".") if scope.branch.path else []
        self.found.append(_Found(path, (*above, own), what))
        return None if what.runtime else compile_member(path, what.definition, self._settings)

    def array(self, scope: ObjectScope, name: str) -> None:
        """Ignore an array, even an empty one, if the mapping was already full."""
        if self._held >= self._most and self._may_ignore:
            self.beyond.add(scope.path(name))

    def constant(self, leaf: FieldMapper, value: str) -> None:
        """Record the value of a constant in the mapping."""
        what = dynamic.Discovery({"type": leaf.type, "value": value})
        self.found.append(_Found(leaf.path, tuple(leaf.path.split(".")), what))

    @property
    def _may_ignore(self) -> bool:
        beyond = setting(self._settings, "index.mapping.total_fields.ignore_dynamic_beyond_limit")
        return str(beyond).lower() == "true"

    def _fits(self, path: str, fields: int) -> bool:
        self._new.setdefault(path, fields)
        if self._held + sum(self._new.values()) <= self._most:
            return True
        if not self._may_ignore:
            raise Rejection(
                f"failed to parse: Limit of total fields [{self._most}] has been exceeded",
            )
        del self._new[path]
        self.beyond.add(path)
        return False

    def _check_depth(self, path: str) -> None:
        deepest = int(setting(self._settings, "index.mapping.depth.limit") or _DEEPEST)
        if path.count(".") + 2 > deepest:
            raise Rejection(
                f"failed to parse: Limit of mapping depth [{deepest}] has been exceeded due to "
                f"object field [{path}]",
            )
