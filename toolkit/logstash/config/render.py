"""Conversion of a syntax tree to text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from toolkit.logstash.config import nodes
from toolkit.logstash.config.nodes import Node


def render(node: Node) -> str:
    """Write ``node`` as configuration; parsing that returns an equal tree.

    Comments, line breaks and superfluous parentheses are not kept. A string is written as in
    the source, with references to environment variables.

    >>> from toolkit.logstash.config.nodes import Array, Attribute, Bareword, Plugin
    >>> render(Plugin("drop", (Attribute("add_tag", Array((Bareword("gone"),))),)))
    'drop { add_tag => [gone] }'
    """
    return _FORMS[type(node)](node)


def _block(contents: Iterable[Node]) -> str:
    return " ".join(["{", *map(render, contents), "}"])


def _list(items: Iterable[Node]) -> str:
    return ", ".join(map(render, items))


def _operand(condition: nodes.Condition) -> str:
    text = render(condition)
    return f"({text})" if isinstance(condition, nodes.BooleanExpression) else text


def _negative(node: nodes.NegativeExpression) -> str:
    text = render(node.operand)
    return f"!{text}" if isinstance(node.operand, nodes.Selector) else f"!({text})"


def _entry(node: nodes.BranchEntry) -> str:
    asked = f" {render(node.condition)}" if node.condition else ""
    return f"{node.keyword}{asked} {_block(node.body)}"


_FORMS: dict[type[Node], Callable[[Any], str]] = {
    nodes.Configuration: lambda node: "\n".join(map(render, node.sections)),
    nodes.PluginSection: lambda node: f"{node.kind} {_block(node.body)}",
    nodes.Branch: lambda node: " ".join(map(render, node.entries)),
    nodes.BranchEntry: _entry,
    nodes.Plugin: lambda node: f"{node.name} {_block(node.attributes)}",
    nodes.Attribute: lambda node: f"{node.quote}{node.name}{node.quote} => {render(node.value)}",
    nodes.Bareword: lambda node: node.value,
    nodes.String: lambda node: f"{node.quote}{node.raw}{node.quote}",
    nodes.Number: lambda node: node.raw,
    nodes.Array: lambda node: f"[{_list(node.values)}]",
    nodes.Hash: lambda node: _block(node.entries),
    nodes.HashEntry: lambda node: f"{render(node.key)} => {render(node.value)}",
    nodes.BooleanExpression: lambda node: (
        f"{_operand(node.left)} {node.operator} {_operand(node.right)}"
    ),
    nodes.NegativeExpression: _negative,
    nodes.InExpression: lambda node: f"{render(node.item)} in {render(node.list)}",
    nodes.NotInExpression: lambda node: f"{render(node.item)} not in {render(node.list)}",
    nodes.ComparisonExpression: lambda node: (
        f"{render(node.left)} {node.operator} {render(node.right)}"
    ),
    nodes.RegexpExpression: lambda node: (
        f"{render(node.left)} {node.operator} {render(node.right)}"
    ),
    nodes.Selector: lambda node: node.text,
    nodes.Regexp: lambda node: f"/{node.pattern}/",
    nodes.MethodCall: lambda node: f"{node.name}({_list(node.arguments)})",
}
