"""Recordings of the real controller, replayed through the emulation: one kind a module.

A record is what one line of a file holds. ``expected`` is what was observed and ``observe``
what the emulation makes of the same input, both as plain data in one form.
"""

from __future__ import annotations

__all__ = ["milliseconds"]


def milliseconds(seconds: float) -> int:
    """Recorded seconds, exact to one thousandth."""
    return round(seconds * 1000)
