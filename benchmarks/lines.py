"""The lines that are measured: an access log made up, and what the reference service wrote."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

ROOT = Path(__file__).parent.parent
SERVICE_EXPRESSION = (
    "%{TIMESTAMP_ISO8601:time} %{LOGLEVEL:level} %{DATA:message} method=%{WORD:method}"
    " path=%{NOTSPACE:path} status=%{INT:status:int} latency_ms=%{NUMBER:latency_ms:float}"
    " request_id=%{NOTSPACE:request_id}"
)
"""Takes a line of a request apart, in names that pygrok knows too."""
_SAMPLES = ROOT / "pipelines" / "samples"
_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0",
    "curl/8.10.1",
    "-",
)


def access_log(count: int) -> list[str]:
    """Lines of Apache's combined log, the same ones each time."""
    return [_access(Random(number)) for number in range(count)]


def _access(random: Random) -> str:
    address = ".".join(str(random.randrange(1, 255)) for _ in range(4))
    path = "/".join(random.choice(("", "api", "v1", "orders", "img")) for _ in range(3))
    query = random.choice(("", f"?page={random.randrange(99)}&sort=name"))
    agent, day = random.choice(_AGENTS), random.randrange(10, 29)
    return (
        f"{address} - {random.choice('-af')} [{day}/Nov/2026:10:{day}:{day} +0000]"
        f' "GET /{path}{query} HTTP/1.1" {random.choice((200, 200, 304, 404))}'
        f' {random.randrange(99999)} "https://example.com/{path}" "{agent}"'
    )


def service_lines(count: int) -> list[str]:
    """Lines of requests, as the reference service wrote them, over and over."""
    lines = (_SAMPLES / "requests.log").read_text("utf-8").splitlines()
    return [lines[number % len(lines)] for number in range(count)]


def service_events(count: int) -> list[str]:
    """The messages of all samples, tracebacks joined to the lines before them."""
    text = "".join(path.read_text("utf-8") for path in sorted(_SAMPLES.glob("*.log")))
    messages = re.split(r"\n(?=\d{4}-)", text.removesuffix("\n"))
    return [messages[number % len(messages)] for number in range(count)]
