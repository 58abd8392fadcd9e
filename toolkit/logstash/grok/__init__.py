"""Grok: named patterns put together to a regular expression whose groups are fields.

Emulates jls-grok 0.11.5 and the pattern sets of logstash-patterns-core.
"""

from __future__ import annotations

__all__: list[str] = []
