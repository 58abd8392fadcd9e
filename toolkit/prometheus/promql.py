"""The selectors of a PromQL expression, and the labels it groups and joins by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import promql_parser as promql

from toolkit.findings import Location
from toolkit.languages.bounds import DEEPEST, too_deep
from toolkit.prometheus.selectors import Matcher, VectorSelector


class PromQLError(ValueError):
    """The text is not PromQL."""


_EXPRESSION = Location("expression")


def selectors(expression: str, where: Location = _EXPRESSION) -> tuple[VectorSelector, ...]:
    """Every selector of ``expression``, from left to right.

    Raises `PromQLError`, and `InputError` at ``where`` if the expression exceeds a bound.

    >>> [str(s) for s in selectors('sum by (job) (rate(x_total{status=~"5.."}[5m])) > 1')]
    ['x_total{status=~"5.."}']
    """
    _check_bounds(expression, where)
    try:
        tree = promql.parse(_RENAMED.sub("double_exponential_smoothing", expression))
    except ValueError as error:
        raise PromQLError(str(error)) from error
    return tuple(_walk(tree, VectorSelector("", ())))


_TOKEN = re.compile(
    r"""(?P<aside>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\#[^\n]*)
    |(?P<opens>[(\[{])|(?P<closes>[)\]}])
    |(?P<operator>[-+*/%^]|[=!<>]=?|\b(?:and|or|unless|atan2)\b)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_MOST_OPERATORS = 250
"""Each makes the tree one level deeper at worst."""


def _check_bounds(expression: str, where: Location) -> None:
    """Refuse what would exhaust the stack of the parser, which ends the process."""
    opened: list[str] = []
    operators = 0
    for token in _TOKEN.finditer(expression):
        if token["opens"]:
            opened.append(token["opens"])
        elif token["closes"] and opened:
            opened.pop()
        elif token["operator"]:
            operators += opened[-1:] != ["{"]
        if len(opened) > DEEPEST:
            raise too_deep("the expression", where)
        if operators > _MOST_OPERATORS:
            raise too_deep("the expression", where, _MOST_OPERATORS)


def _walk(node: Any, around: VectorSelector) -> Iterator[VectorSelector]:
    match node:
        case promql.VectorSelector():
            yield _selector(node, around)
        case promql.MatrixSelector():
            seconds = node.range.total_seconds()
            yield replace(_selector(node.vector_selector, around), window=seconds)
        case promql.Call():
            yield from _call(node, around)
        case promql.AggregateExpr():
            yield from _walk(node.expr, _grouped(node, around))
        case promql.BinaryExpr():
            yield from _binary(node, around)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            yield from _walk(node.expr, around)


# Prometheus 3.0 renamed the function; files for 2.x are valid all the same.
_RENAMED = re.compile(r"\bholt_winters\b(?=\s*\()")


def _selector(node: Any, around: VectorSelector) -> VectorSelector:
    if node.matchers.or_matchers:
        raise PromQLError("`or` between matchers is not part of PromQL")
    found = [Matcher(m.name, _OPERATORS[str(m.op)], m.value) for m in node.matchers.matchers]
    named = [m.value for m in found if m.label == "__name__" and m.operator == "="]
    return replace(
        around,
        metric=node.name or (named[0] if named else ""),
        matchers=tuple(m for m in found if m.label != "__name__"),
    )


def _call(node: Any, around: VectorSelector) -> Iterator[VectorSelector]:
    name = node.func.name
    made = node.args[1:2] if name in ("label_replace", "label_join") else []
    inner = replace(
        _without(around, [each.val for each in made]),
        functions=(*around.functions, name),
        guarded=around.guarded or name in ("absent", "absent_over_time"),
    )
    for argument in node.args:
        yield from _walk(argument, inner)


def _grouped(node: Any, around: VectorSelector) -> VectorSelector:
    labels = _labels(node.modifier) if node.modifier else ()
    functions = (*around.functions, str(node.op))
    made = [node.param.val] if isinstance(node.param, promql.StringLiteral) else []
    inner = _without(around, made)
    return replace(inner, labels=(*inner.labels, *labels), functions=functions)


def _binary(node: Any, around: VectorSelector) -> Iterator[VectorSelector]:
    left, right = _sides(node, around)
    guard = str(node.op) == "or" and _is_constant(node.rhs)
    yield from _walk(node.lhs, replace(left, guarded=True) if guard else left)
    yield from _walk(node.rhs, right)


def _sides(node: Any, around: VectorSelector) -> tuple[VectorSelector, VectorSelector]:
    """Return the side of an operator that has the labels of the result, and the other one.

    That is the many side of a join, which takes the labels of ``group_left`` from the
    other one, and the left side of ``and`` and ``unless``.
    """
    joined = _labels(node.modifier.matching) if node.modifier else ()
    both = replace(around, labels=(*around.labels, *joined))
    brought = _brought(node)
    many, one = _without(both, brought), replace(around, labels=(*joined, *brought))
    kind = str(node.modifier.card).rpartition(".")[2] if node.modifier else ""
    if str(node.op) in ("and", "unless") or kind == "ManyToOne":
        return many, one
    return (one, many) if kind == "OneToMany" else (both, both)


def _brought(node: Any) -> tuple[str, ...]:
    """Return the labels in the parentheses of ``group_left`` or ``group_right``."""
    return tuple(node.modifier.group_labels or ()) if node.modifier else ()


def _without(selector: VectorSelector, made: Sequence[str]) -> VectorSelector:
    """Return the selector without the labels that the expression itself makes."""
    return replace(selector, labels=tuple(each for each in selector.labels if each not in made))


def _labels(modifier: Any) -> tuple[str, ...]:
    """Return the labels of ``by``, ``on``; those of ``without``, ``ignoring`` need not exist."""
    if modifier is None:
        return ()
    kind = str(getattr(modifier, "type", "")).rpartition(".")[2].lower()
    return tuple(modifier.labels) if kind in ("by", "include") else ()


def _is_constant(node: Any) -> bool:
    """Return True if the other side of an ``or`` always has a value: ``vector(0)``."""
    match node:
        case promql.Call():
            return bool(node.func.name == "vector")
        case promql.ParenExpr():
            return _is_constant(node.expr)
        case promql.BinaryExpr():
            return _is_constant(node.lhs) or isinstance(node.lhs, promql.NumberLiteral)
        case _:
            return False


_OPERATORS = {
    "MatchOp.Equal": "=",
    "MatchOp.NotEqual": "!=",
    "MatchOp.Re": "=~",
    "MatchOp.NotRe": "!~",
}
