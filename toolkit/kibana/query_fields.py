"""The fields in queries and filters of Kibana: KQL, Lucene, and filters of the bar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.kibana.readings import FieldRead, Need
from toolkit.languages.positioned import PositionedNode

_TOKEN = re.compile(
    r"\s+|(?P<text>\"(?:\\.|[^\"\\])*\")|(?P<compare><=|>=|<|>|:)|(?P<open>[({])"
    r"|(?P<close>[)}])|(?P<word>(?:\\.|[^\s()<>:\"{}\\])+)|(?P<rest>.)",
    re.DOTALL,
)
_LUCENE = re.compile(r"\"(?:\\.|[^\"\\])*\"|(?<![\w.@*\\-])((?:\\.|[\w.@*-])+):(\s*[\w.@*-]*)")
_LEAVES = ("match_phrase", "match", "term", "terms", "range", "prefix", "wildcard", "regexp")


def read_query(query: PositionedNode, view: str) -> Iterator[FieldRead]:
    """Yield what a ``{query, language}`` reads of a data view."""
    for name in query_fields(query):
        yield FieldRead(name, Need.EXISTS, view, query.find(name, "query"))


def read_filters(filters: PositionedNode, view: str) -> Iterator[FieldRead]:
    """Yield what filters of the bar read of a data view."""
    for name, each in filter_fields(filters):
        yield FieldRead(name, Need.EXISTS, view, each.find(name))


def query_fields(query: PositionedNode) -> Iterator[str]:
    """Yield the fields of a ``{query, language}``; none for an empty one or ES|QL."""
    text, language = query.get("query"), query.get("language")
    if isinstance(text, str):
        yield from lucene_fields(text) if language == "lucene" else kql_fields(text)


def kql_fields(text: str) -> Iterator[str]:
    """Yield the fields of a KQL expression, nested fields in full.

    >>> list(kql_fields('not status >= 500 and (url: "a:b" or user:{ name: x and age > 3 })'))
    ['status', 'url', 'user', 'user.name', 'user.age']
    """
    above: list[str] = []
    word, field = "", ""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind == "compare":
            if word:
                field = ".".join([*[each for each in above if each][-1:], word])
                yield field
            word = ""
        elif kind == "open":
            above.append(field if found[0] == "{" else "")
            word = field = ""
        elif kind == "close":
            above = above[:-1]
            word = field = ""
        elif kind == "text":
            word = _unescaped(found[0][1:-1])
        elif kind == "word":
            word = _unescaped(found[0])
            field = ""


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def lucene_fields(text: str) -> Iterator[str]:
    """Yield the fields of a Lucene query string.

    >>> list(lucene_fields('status:[500 TO 599] AND NOT _exists_:user.name OR url:"a:b"'))
    ['status', 'user.name', 'url']
    """
    for found in _LUCENE.finditer(text):
        name = found[1]
        if name == "_exists_":
            name = found[2].strip()
        if name:
            yield _unescaped(name.lstrip("-+"))


def filter_fields(filters: PositionedNode) -> Iterator[tuple[str, PositionedNode]]:
    """Yield the fields of enabled filters, each with its filter."""
    for each in filters.values():
        if isinstance(each.value, dict) and not each.get("meta", "disabled"):
            for name in dict.fromkeys(_filter(each)):
                yield name, each


def _filter(each: PositionedNode) -> Iterator[str]:
    meta = each.at("meta")
    kind, key = meta.get("type"), meta.get("field") or meta.get("key")
    if kind == "combined":
        for name, _ in filter_fields(meta.at("params")):
            yield name
    elif kind in ("phrase", "phrases", "exists", "range") and isinstance(key, str):
        yield key
    else:
        yield from clause_fields(each.at("query"))
        if isinstance(each.get("exists", "field"), str):
            yield each.get("exists", "field")


def clause_fields(query: PositionedNode) -> Iterator[str]:
    """Yield the fields of a clause of Elasticsearch's query language."""
    for name, inside in query.items():
        if name in _LEAVES and isinstance(inside.value, dict):
            yield from (str(f) for f in inside.value if f not in ("boost", "_name"))
        elif name == "exists" and isinstance(inside.get("field"), str):
            yield inside.get("field")
        elif name in ("bool", "must", "should", "filter", "must_not") or isinstance(name, int):
            yield from clause_fields(inside)
