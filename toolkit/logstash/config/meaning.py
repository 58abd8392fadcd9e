r"""The value of a string: its escapes, and the environment variables in it.

``${NAME}`` and ``${NAME:default}`` are replaced by an environment variable in the values of
options and in the operands of conditions, not in names, keys of hashes and regular
expressions. In a condition only a string that consists of one variable is replaced; in an
option, variables may be anywhere. As Logstash 9.2.0 does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from toolkit.logstash.config.faults import Fault, FaultTexts
from toolkit.logstash.config.nodes import Array, String

_fault = FaultTexts(__package__)
_VARIABLE = re.compile(r"\$\{(?P<name>[a-zA-Z_.][a-zA-Z0-9_.]*)(?::(?P<default>[^}]*))?\}")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\", '"': '"', "'": "'"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """Evaluates strings; collects undefined variables as faults."""

    support_escapes: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    keep_undefined: bool = False
    """True if a reference to an undefined variable is kept and not a fault."""
    faults: list[Fault] = field(default_factory=list)

    def of_constant(self, node: String) -> String:
        r"""Decode escapes if ``config.support_escapes``; unknown ones keep their backslash.

        >>> Meaning(support_escapes=True).of_constant(String(r"a\tb\d")).value
        'a\tb\\d'
        """
        value = node.raw
        if self.support_escapes:
            value = _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[0]), value)
        return replace(node, value=value)

    def of_operand(self, node: String) -> String:
        """Replace a string that consists of one variable."""
        constant = self.of_constant(node)
        match = _VARIABLE.fullmatch(constant.value)
        return replace(constant, value=self._look_up(match, node)) if match else constant

    def of_option(self, node: String) -> String | Array:
        """Replace all variables.

        The result of variables and other text loses quotes around it, and becomes an array if
        brackets are around it: `refine` of Logstash's substitution, which is not applied to a
        variable alone.

        >>> Meaning(environment={"A": "1"}).of_option(String("${A}-${B:2}")).value
        '1-2'
        """
        operand = self.of_operand(node)
        undefined = operand.value == node.raw and _VARIABLE.fullmatch(node.raw)
        if undefined or not _VARIABLE.search(operand.value):
            return operand
        filled = _VARIABLE.sub(lambda match: self._look_up(match, node), operand.value)
        filled = _without_quotes(filled)
        if not (filled.startswith("[") and filled.endswith("]")):
            return replace(operand, value=filled)
        items = filled[1:-1].rstrip(",").split(",") if filled != "[]" else []
        values = (replace(node, value=_without_quotes(item.strip())) for item in items)
        return Array(tuple(values), span=node.span)

    def _look_up(self, match: re.Match[str], node: String) -> str:
        found = self.environment.get(match["name"], match["default"])
        if found is None:
            if not self.keep_undefined:
                self.faults.append(_undefined(match, node))
            return match[0]
        return found


def _without_quotes(text: str) -> str:
    for quote in "'\"":
        if text.startswith(quote) and text.endswith(quote):
            text = text[1:-1]
    return text


def _undefined(match: re.Match[str], node: String) -> Fault:
    name, start = match["name"], node.span[0] + max(node.raw.find(match[0]), 0) + 1
    span = (start, start + len(match[0]))
    return _fault("undefined-variable", span, name=name, written=match[0])
