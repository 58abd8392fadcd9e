"""Whole documents: what an index makes of an event, field by field, and learns from it.

As Elasticsearch 9.2.0 does: a document is parsed, what it has in unmapped fields is added to
the mapping, and then it is parsed again; the first field that refuses its value rejects it all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from toolkit.elasticsearch import dynamic, merging
from toolkit.elasticsearch.mappers import (
    Branch,
    Member,
    Runtime,
    compile_mappings,
    compile_member,
    setting,
)
from toolkit.elasticsearch.parsing import PARSING, Document, Parser, Scope
from toolkit.elasticsearch.templates import Template
from toolkit.elasticsearch.values import Rejection

__all__ = ["DocumentOutcome", "DynamicIndex", "index"]

_MOST_FIELDS = 1000
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class DocumentOutcome:
    """What became of a document."""

    result: Literal["indexed", "rejected"]
    stored: Mapping[str, tuple[Any, ...] | None] = field(default_factory=dict)
    """By full name, multi-fields included: the doc values of each field that had a value."""
    ignored: tuple[str, ...] = ()
    """What ``_ignored`` lists: fields whose value was dropped, though the document was not."""
    mapped: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By full name the definitions of the fields that are new in the mapping."""
    error: str = ""
    """The type of the error that rejects the document."""
    reason: str = ""


class DynamicIndex:
    """An index with its mapping, which grows with the documents."""

    def __init__(
        self, mappings: Mapping[str, Any], settings: Mapping[str, Any] | None = None
    ) -> None:
        self.mappings = merging.expand(mappings)
        """The mapping as it is now."""
        self._settings = settings or {}
        self._root = compile_mappings(self.mappings, self._settings)

    def index(self, event: Mapping[str, Any]) -> DocumentOutcome:
        """Index a document; raises `Unsupported` where a field type is not emulated.

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

    def _parse(self, event: Mapping[str, Any]) -> tuple[Document, Sequence[_Found]]:
        finder = _Finder(self.mappings, self._settings)
        return Parser(self._root, finder.discover).parse(event), finder.found

    def _learn(self, found: Sequence[_Found]) -> None:
        mappings = self.mappings
        for one in found:
            if one.what.runtime:
                runtime = {**mappings.get("runtime", {}), one.path: dict(one.what.definition)}
                mappings = {**mappings, "runtime": runtime}
            else:
                mappings = merging.merge(mappings, one.names, one.what.definition)
        self.mappings = mappings
        self._root = compile_mappings(mappings, self._settings)


def index(event: Mapping[str, Any], template: Template) -> DocumentOutcome:
    """Index a document as the first of an index that a template makes."""
    return DynamicIndex(template.mappings, template.settings).index(event)


@dataclass(frozen=True, slots=True)
class _Found:
    """A field that the mapping does not have yet."""

    path: str
    names: tuple[str, ...]
    """The names of the objects it is in, and its own."""
    what: dynamic.Discovery


class _Finder:
    """Decides on unmapped fields while one document is parsed, and takes note of them."""

    def __init__(self, mappings: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
        self.found: list[_Found] = []
        self._mappings = mappings
        self._settings = settings

    def discover(self, scope: Scope, name: str, value: Any) -> Member:
        """Find the definition of a field, and the member it makes."""
        own, path = scope.prefix + name, scope.path(name)
        runtime = scope.dynamic == "runtime"
        what = dynamic.discover(self._mappings, path, own, value, runtime=runtime)
        above = scope.branch.path.split(".") if scope.branch.path else []
        self.found.append(_Found(path, (*above, own), what))
        member = (
            Runtime(path)
            if what.runtime
            else compile_member(path, what.definition, self._settings)
        )
        self._check_limits(member)
        return member

    def _check_limits(self, member: Member) -> None:
        deepest = int(setting(self._settings, "index.mapping.depth.limit") or _DEEPEST)
        if isinstance(member, Branch) and member.path.count(".") + 2 > deepest:
            raise Rejection(
                PARSING,
                f"failed to parse: Limit of mapping depth [{deepest}] has been exceeded due to "
                f"object field [{member.path}]",
            )
        most = int(setting(self._settings, "index.mapping.total_fields.limit") or _MOST_FIELDS)
        new = {one.path: 1 + merging.count_fields(one.what.definition) for one in self.found}
        if merging.count_fields(self._mappings) + sum(new.values()) > most:
            raise Rejection(
                PARSING, f"failed to parse: Limit of total fields [{most}] has been exceeded"
            )
