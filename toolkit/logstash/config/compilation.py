"""Faults that the grammar admits and Logstash's compiler rejects.

Logstash stops at the first one; all are reported here, in the order of the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault, Span
from toolkit.logstash.config.nodes import Node, walk


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
    return Fault(
        what="`xor` or `nand` is combined with other operators without parentheses",
        span=span,
        why="Logstash has no precedence for them, and fails to compile the condition",
        fix="put parentheses around their operands.",
        logstash="Unexpected operator",
    )


def _hash(node: nodes.Hash) -> Iterator[Fault]:
    """Keys are compared as written: ``"a"`` and ``'a'`` differ, and the later one wins."""
    first: dict[str, Span] = {}
    for entry in node.entries:
        key = _written(entry.key)
        if key in first:
            yield Fault(
                what=f"duplicate key `{key}` in a hash",
                span=entry.key.span,
                why="only one of the two values could take effect",
                fix="remove one of them, or give one key an array of both values.",
                logstash=f"Duplicate keys found in your configuration: [{key}]",
                marks=(("first here", first[key]), ("Logstash reports", node.span)),
            )
        first.setdefault(key, entry.key.span)


def _written(key: nodes.Number | nodes.Bareword | nodes.String) -> str:
    if isinstance(key, nodes.String):
        return f"{key.quote}{key.raw}{key.quote}"
    return key.raw if isinstance(key, nodes.Number) else key.value


def _number(node: nodes.Number) -> Iterator[Fault]:
    """Integers are those of Ruby's ``Integer()`` that fit Java's long."""
    digits = node.raw.lstrip("-")
    if node.raw.endswith("."):
        yield _bad_number(node, "no digit follows the point", f"write `{node.raw}0`.")
    elif isinstance(node.value, float):
        return
    elif digits.startswith("0") and set(digits) & set("89"):
        why = "a leading zero makes an integer octal, and octal digits end at 7"
        yield _bad_number(node, why, f"write `{node.raw.replace(digits, digits.lstrip('0'))}`.")
    elif not -(2**63) <= node.value < 2**63:
        why, fix = "integers have 64 bits at most", f'put it in quotes: `"{node.raw}"`.'
        reported = f"Invalid eValue {node.raw} with class java.math.BigInteger"
        yield replace(_bad_number(node, why, fix), logstash=reported)


def _bad_number(node: nodes.Number, why: str, fix: str) -> Fault:
    what = f"`{node.raw}` is not a valid number in Logstash"
    return Fault(what=what, span=node.span, why=why, fix=fix)


def _method_call(node: nodes.MethodCall) -> Iterator[Fault]:
    yield Fault(
        what=f"`{node.name}(…)` is called, and conditions have no functions",
        span=node.span,
        why="the grammar admits method calls, but Logstash cannot compile them",
        fix="compare fields with `==`, `in`, `=~` instead, or use a ruby filter.",
    )


def _regexp_expression(node: nodes.RegexpExpression) -> Iterator[Fault]:
    if isinstance(node.left, nodes.Number | nodes.Array):
        yield Fault(
            what="a number or an array is matched by a regular expression, expected a field",
            span=node.left.span,
            why=f"Logstash compiles `{node.operator}` only after a field or a string",
            fix="write a field reference such as `[message]` there.",
        )


def _comparison(node: nodes.ComparisonExpression) -> Iterator[Fault]:
    for operand in (node.left, node.right):
        if isinstance(operand, nodes.Array | nodes.Regexp):
            kind, operator = (
                ("an array", "in") if isinstance(operand, nodes.Array) else ("a regexp", "=~")
            )
            yield Fault(
                what=f"{kind} is compared by `{node.operator}`, expected `{operator}`",
                span=operand.span,
                why="Logstash compiles comparisons of fields, strings and numbers; of an array"
                " it would take the first element at best",
                fix=f"write `[field] {operator} …`.",
            )


def _in(node: nodes.InExpression | nodes.NotInExpression) -> Iterator[Fault]:
    constant = isinstance(node.item, nodes.Array | nodes.Regexp)
    if isinstance(node.list, nodes.Regexp):
        yield _bad_in(node.list, "a regexp is searched by `in`", "write `[field] =~ /…/`.")
    elif constant and isinstance(node.list, nodes.Selector):
        yield _bad_in(node.item, "an array is searched for by `in`", "search for one value.")


def _bad_in(operand: Node, what: str, fix: str) -> Fault:
    return Fault(
        what=f"{what}, expected a string, number or field",
        span=operand.span,
        why="Logstash cannot compile such a condition",
        fix=fix,
        logstash="Unexpected input type combination",
    )


def _constants(*operands: nodes.Condition) -> Iterator[Fault]:
    for operand in operands:
        if isinstance(operand, nodes.String | nodes.Number | nodes.Array | nodes.Regexp):
            yield Fault(
                what="a constant is the operand of `and`, `or` or `!`, expected a condition",
                span=operand.span,
                why="Logstash cannot compile such a condition",
                fix="compare it with a field: `[field] == …`.",
                logstash="Unexpected input type combination",
            )


def _codecs(plugin: nodes.Plugin) -> Iterator[Fault]:
    given = [attribute for attribute in plugin.attributes if attribute.name == "codec"]
    for attribute in given[1:]:
        if attribute.value != given[0].value:
            yield Fault(
                what=f"`{plugin.name}` has {len(given)} codecs, expected one",
                span=attribute.name_span,
                why="a plugin reads or writes with one codec",
                fix="remove all but one.",
                logstash="Multiple `codec` declarations",
                marks=(("first here", given[0].name_span),),
            )


def _duplicate_ids(configuration: nodes.Configuration) -> Iterator[Fault]:
    owners: defaultdict[str, list[nodes.Value]] = defaultdict(list)
    for section in configuration.sections:
        for plugin in nodes.plugins(section.body):
            for attribute in plugin.attributes:
                if attribute.name == "id" and isinstance(attribute.value, nodes.String):
                    owners[attribute.value.value].append(attribute.value)
    for name, (first, *others) in owners.items():
        for other in others:
            yield Fault(
                what=f"two plugins have the id `{name}`",
                span=other.span,
                why="Logstash identifies plugins by their ids",
                fix="give each plugin an id of its own.",
                logstash=f"Config has duplicate Ids: ID: {name}",
                marks=(("first here", first.span),),
            )


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
