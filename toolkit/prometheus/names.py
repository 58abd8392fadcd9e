"""Similar names of metrics."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SUFFIXES = ("_total", "_bucket", "_sum", "_count", "_seconds", "_bytes", "_info", "_created")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the most similar known name of the same kind; else None.

    Suffixes that show the type of a metric must be equal, so a counter is never suggested for a
    gauge.

    >>> nearest("http_request_total", ["http_requests_total", "http_request_size"])
    'http_requests_total'
    >>> nearest("http_requests_total", ["http_requests_capacity"])
    """
    alike = [each for each in known if _suffix(each) == _suffix(name)]
    return next(iter(get_close_matches(name, alike, n=1, cutoff=0.7)), None)


def _suffix(name: str) -> str:
    return next((each for each in _SUFFIXES if name.endswith(each)), "")
