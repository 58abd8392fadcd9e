"""Grok: named patterns put together to a regular expression whose groups are fields.

Emulates jls-grok 0.11.5 with the pattern sets of logstash-patterns-core 4.3.

>>> from toolkit.logstash.grok import Expression, shipped_definitions
>>> expression = Expression("%{WORD:verb} %{INT:status:int}", shipped_definitions(ecs=True))
>>> expression.match("GET 200")
[('verb', 'GET'), ('status', 200)]
>>> expression.match("GET -") is None
True

The module ``explain`` finds the place at which an expression stopped matching.
"""

from __future__ import annotations

from toolkit.logstash.grok.definitions import parse_definitions, shipped_definitions
from toolkit.logstash.grok.expression import Capture, Expression, ExpressionError

__all__ = ["Capture", "Expression", "ExpressionError", "parse_definitions", "shipped_definitions"]
