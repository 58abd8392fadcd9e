"""Detection of port-forwards, which send all requests to one pod."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_PROGRAMS = ("k9s",)
"""Programs that forward ports without an option on their command line."""


def is_here(url: str) -> bool:
    """Return True if a URL names this machine.

    >>> is_here("http://localhost:8080"), is_here("http://[::1]"), is_here("http://shop.example")
    (True, True, False)
    """
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def forwarded(url: str) -> str:
    """The command that forwards the port of a URL on this machine; empty where none is known.

    Processes of other users cannot be seen.
    """
    if not is_here(url):
        return ""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme, 80)
    return next((words for words in _listeners(port) if _forwards(words)), "")


def _forwards(words: str) -> bool:
    return "port-forward" in words or words.partition(" ")[0].endswith(_PROGRAMS)


def _listeners(port: int) -> list[str]:
    """The command lines of what listens on a port of this machine."""
    # Locust brings psutil: the core does without both.
    import psutil  # type: ignore[import-untyped]

    found = []
    for process in psutil.process_iter(["cmdline"]):
        try:
            own = process.net_connections(kind="tcp")
        except (psutil.Error, OSError):
            continue
        if any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in own):
            found.append(" ".join(process.info["cmdline"] or ()))
    return found
