"""Conditions of branches, compiled to functions of an event."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from toolkit.findings import Finding
from toolkit.languages import ruby_regex
from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault, Span
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.event.comparison import (
    MISSING,
    ImpossibleComparison,
    PipelineDied,
    comparable,
    compare,
    equal,
)
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.ruby import to_s
from toolkit.logstash.event.values import to_text
from toolkit.logstash.unknown import UnknownRead

Test: TypeAlias = Callable[[Event], bool]
"""Raises `ImpossibleComparison`, `PipelineDied`, or `UnknownRead` where it is not decided."""

_ORDERS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(slots=True)
class Compiler:
    """Compiles conditions, and collects what is wrong with them."""

    sources: Sources
    faults: list[Fault] = field(default_factory=list)
    unsupported: list[Finding] = field(default_factory=list)
    """Expressions that Ruby takes and no engine here keeps: their tests decide nothing."""
    risks: list[Test] = field(default_factory=list)
    """The parts that can fail on an event, which costs it."""

    def compile(self, condition: nodes.Condition) -> Test:
        """Compile one; where it has a fault, the result is of no use."""
        match condition:
            case nodes.BooleanExpression(kind, left, right):
                return _boolean(kind, self.compile(left), self.compile(right))
            case nodes.NegativeExpression(operand):
                return _negated(self.compile(operand))
            case nodes.ComparisonExpression(sign, left, right):
                return self._comparison(sign, left, right, condition.span)
            case nodes.RegexpExpression(sign, left, right):
                found = self._match(left, right)
                return found if sign == "=~" else _negated(found)
            case nodes.InExpression(item, container):
                return self._contained(item, container)
            case nodes.NotInExpression(item, container):
                return _negated(self._contained(item, container))
            case _:
                return _truthy(condition)

    def _comparison(self, sign: str, left: nodes.RValue, right: nodes.RValue, span: Span) -> Test:
        if sign in ("==", "!="):
            return _equality(left, right, wanted=sign == "==")
        order = _ORDERS[sign]
        if isinstance(left, nodes.Selector):
            return self._risky(_ordering(order, left, right, span))
        if isinstance(right, nodes.Selector):
            return self._comparison(_MIRRORED[sign], right, left, span)
        first, second = _constant(left), _constant(right)
        if not comparable(first, second):
            self.faults.append(_incomparable(span))
            return _never
        answer = order(compare(first, second), 0)
        return lambda event: answer

    def _contained(self, item: nodes.RValue, container: nodes.RValue) -> Test:
        test = _contained(item, container)
        both = isinstance(item, nodes.Selector) and isinstance(container, nodes.Selector)
        return self._risky(test) if both else test

    def _risky(self, test: Test) -> Test:
        self.risks.append(test)
        return test

    def _match(self, left: nodes.RValue, pattern: nodes.String | nodes.Regexp) -> Test:
        text = pattern.value if isinstance(pattern, nodes.String) else pattern.pattern
        try:
            search = ruby_regex.compile(text).search
        except ruby_regex.RegexError as error:
            fault = _bad_regex(pattern, text, error)
            if error.unsupported:
                self.unsupported.append(fault.finding(self.sources))
                return _undecided(self.unsupported[-1])
            self.faults.append(fault)
            return _never
        read = _read(left)

        def matches(event: Event) -> bool:
            value = read(event)
            return isinstance(value, str) and search(value) is not None

        return matches


def _never(event: Event) -> bool:
    return False


def _undecided(reason: Finding) -> Test:
    def test(event: Event) -> bool:
        raise UnknownRead(reason)

    return test


def _boolean(kind: str, left: Test, right: Test) -> Test:
    match kind:
        case "and":
            return lambda event: left(event) and right(event)
        case "or":
            return lambda event: left(event) or right(event)
        case "nand":
            return lambda event: not (left(event) and right(event))
        case _:
            return lambda event: left(event) != right(event)


def _negated(test: Test) -> Test:
    return lambda event: not test(event)


def _truthy(operand: nodes.Condition) -> Test:
    """False are a missing field, null, false, the empty string and the string ``false``."""
    read = _read(operand)

    def truthy(event: Event) -> bool:
        value = read(event)
        if value is MISSING or value is None or value is False:
            return False
        return value not in ("", "false")

    return truthy


def _equality(left: nodes.RValue, right: nodes.RValue, *, wanted: bool) -> Test:
    first, second = _read(left), _read(right)
    return lambda event: equal(first(event), second(event)) is wanted


def _ordering(
    order: Callable[[int, int], bool], left: nodes.Selector, right: nodes.RValue, span: Span
) -> Test:
    reference, other = left.text, _read(right)

    def holds(event: Event) -> bool:
        try:
            return order(compare(event.get(reference, MISSING), other(event)), 0)
        except ImpossibleComparison as error:
            error.span = span
            raise

    return holds


def _contained(item: nodes.RValue, container: nodes.RValue) -> Test:
    """Compile ``in``; a constant is never in a constant."""
    match item, container:
        case nodes.Selector(item_field), nodes.Selector(container_field):
            return lambda event: _is_in(
                event.get(item_field, MISSING), event.get(container_field, MISSING)
            )
        case nodes.Selector(item_field), nodes.Array(values):
            texts = frozenset(to_text(_constant(value)) for value in values)
            return lambda event: _is_among(event.get(item_field, MISSING), texts)
        case nodes.Selector(item_field), _:
            text = to_text(_constant(container))
            return lambda event: _is_part(event.get(item_field), text)
        case _, nodes.Selector("[tags]" | "tags"):
            value = _constant(item)
            return lambda event: _holds(event.tags_about(value), value)
        case _, nodes.Selector(container_field):
            value = _constant(item)
            return lambda event: _holds(event.get(container_field), value)
        case _:
            return _never


def _is_in(item: Any, container: Any) -> bool:
    """``[item] in [container]``."""
    if isinstance(item, list | dict):
        return False
    if isinstance(item, str) and isinstance(container, str):
        return item in container
    if not isinstance(container, list):
        return item is not MISSING and equal(item, container)
    if item is MISSING and container:
        raise PipelineDied("a missing field is looked for in an array")
    return any(equal(item, each) for each in container)


def _is_among(item: Any, texts: frozenset[str]) -> bool:
    """``[item] in ["a", 1]``: by their texts, Ruby's for the field."""
    return item is not MISSING and not isinstance(item, list | dict) and to_s(item) in texts


