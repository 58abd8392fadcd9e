"""What the real controller says that it does: each sync that decided, out of its log."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_LINE = re.compile(
    r"I(?P<time>\d{4} \d\d:\d\d:\d\d\.\d+) .*?\] "
    r'"(?P<said>Proposing desired replicas|Decided not to scale|Successfully rescaled)" .*?'
    r'(?:HPA="|scaleTarget="\w+/)(?P<namespace>[\w-]+)/'
)
_NUMBER = re.compile(r" desiredReplicas=(\d+)")


@dataclass(frozen=True)
class Sync:
    """One sync; times in milliseconds since the epoch."""

    at: float
    """When it knew what the metrics propose, or, where it asked for none, when it was done."""
    done: float
    wanted: int | None
    """What the metrics propose, before windows and limits; None if it asked for none."""
    replicas: int
    """After it."""
    scaled: bool
    """Whether it changed them."""


def syncs(log: Path) -> Mapping[str, list[Sync]]:
    """By namespace, all syncs of the one autoscaler in it; those that failed leave no trace."""
    found: dict[str, list[Sync]] = defaultdict(list)
    proposed: dict[str, tuple[float, int]] = {}
    for line in log.read_text("utf-8").splitlines():
        told, number = _LINE.match(line), _NUMBER.search(line)
        if told is None or number is None:
            continue
        namespace, time, replicas = told["namespace"], _epoch(told["time"]), int(number[1])
        if told["said"].startswith("Proposing"):
            proposed[namespace] = time, replicas
        else:
            at, wanted = proposed.pop(namespace, (time, None))
            found[namespace].append(
                Sync(at, time, wanted, replicas, told["said"].startswith("Success"))
            )
    return found


def _epoch(text: str) -> float:
    """The log has no year, and is told to have UTC."""
    now = datetime.now(UTC)
    return (
        datetime.strptime(f"{now.year} {text} +0000", "%Y %m%d %H:%M:%S.%f %z").timestamp() * 1000
    )
