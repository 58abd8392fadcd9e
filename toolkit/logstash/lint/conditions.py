"""Conditions that hold always or never, or that drop the events they are asked of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault, FaultTexts
from toolkit.logstash.fields import Name, name_of, shown
from toolkit.logstash.flow.graph import Flow

LOSES_EVENTS = "loses-events"
"""The kind of the faults of conditions that drop events."""
_fault = FaultTexts(__package__)
_WHOLE = re.compile(r"%\{(?:INT|POSINT|NONNEGINT|BASE16NUM)\b")
"""A capture of whole numbers."""
_ORDERS = {"<", ">", "<=", ">="}
_CONSTANTS = nodes.String | nodes.Number | nodes.Array | nodes.Regexp
_Guards = frozenset[str]
_PARSED = frozenset({""})
"""All fields that filters write: a tag of failure is known not to be there."""


def condition_faults(
    configuration: nodes.Configuration, flow: Flow, given: Iterable[Name] = ()
) -> Iterator[Fault]:
    """Check every condition of a configuration.

    Args:
        configuration: The configuration.
        flow: Has the types of the fields there.
        given: Fields that all events arrive with.
    """
    there = frozenset(map(shown, given))
    for section in configuration.sections:
        yield from _body(section.body, there, configuration.sources.text, flow)


def _body(
    statements: Iterable[nodes.Statement], guards: _Guards, text: str, flow: Flow
) -> Iterator[Fault]:
    for statement in statements:
        if isinstance(statement, nodes.Branch):
            yield from _branch(statement, guards, text, flow)


def _branch(branch: nodes.Branch, guards: _Guards, text: str, flow: Flow) -> Iterator[Fault]:
    """``guards`` are the fields known to be there."""
    for entry in branch.entries:
        within = guards
        if entry.condition is not None:
            yield from _Asked(text, flow).faults(entry.condition, guards)
            within = guards | _present(entry.condition, when=True)
            guards = guards | _present(entry.condition, when=False)
        yield from _body(entry.body, within, text, flow)


def _present(condition: nodes.Condition, *, when: bool) -> _Guards:
    """The fields that must be there if ``condition`` has come out as ``when``."""
    match condition:
        case nodes.NegativeExpression(operand):
            return _present(operand, when=not when)
        case nodes.BooleanExpression(operator, left, right):
            if (operator, when) not in {("and", True), ("or", False), ("nand", False)}:
                return frozenset()
            side = operator != "or"
            return _present(left, when=side) | _present(right, when=side)
        case nodes.InExpression(nodes.String(tag), nodes.Selector("[tags]")):
            return _PARSED if not when and tag.startswith("_") else frozenset()
        case nodes.NotInExpression(nodes.String(tag), nodes.Selector("[tags]")):
            return _PARSED if when and tag.startswith("_") else frozenset()
    return _asked_for(condition, when=when)


def _asked_for(condition: nodes.Condition, *, when: bool) -> _Guards:
    match condition:
        case nodes.Selector(text) | nodes.InExpression(nodes.Selector(text)) if when:
            return frozenset({text})
        case nodes.ComparisonExpression(operator, nodes.Selector(text), right):
            constant = isinstance(right, nodes.String | nodes.Number)
            return frozenset({text}) if constant and (operator != "!=") is when else frozenset()
        case nodes.RegexpExpression(operator, nodes.Selector(text)):
            return frozenset({text}) if (operator == "=~") is when else frozenset()
    return frozenset()


class _Asked:
    """Looks at one condition."""

    def __init__(self, text: str, flow: Flow) -> None:
        self.text = text
        self.flow = flow

    def faults(self, condition: nodes.Condition, guards: _Guards) -> Iterator[Fault]:
        """Name what is odd in ``condition``, asked where ``guards`` are there."""
        match condition:
            case nodes.NegativeExpression(operand):
                yield from self.faults(operand, guards)
            case nodes.BooleanExpression(operator, left, right):
                yield from self._grouping(condition)
                yield from self.faults(left, guards)
                first = _present(left, when=operator != "or")
                yield from self.faults(right, guards | first)
            case nodes.ComparisonExpression():
                yield from self._comparison(condition, guards)
            case nodes.RegexpExpression():
                yield from self._regexp(condition)
            case nodes.InExpression() | nodes.NotInExpression():
                yield from self._in(condition)
            case nodes.String() | nodes.Number() | nodes.Array() | nodes.Regexp():
                yield _constant(condition)

    def _grouping(self, node: nodes.BooleanExpression) -> Iterator[Fault]:
        """``a and b and c or d``: not what it is everywhere else."""
        right = node.right
        if node.operator != "and" or not isinstance(right, nodes.BooleanExpression):
            return
        if right.operator != "or" or self._parenthesised(right.span):
            return
        yield _fault("and-before-or", node.span)

    def _parenthesised(self, span: tuple[int, int]) -> bool:
        before, after = self.text[: span[0]].rstrip(), self.text[span[1] :].lstrip()
        return before.endswith("(") and after.startswith(")")

    def _comparison(self, node: nodes.ComparisonExpression, guards: _Guards) -> Iterator[Fault]:
        left, right = node.left, node.right
        if not isinstance(left, nodes.Selector):
            left, right = right, left
        if not isinstance(left, nodes.Selector):
            yield _constant(node)
            return
        yield from _template(right)
        yield from _timestamp(node, left, right)
        clash = self._clash(node, left, right)
        if clash:
            yield clash
        elif node.operator in _ORDERS and left.text != "[@timestamp]":
            yield from self._ordering(node, [left, right], guards)

    def _ordering(
        self, node: nodes.ComparisonExpression, operands: list[nodes.RValue], guards: _Guards
    ) -> Iterator[Fault]:
        loose = [
            operand.text
            for operand in operands
            if isinstance(operand, nodes.Selector) and not self._is_there(operand.text, guards)
        ]
        if loose:
            values = {"field": loose[0], "operator": node.operator}
            yield _fault("order-of-missing", node.span, **values)

    def _is_there(self, reference: str, guards: _Guards) -> bool:
        name = name_of(reference)
        written = name is not None and self.flow.has(name)
        return reference in guards or (written and guards >= _PARSED)

    def _form(self, selector: nodes.Selector) -> str | None:
        """The only type the field can have, if it is there: ``text`` or ``number``."""
        read = self.flow.selectors.get(selector.span)
        return read.form if read else None

    def _clash(
        self, node: nodes.ComparisonExpression, left: nodes.Selector, right: nodes.RValue
    ) -> Fault | None:
        """A field that is surely text against a number, or the reverse."""
        form = self._form(left)
        other = {nodes.String: "text", nodes.Number: "number"}.get(type(right))
        if form not in {"text", "number"} or other in {None, form}:
            return None
        ordered = node.operator in _ORDERS
        outcome = "always" if node.operator == "!=" else "never"
        fault = _fault(
            "other-type",
            node.span,
            field=left.text,
            form="text" if form == "text" else "a number",
            other="string" if other == "text" else "number",
            holds="drops every event that has the field" if ordered else f"{outcome} holds",
            convert="string" if other == "text" else self._number(node, left, right),
        )
        return replace(fault, kind=LOSES_EVENTS) if ordered else fault

    def _number(
        self, node: nodes.ComparisonExpression, field: nodes.Selector, constant: nodes.RValue
    ) -> str:
        """The type in which a field is comparable: 500.0 does not equal 500, but has an order."""
        read = self.flow.selectors.get(field.span)
        made = [step.text for step in read.made_by] if read else []
        whole = isinstance(constant, nodes.Number) and isinstance(constant.value, int)
        ordered = node.operator in _ORDERS
        captured = bool(made) and all(_WHOLE.search(text) for text in made)
        return "integer" if whole and (captured or not ordered) else "float"

    def _regexp(self, node: nodes.RegexpExpression) -> Iterator[Fault]:
        if not isinstance(node.left, nodes.Selector):
            yield _constant(node)
            return
        yield from _template(node.right)
        if node.left.text == "[@timestamp]" or self._form(node.left) == "number":
            outcome = "never" if node.operator == "=~" else "always"
            values = {"field": node.left.text, "operator": node.operator, "outcome": outcome}
            yield _fault("not-text", node.span, **values)

    def _in(self, node: nodes.InExpression | nodes.NotInExpression) -> Iterator[Fault]:
        outcome = "never" if isinstance(node, nodes.InExpression) else "always"
        if isinstance(node.item, _CONSTANTS) and isinstance(node.list, _CONSTANTS):
            yield _constant(node)
        elif isinstance(node.list, nodes.Selector) and set("\"'") & set(node.list.text):
            values = {
                "list": node.list.text,
                "value": node.list.text.strip("[]").strip("\"'"),
                "operator": "==" if outcome == "never" else "!=",
            }
            yield _fault("list-of-one", node.list.span, **values, outcome=outcome)
        else:
            yield from _template(node.list)


def _template(operand: nodes.RValue) -> Iterator[Fault]:
    if isinstance(operand, nodes.String) and re.search(r"%\{[^}]+\}", operand.value):
        yield _fault("literal-template", operand.span, template=operand.value)


def _timestamp(
    node: nodes.ComparisonExpression, left: nodes.Selector, right: nodes.RValue
) -> Iterator[Fault]:
    if left.text == "[@timestamp]" and isinstance(right, nodes.String | nodes.Number):
        outcome = "always" if node.operator == "!=" else "never"
        yield _fault("timestamp-compared", node.span, outcome=outcome)


def _constant(node: nodes.Node) -> Fault:
    return _fault("constant-condition", node.span)
