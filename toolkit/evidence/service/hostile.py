"""Requests that try to forge log lines, fields or metrics: a fixed corpus.

Each carries a unique marker, so that its line can be identified in any log format.
Requests that a server rejects before the application (raw control characters, headers
beyond its limits) are part of the corpus on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.evidence.service.traffic import Request

FORGED_STATUS = 599
"""The status that the forgeries contain; no real answer has it."""

_LINE = f"2026-01-10 00:45:12 INFO forged method=GET path=/ status={FORGED_STATUS} latency_ms=1"

_TARGETS: tuple[tuple[str, str], ...] = (
    ("CR and LF, percent-encoded", "/{m}%0d%0a" + _LINE.replace(" ", "%20")),
    ("LF, percent-encoded, twice", "/{m}%250a" + _LINE.replace(" ", "%2520")),
    ("a status in the path", f"/{{m}}%20status={FORGED_STATUS}%20latency_ms=1"),
    ("a status in the query", f"/{{m}}?status={FORGED_STATUS}&latency_ms=1"),
    ("quotes", "/{m}%22%27%60status=%22" + str(FORGED_STATUS) + "%22"),
    ("a raw double quote", '/{m}"status=' + str(FORGED_STATUS) + '"'),
    ("escape codes, percent-encoded", "/{m}%1b[2J%1b[31m%07"),
    ("bytes that are not UTF-8", "/{m}%ff%fe%c0%af"),
    ("NUL, percent-encoded", "/{m}%00status=" + str(FORGED_STATUS)),
    ("line separators of Unicode", "/{m}%e2%80%a8%c2%85" + _LINE.replace(" ", "%20")),
    ("right-to-left override", "/{m}%e2%80%aegpj.exe"),
    ("a path that climbs", "/{m}/../../..%2f..%2fetc/passwd"),
    ("braces and a sprintf reference", "/{m}%7b%25%7b[@metadata]%7d%7d%{{host}}"),
    ("brackets of a field reference", "/{m}[http][response][status_code]"),
    ("a long path", "/{m}" + "a" * 3000),
    ("a key repeated", f"/{{m}}%20path=/x%20path=/y%20status={FORGED_STATUS}"),
    ("a blank at the end", "/{m}%20"),
    ("non-ASCII letters", "/{m}/%c3%a9t%c3%a9/%e6%97%a5%e6%9c%ac"),
)

_HEADERS: tuple[tuple[str, bytes], ...] = (
    ("a user agent with quotes", b'User-Agent: "' + _LINE.encode() + b'"'),
    ("a user agent of 10 kB", b"User-Agent: " + b"A" * 10_240),
    ("a user agent with escape codes", b"User-Agent: \x1b[31mred\x1b[0m"),
    ("a user agent with raw high bytes", b"User-Agent: \xff\xfe\xc3\x28"),
    ("a forged request id", b"X-Request-ID: x status=" + str(FORGED_STATUS).encode()),
    ("a folded header", b"X-Note: a\r\n " + _LINE.encode()),
    ("a forwarded address that lies", b"X-Forwarded-For: 127.0.0.1 status=599, \x22"),
)

_RAW: tuple[tuple[str, bytes], ...] = (
    ("a raw bad byte in the path", b"GET /{m}\xff HTTP/1.1\r\nHost: h\r\n"),
    ("a raw blank in the path", b"GET /{m} status=599 HTTP/1.1\r\nHost: h\r\n"),
    ("an unknown method", b"FORGE /{m} HTTP/1.1\r\nHost: h\r\n"),
    ("a method that is a line", b"GET\tstatus=599 /{m} HTTP/1.1\r\nHost: h\r\n"),
    ("no host", b"GET /{m} HTTP/1.1\r\n"),
    ("an old protocol", b"GET /{m} HTTP/1.0\r\n"),
)


def hostile_requests(run: str) -> Iterator[Request]:
    """Yield the corpus, each request with a marker made of ``run`` and its number."""
    for number, (name, raw) in enumerate(_templates(), 1):
        marker = f"hostile-{run}-{number:02d}"
        yield Request(name, raw.replace(b"{m}", marker.encode()), None, marker)


def _templates() -> Iterator[tuple[str, bytes]]:
    end = b"Connection: close\r\n\r\n"
    for name, target in _TARGETS:
        line = b"GET " + target.encode("latin-1") + b" HTTP/1.1\r\nHost: h\r\n"
        yield name, line + end
    for name, header in _HEADERS:
        yield name, b"GET /{m} HTTP/1.1\r\nHost: h\r\n" + header + b"\r\n" + end
    for name, head in _RAW:
        yield name, head + end
