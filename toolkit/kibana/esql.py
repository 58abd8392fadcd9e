"""ES|QL: the fields that a query reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.kibana.readings import INDICES, Content, FieldRead, Need, Unread
from toolkit.languages.positioned import PositionedNode

_TOKEN = re.compile(
    r"(?P<skip>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>\"\"\".*?\"\"\"|\"(?:\\.|[^\"\\])*\")"
    r"|(?P<param>\?{1,2}\w+)|(?P<number>\d[\d.eE]*)"
    r"|(?P<name>(?:`[^`]+`|@?[A-Za-z_][\w@]*)(?:\.(?:`[^`]+`|[\w@*]+))*|\*)"
    r"|(?P<mark>==|!=|<=|>=|::|.)",
    re.DOTALL,
)
_WORDS = frozenset(
    {"and", "or", "not", "in", "like", "rlike", "is", "null", "true", "false", "where", "on"}
    | {"by", "as", "asc", "desc", "nulls", "first", "last", "with", "metadata"}
)
_UNITS = re.compile(
    r"(?:milli|micro|nano)?seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|ms|[smhdw]"
)
_KNOWN = (
    "where",
    "eval",
    "stats",
    "inlinestats",
    "keep",
    "drop",
    "sort",
    "limit",
    "rename",
    "mv_expand",
)


def sources_of(query: str) -> tuple[str, ...]:
    """Return the indices after FROM.

    >>> sources_of("FROM logs-*, other METADATA _id | LIMIT 1")
    ('logs-*', 'other')
    """
    found = re.match(r"\s*(?:from|ts)\s+(.*?)(?:\bmetadata\b|\||$)", query, re.I | re.S)
    names = found[1].split(",") if found else []
    return tuple(name.strip().strip('"`') for name in names if name.strip())


def read_esql(query: PositionedNode) -> Iterator[Content]:
    """Yield the fields that an ES|QL query reads, or `Unread` for an unsupported one."""
    fields = esql_fields(str(query.value))
    if fields is None:
        yield Unread("an ES|QL query with unsupported commands", query.locate())
        return
    view = f"{INDICES}{','.join(sources_of(str(query.value)))}"
    for field in fields:
        yield FieldRead(field, Need.EXISTS, view, query.find(field))


def esql_fields(query: str) -> list[str] | None:
    """Return the fields of its indices that a query reads; None for an unknown command.

    >>> esql_fields("FROM a | EVAL s = latency / 1000 | STATS m = AVG(s) BY url.path | SORT m")
    ['latency', 'url.path']
    """
    made: set[str] = set()
    read: dict[str, None] = {}
    for command, tokens in _commands(query):
        if command in ("row", "show"):
            return []
        if command in ("from", "ts"):
            continue
        if command not in _KNOWN:
            return None
        names, new = _names(command, tokens)
        read |= {name: None for name in names if name not in made and "*" not in name}
        made |= new
    return list(read)


def _commands(query: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each command in lower case, and its tokens by kind."""
    tokens: list[tuple[str, str]] = []
    for found in _TOKEN.finditer(query + "|"):
        if found[0] == "|":
            if tokens:
                yield tokens[0][1].lower(), tokens[1:]
            tokens = []
        elif found.lastgroup != "skip":
            tokens.append((str(found.lastgroup), found[0]))


def _names(command: str, tokens: list[tuple[str, str]]) -> tuple[list[str], set[str]]:
    """Return the names a command reads, and those it makes."""
    read, made = list[str](), set[str]()
    padded = [*tokens, ("end", "")]
    for index, (kind, text) in enumerate(tokens):
        before = tokens[index - 1] if index else ("", "")
        after = padded[index + 1][1]
        name = text.replace("`", "")
        if kind != "name" or text.lower() in _WORDS or "(" in (after, *name):
            continue
        if before[0] == "number" and _UNITS.fullmatch(text.lower()):
            continue
        if after == "=" or (command == "rename" and before[1].lower() == "as"):
            made.add(name)
        elif name not in made and before[1] != "::" and command != "drop":
            read.append(name)
    return read, made