def _is_part(item: Any, text: str) -> bool:
    """``[item] in "text"``."""
    return isinstance(item, str) and item in text


def _holds(container: Any, value: Any) -> bool:
    """``"value" in [container]``."""
    if isinstance(container, str) and isinstance(value, str):
        return value in container
    return isinstance(container, list) and any(equal(value, each) for each in container)


def _read(operand: nodes.Condition) -> Callable[[Event], Any]:
    if isinstance(operand, nodes.Selector):
        reference = operand.text
        return lambda event: event.get(reference, MISSING)
    value = _constant(operand)
    return lambda event: value


def _constant(operand: Any) -> Any:
    match operand:
        case nodes.String() | nodes.Number() | nodes.Bareword():
            return operand.value
        case nodes.Array(values):
            return [_constant(value) for value in values]
        case nodes.Regexp(pattern):
            return pattern
        case _:
            return MISSING


def _incomparable(span: Span) -> Fault:
    return Fault(
        what="two constants of different kinds are compared",
        span=span,
        why="Logstash cannot compile the condition: a number has no order with a string",
        fix="compare a field with a constant of the field's type.",
    )


def _bad_regex(
    pattern: nodes.String | nodes.Regexp, text: str, error: ruby_regex.RegexError
) -> Fault:
    raw = pattern.raw if isinstance(pattern, nodes.String) else pattern.pattern
    start, end = pattern.span
    if raw == text:
        start, end = start + 1 + error.start, start + 1 + max(error.end, error.start + 1)
    return Fault(
        what=f"the expression `{text}` is not one of Ruby's: {error.message}",
        span=(start, end),
        why="Logstash does not start its workers with it, though"
        " `--config.test_and_exit` accepts it",
        fix="correct the expression at the place shown.",
        kind="regex",
        logstash="Some worker(s) were not correctly initialized",
    )
