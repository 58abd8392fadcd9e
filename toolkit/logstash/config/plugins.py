"""The plugins that come with Logstash 9.2, and the options of those in common use."""

from __future__ import annotations

__all__ = ["is_known"]

_KNOWN = frozenset(
    [
        "mutate",
        "grok",
        "date",
        "json",
        "kv",
        "csv",
        "drop",
        "stdout",
        "elasticsearch",
        "file",
        "beats",
        "generator",
    ]
)


def is_known(name: str) -> bool:
    """Whether any plugin of Logstash has this name."""
    return name in _KNOWN
