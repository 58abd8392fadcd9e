"""Faults that the grammar admits and Logstash's compiler rejects.

Logstash stops at the first one; all are reported here, in the order of the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault, FaultTexts, Span
from toolkit.logstash.config.nodes import Node, walk

_fault = FaultTexts(__package__)


def faults(configuration: nodes.Configuration) -> Iterator[Fault]:
    """Yield everything that keeps ``configuration`` from being compiled."""
    for node in walk(configuration):
        if find := _FAULTS.get(type(node)):
            yield from find(node)
    for kind in ("input", "output"):
        for plugin in nodes.plugins(configuration.statements(kind)):
            yield from _codecs(plugin)
    yield from _duplicate_ids(configuration)


def chain(span: Span) -> Fault:
    """Return the fault of a condition in which ``xor`` or ``nand`` is not the only operator."""
    return _fault("chained-xor", span)


def _hash(node: nodes.Hash) -> Iterator[Fault]:
    """Keys are compared as written: ``"a"`` and ``'a'`` differ, and the later one wins."""
    first: dict[str, Span] = {}
    for entry in node.entries:
        key = _written(entry.key)
        if key in first:
            marks = ("first here", first[key]), ("Logstash reports", node.span)
            yield _fault("duplicate-key", entry.key.span, marks, key=key)
        first.setdefault(key, entry.key.span)


def _written(key: nodes.Number | nodes.Bareword | nodes.String) -> str:
    if isinstance(key, nodes.String):
        return f"{key.quote}{key.raw}{key.quote}"
    return key.raw if isinstance(key, nodes.Number) else key.value


def _number(node: nodes.Number) -> Iterator[Fault]:
    """Integers are those of Ruby's ``Integer()`` that fit Java's long."""
    digits = node.raw.lstrip("-")
    if node.raw.endswith("."):
        yield _fault("number-without-digit", node.span, number=node.raw)
    elif isinstance(node.value, float):
        return
    elif digits.startswith("0") and set(digits) & set("89"):
        decimal = node.raw.replace(digits, digits.lstrip("0"))
        yield _fault("octal-number", node.span, number=node.raw, decimal=decimal)
    elif not -(2**63) <= node.value < 2**63:
        yield _fault("large-number", node.span, number=node.raw)


def _method_call(node: nodes.MethodCall) -> Iterator[Fault]:
    yield _fault("method-call", node.span, name=node.name)


def _regexp_expression(node: nodes.RegexpExpression) -> Iterator[Fault]:
    if isinstance(node.left, nodes.Number | nodes.Array):
        yield _fault("constant-matched", node.left.span, operator=node.operator)


def _comparison(node: nodes.ComparisonExpression) -> Iterator[Fault]:
    for operand in (node.left, node.right):
        found = {nodes.Array: ("an array", "in"), nodes.Regexp: ("a regexp", "=~")}
        if isinstance(operand, nodes.Array | nodes.Regexp):
            kind, expected = found[type(operand)]
            values = {"kind": kind, "expected": expected, "operator": node.operator}
            yield _fault("collection-compared", operand.span, **values)


def _in(node: nodes.InExpression | nodes.NotInExpression) -> Iterator[Fault]:
    constant = isinstance(node.item, nodes.Array | nodes.Regexp)
    if isinstance(node.list, nodes.Regexp):
        yield _fault("regexp-searched", node.list.span)
    elif constant and isinstance(node.list, nodes.Selector):
        yield _fault("array-searched-for", node.item.span)


def _constants(*operands: nodes.Condition) -> Iterator[Fault]:
    for operand in operands:
        if isinstance(operand, nodes.String | nodes.Number | nodes.Array | nodes.Regexp):
            yield _fault("constant-operand", operand.span)


def _codecs(plugin: nodes.Plugin) -> Iterator[Fault]:
    given = [attribute for attribute in plugin.attributes if attribute.name == "codec"]
    for attribute in given[1:]:
        if attribute.value != given[0].value:
            marks = (("first here", given[0].name_span),)
            values = {"plugin": plugin.name, "count": len(given)}
            yield _fault("several-codecs", attribute.name_span, marks, **values)


def _duplicate_ids(configuration: nodes.Configuration) -> Iterator[Fault]:
    owners: defaultdict[str, list[nodes.Value]] = defaultdict(list)
    for section in configuration.sections:
        for plugin in nodes.plugins(section.body):
            for attribute in plugin.attributes:
                if attribute.name == "id" and isinstance(attribute.value, nodes.String):
                    owners[attribute.value.value].append(attribute.value)
    for name, (first, *others) in owners.items():
        for other in others:
            yield _fault("duplicate-id", other.span, (("first here", first.span),), id=name)


_FAULTS: dict[type[Node], Callable[[Any], Iterable[Fault]]] = {
    nodes.Hash: _hash,
    nodes.Number: _number,
    nodes.MethodCall: _method_call,
    nodes.RegexpExpression: _regexp_expression,
    nodes.ComparisonExpression: _comparison,
    nodes.InExpression: _in,
    nodes.NotInExpression: _in,
    nodes.NegativeExpression: lambda node: _constants(node.operand),
    nodes.BooleanExpression: lambda node: _constants(node.left, node.right),
}
