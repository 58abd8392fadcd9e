"""The grammar of conditions."""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias, cast

from toolkit.errors import Unsupported
from toolkit.logstash.config.cursor import SPACE, Cursor
from toolkit.logstash.config.faults import Fault, FaultTexts
from toolkit.logstash.config.nodes import (
    BooleanExpression,
    ComparisonExpression,
    Condition,
    InExpression,
    MethodCall,
    NegativeExpression,
    NotInExpression,
    Regexp,
    RegexpExpression,
    RValue,
    Selector,
)
from toolkit.logstash.config.values import array, bareword, comma_separated, number, string

_fault = FaultTexts(__package__)
MAX_OPERANDS = 300
"""Maximum number of operands of a condition, so that no walk over it exceeds the stack."""

BooleanOperator: TypeAlias = Literal["and", "or", "xor", "nand"]

_BOOLEAN = re.compile(r"and|or|xor|nand")
_COMPARISON = re.compile(r"==|!=|<=|>=|<|>")
_REGEXP_OPERATOR = re.compile(r"=~|!~")
_NOT_IN = re.compile(rf"not {SPACE}in")
_SELECTOR = re.compile(r"(?:\[[^\]\[,]+\])+")
_REGEXP = re.compile(r"/((?:\\/|[^/])*+)/")


def condition(cursor: Cursor) -> Condition:
    """``condition: expression (cs boolean_operator cs expression)*``."""
    start = cursor.position
    operands = [expression(cursor)]
    operators: list[BooleanOperator] = []
    end = cursor.position
    while operator := _boolean_operator(cursor):
        operators.append(operator)
        cursor.skip()
        operands.append(expression(cursor))
        end = cursor.position
    if len(operators) > 1 and not {"and", "or"}.issuperset(operators):
        cursor.chains.append((start, end))
    cursor.position = end
    return _join(operands, operators)


def _boolean_operator(cursor: Cursor) -> BooleanOperator | None:
    """``boolean_operator: "and" / "or" / "xor" / "nand"``."""
    cursor.skip()
    return cast("BooleanOperator | None", cursor.take(_BOOLEAN))


def _join(operands: list[Condition], operators: list[BooleanOperator]) -> Condition:
    """Group operands as Logstash's shunting yard does.

    On a weaker operator it reduces one pending operator, not all: so ``a and b and c or d``
    means ``a and ((b and c) or d)``.
    """
    grouped = operands[:1]
    waiting: list[BooleanOperator] = []

    def group() -> None:
        right, left = grouped.pop(), grouped.pop()
        span = (left.span[0], right.span[1])
        grouped.append(BooleanExpression(waiting.pop(), left, right, span=span))

    for operator, operand in zip(operators, operands[1:], strict=True):
        if waiting and waiting[-1] == "and" and operator == "or":
            group()
        waiting.append(operator)
        grouped.append(operand)
    while waiting:
        group()
    return grouped[0]


def expression(cursor: Cursor) -> Condition:
    """``expression: "(" cs condition cs ")" / negative_expression / operation / rvalue``."""
    if cursor.sees("("):
        return _parenthesised(cursor)
    if cursor.sees("!"):
        return negative_expression(cursor)
    left = rvalue(cursor)
    if left is None:
        cursor.fail("operand")
    end = cursor.position
    cursor.skip()
    operation = _operation(cursor, left)
    if operation is None:
        cursor.position = end
        return left
    return operation


def _parenthesised(cursor: Cursor) -> Condition:
    """``"(" cs condition cs ")"``."""
    with cursor.inside("parenthesis", cursor.position, "()", "operator"):
        return condition(cursor)


def negative_expression(cursor: Cursor) -> NegativeExpression:
    """``negative_expression: "!" cs "(" cs condition cs ")" / "!" cs selector``."""
    start = cursor.position
    cursor.expect("!", "operand")
    cursor.skip()
    operand = _parenthesised(cursor) if cursor.sees("(") else selector(cursor)
    if operand is None:
        cursor.fail("negated operand")
    return NegativeExpression(operand, span=(start, cursor.position))


def _operation(cursor: Cursor, left: RValue) -> Condition | None:
    """``operation: rvalue cs (in / "not " cs in / compare / regexp) cs rvalue``, from ``cs``."""
    if cursor.accept("in"):
        return InExpression(left, _right(cursor), span=(left.span[0], cursor.position))
    if cursor.take(_NOT_IN):
        return NotInExpression(left, _right(cursor), span=(left.span[0], cursor.position))
    if operator := cursor.take(_REGEXP_OPERATOR):
        cursor.skip()
        pattern = string(cursor) or regexp(cursor)
        if pattern is None:
            cursor.fail("pattern")
        span = (left.span[0], cursor.position)
        return RegexpExpression(cast(Any, operator), left, pattern, span=span)
    if operator := cursor.take(_COMPARISON):
        right = _right(cursor)
        span = (left.span[0], cursor.position)
        return ComparisonExpression(cast(Any, operator), left, right, span=span)
    return None


def _right(cursor: Cursor) -> RValue:
    """``cs rvalue``."""
    cursor.skip()
    found = rvalue(cursor)
    if found is None:
        cursor.fail("right operand")
    return found


def rvalue(cursor: Cursor) -> RValue | None:
    """``rvalue: string / number / selector / array / method_call / regexp``."""
    cursor.operands += 1
    if cursor.operands > MAX_OPERANDS:
        raise Unsupported(_too_long(cursor).finding(cursor.sources))
    if text := string(cursor):
        return cursor.meaning.of_operand(text)
    found = number(cursor) or selector(cursor)
    if found:
        return found
    if cursor.sees("["):
        return array(cursor)
    return method_call(cursor) or regexp(cursor)


def _too_long(cursor: Cursor) -> Fault:
    span = (cursor.position, cursor.position + 1)
    return _fault("many-operands", span, most=MAX_OPERANDS)


def selector(cursor: Cursor) -> Selector | None:
    r"""``selector: ("[" [^\]\[,]+ "]")+``."""
    start = cursor.position
    text = cursor.take(_SELECTOR)
    return Selector(text, span=(start, cursor.position)) if text else None


def regexp(cursor: Cursor) -> Regexp | None:
    r"""``regexp: '/' ('\/' / !'/' .)* '/'``."""
    start = cursor.position
    if not cursor.sees("/"):
        return None
    text = cursor.take(_REGEXP)
    if text is None:
        cursor.fail("slash")
    return Regexp(text[1:-1], span=(start, cursor.position))


def method_call(cursor: Cursor) -> MethodCall | None:
    """``method_call: bareword cs "(" cs (rvalue (cs "," cs rvalue)*)? cs ")"``."""
    start = cursor.position
    name = bareword(cursor)
    if name is None:
        return None
    cursor.skip()
    if not cursor.sees("("):
        cursor.fail("operand", start)
    with cursor.inside(f"method call `{name.value}`", start, "()", "comma"):
        arguments = comma_separated(cursor, _right, ")")
    return MethodCall(name.value, arguments, span=(start, cursor.position))
