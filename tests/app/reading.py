"""Log lines and expositions read back, by other means than those that wrote them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes

from prometheus_client.parser import text_string_to_metric_families

_START = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ([A-Z]+) ")
_LINE = re.compile(_START.pattern + r"(?P<message>[^=]*?)(?P<fields>(?: [a-z_]+=[^ =]*)*)")

Series = Mapping[tuple[str, tuple[tuple[str, str], ...]], float]


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the log, decoded."""

    time: datetime
    level: str
    message: str
    fields: Mapping[str, bytes]
    traceback: tuple[str, ...] = ()

    @property
    def is_request(self) -> bool:
        return "request_id" in self.fields

    @property
    def status(self) -> str:
        return self.fields["status"].decode()


def read_lines(text: str) -> list[Line]:
    """Read a whole log; whatever is not in the form of a line raises `ValueError`."""
    records: list[list[str]] = []
    for line in text.removesuffix("\n").split("\n"):
        if _START.match(line):
            records.append([line])
        else:
            records[-1].append(line)
    return [_read(first, rest) for first, *rest in records]


def _read(first: str, rest: list[str]) -> Line:
    match = _LINE.fullmatch(first)
    if match is None:
        raise ValueError(f"not a log line: {first!r}")
    time, level, message, fields = match.groups()
    pairs = (field.partition("=") for field in fields.split())
    return Line(
        datetime.fromisoformat(time).replace(tzinfo=UTC),
        level,
        unquote_to_bytes(message).decode(),
        {name: unquote_to_bytes(value) for name, _, value in pairs},
        tuple(rest),
    )


def requests_by_status(lines: Iterable[Line]) -> Counter[str]:
    return Counter(line.status for line in lines if line.is_request)


def read_exposition(text: str) -> Series:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
