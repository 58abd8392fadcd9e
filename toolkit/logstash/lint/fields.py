"""Which fields a pipeline writes and reads, as far as its text tells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from toolkit.logstash.config import nodes
from toolkit.logstash.config.nodes import Span, walk
from toolkit.logstash.event.fieldref import FieldError, parse
from toolkit.logstash.event.sprintf import references

Name: TypeAlias = "tuple[str, ...]"
"""A field reference, taken apart: ``("a", "b")`` for ``[a][b]``."""
Form: TypeAlias = Literal["text", "number", "other"]

_GROK = re.compile(r"%\{\w+:([@\[\]\w.-]+)(?::(\w+))?\}|\(\?<([A-Za-z_][\w:\[\]@-]*)>")
_BARE = re.compile(r"%\{(\w+)\}")
_PLAIN = {
    "BASE10NUM", "BASE16NUM", "DATA", "DATESTAMP", "DAY", "EMAILADDRESS", "GREEDYDATA", "HOSTNAME",
    "HOSTPORT", "HOUR", "HTTPDATE", "INT", "IP", "IPORHOST", "IPV4", "IPV6", "ISO8601_TIMEZONE",
    "LOGLEVEL", "MAC", "MINUTE", "MONTH", "MONTHDAY", "MONTHNUM", "NONNEGINT", "NOTSPACE",
    "NUMBER", "PATH", "POSINT", "PROG", "QS", "QUOTEDSTRING", "SECOND", "SPACE", "SYSLOGTIMESTAMP",
    "TIME", "TIMESTAMP_ISO8601", "TZ", "UNIXPATH", "URI", "URIPATH", "URIPATHPARAM", "USER",
    "USERNAME", "UUID", "WORD", "YEAR",
}  # fmt: skip
"""Patterns that capture no fields of their own; others, such as COMMONAPACHELOG, may."""
_DISSECT = re.compile(r"%\{[+]?([^}?&*/]*?)(?:->)?(?:/\d+)?\}")
_NUMBERS = {"int", "float", "integer", "integer_eu", "float_eu", "decimal"}
_SILENT = {
    "cidr", "clone", "date", "de_dot", "drop", "metrics", "prune", "sleep", "split",
    "syslog_pri", "throttle", "truncate", "urldecode",
}  # fmt: skip
"""Filters that write no field of a new name."""
_SETTERS = ("add_field", "replace", "update")
_TARGETS = {"json", "csv", "fingerprint", "uuid", "translate", "useragent", "geoip"}
"""Filters that write into their option ``target`` only, if it is given."""
_NO_TEMPLATES = {"match", "mapping", "pattern_definitions", "code"}
_TEMPLATE = re.compile(r"[\w@.\[\]-]+")


@dataclass(slots=True)
class Fields:
    """What a configuration writes."""

    written: defaultdict[Name, set[Form]] = field(default_factory=lambda: defaultdict(set))
    """Fields, and in which forms their values come."""
    open: bool = False
    """Whether something writes fields that the text does not name."""

    def form(self, name: Name) -> Form | None:
        """The only form the values of a field can have, if that is certain."""
        forms = self.written.get(name, set())
        return next(iter(forms)) if len(forms) == 1 and not self.open else None

    def has(self, name: Name) -> bool:
        """Whether the field, a part of it or what it is part of is written."""
        return any(name[: len(each)] == each[: len(name)] for each in self.written)


def name_of(reference: str) -> Name | None:
    """Take a field reference apart; None if it is illegal."""
    try:
        path = parse(reference)
    except FieldError:
        return None
    return (*(("@metadata",) if path.metadata else ()), *path.parents, path.name)


def plugins(statements: Iterable[nodes.Statement]) -> Iterator[nodes.Plugin]:
    """All plugins among statements, those in branches included."""
    for statement in statements:
        if isinstance(statement, nodes.Plugin):
            yield statement
        else:
            for entry in statement.entries:
                yield from plugins(entry.body)


def entries(plugin: nodes.Plugin, option: str) -> list[nodes.HashEntry]:
    """The pairs of a hash option, given once or several times."""
    return [
        entry
        for attribute in plugin.attributes
        if attribute.name == option and isinstance(attribute.value, nodes.Hash)
        for entry in attribute.value.entries
    ]


def _key(entry: nodes.HashEntry) -> str:
    return str(entry.key.value)


def fields_of(configuration: nodes.Configuration) -> Fields:
    """Collect what the filters of a configuration write."""
    fields = Fields()
    for plugin in plugins(configuration.statements("filter")):
        for name, form in _writes(plugin):
            if name is None:
                fields.open = True
            else:
                fields.written[name].add(form)
    return fields


def _writes(plugin: nodes.Plugin) -> Iterator[tuple[Name | None, Form]]:
    """What one filter writes; None stands for fields it does not name."""
    for option in _SETTERS:
        if option == "add_field" or plugin.name == "mutate":
            for entry in entries(plugin, option):
                yield name_of(_key(entry)), "text"
    if plugin.name in _WRITERS:
        yield from _WRITERS[plugin.name](plugin)
    elif plugin.name not in _SILENT:
        target = _option(plugin, "target") if plugin.name in _TARGETS else None
        yield (name_of(target) if target else None), "other"


def _option(plugin: nodes.Plugin, name: str) -> str | None:
    for attribute in plugin.attributes:
        if attribute.name == name and isinstance(attribute.value, nodes.String | nodes.Bareword):
            return attribute.value.value
    return None


def _captures(plugin: nodes.Plugin) -> Iterator[tuple[Name | None, Form]]:
    """What the expressions of grok capture; patterns may capture more inside."""
    if any(attribute.name == "patterns_dir" for attribute in plugin.attributes):
        yield None, "other"
    for node in walk(plugin):
        if isinstance(node, nodes.String):
            for match in _GROK.finditer(node.value):
                form: Form = "number" if match[2] in {"int", "float"} else "text"
                yield name_of(match[1] or match[3]), form
            if not _PLAIN.issuperset(_BARE.findall(node.value)):
                yield None, "other"


def _mutations(plugin: nodes.Plugin) -> Iterator[tuple[Name | None, Form]]:
    for entry in entries(plugin, "convert"):
        wanted = getattr(entry.value, "value", "")
        yield name_of(_key(entry)), "number" if wanted in _NUMBERS else "other"
    for option in ("rename", "copy"):
        for entry in entries(plugin, option):
            yield name_of(str(getattr(entry.value, "value", ""))), "other"
    for option in ("merge", "coerce", "split", "join"):
        for entry in entries(plugin, option):
            yield name_of(_key(entry)), "other"


def _dissections(plugin: nodes.Plugin) -> Iterator[tuple[Name | None, Form]]:
    for entry in entries(plugin, "mapping"):
        if isinstance(entry.value, nodes.String):
            for match in _DISSECT.finditer(entry.value.value):
                if match[1]:
                    yield name_of(match[1]), "text"
    for entry in entries(plugin, "convert_datatype"):
        yield name_of(_key(entry)), "number"


_WRITERS: dict[str, Callable[[nodes.Plugin], Iterator[tuple[Name | None, Form]]]] = {
    "grok": _captures,
    "mutate": _mutations,
    "dissect": _dissections,
}


def reads(configuration: nodes.Configuration) -> Iterator[tuple[Name, str, Span]]:
    """Fields that conditions and templates ask for: name, as written, and where."""
    for node in walk(configuration):
        if isinstance(node, nodes.Selector):
            name = name_of(node.text)
            if name and not set("\"'") & set(node.text):
                yield name, node.text, node.span
        elif isinstance(node, nodes.Attribute) and node.name not in _NO_TEMPLATES:
            yield from _template_reads(node)


def _template_reads(attribute: nodes.Attribute) -> Iterator[tuple[Name, str, Span]]:
    for node in walk(attribute.value):
        if not isinstance(node, nodes.String) or node.raw != node.value:
            continue
        for reference, start, end in references(node.value):
            name = name_of(reference)
            if name and _TEMPLATE.fullmatch(reference):
                offset = node.span[0] + 1
                yield name, node.value[start:end], (offset + start, offset + end)
