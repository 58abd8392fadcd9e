"""Engines that match what the parser has read. Each keeps the meaning, or says it cannot."""

from __future__ import annotations

__all__ = ["NotKept"]


class NotKept(Exception):
    """The engine would give the expression another meaning."""
