"""The true place of a syntax error, and what to do about it."""

from __future__ import annotations

from toolkit.logstash.config.cursor import Cursor
from toolkit.logstash.config.faults import Fault, SyntaxFault

__all__ = ["diagnose"]


def diagnose(cursor: Cursor, fault: SyntaxFault) -> Fault:
    """Put a fault of syntax into words."""
    return Fault(f"wanted {fault.wanted}", (fault.at, fault.at + 1), "", "")
