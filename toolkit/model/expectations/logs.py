"""Log lines, the pipeline that parses them, and the fields that come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from toolkit.model.expectations import Expectation
from toolkit.model.expectations.thresholds import Threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldExpectation(Expectation):
    """A field has this Elasticsearch type, and its values keep these bounds."""

    type: str
    """A field type of Elasticsearch: ``date``, ``short``, ``float``, ``keyword``, …"""
    role: Literal["status", "latency", "level", "route", "id"] | None = None
    """What the field means to the questions that are asked of all services."""
    unit: Literal["s", "ms", "us", "ns"] = "ms"
    """The unit of a latency."""
    between: tuple[float, float] | None = None
    """Both ends included."""
    at_least: float | None = None
    at_most: float | None = None
    one_of: tuple[Any, ...] = ()
    p50: Threshold | None = None
    """Of a latency, as ``< 250 ms``; so are the next four."""
    p95: Threshold | None = None
    p99: Threshold | None = None
    mean: Threshold | None = None
    maximum: Threshold | None = None
    errors: Threshold | None = None
    """Of a status: the share of 500 and above, as ``< 1 %``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerExpectation(Expectation):
    """Each of some lines, made from the samples and sent on purpose, is indexed once."""

    via: Literal["pipeline", "filebeat"] = "pipeline"
    """Through the emulated pipeline into the index, or into a file that Filebeat reads."""
    lines: int = 500
    within: float = 60.0
    """Seconds until all of them must be there."""
    path: str | None = None
    """The file that a running Filebeat reads; lines are appended, and stay."""
    id: str | None = None
    """The field whose value tells lines apart; default: the one with ``role: id``."""

    def __post_init__(self) -> None:
        if not 0 < self.lines <= 5000:
            raise ValueError("`lines` is between 1 and 5000")
        if self.within <= 0:
            raise ValueError("`within` is above zero")
        if (self.via == "filebeat") != (self.path is not None):
            raise ValueError("`via: filebeat` needs `path`, the file that Filebeat reads")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogExpectation(Expectation):
    """Lines of one kind become events with these fields."""

    name: str = "logs"
    samples: tuple[str, ...] = ()
    """Globs of files with sample lines."""
    pipeline: tuple[str, ...] = ()
    """Globs of Logstash configurations, concatenated as Logstash does."""
    shipper: str | None = None
    """A Filebeat configuration; its multiline settings join lines."""
    event: Mapping[str, Any] = field(default_factory=dict)
    """Fields the shipper adds to each event, such as ``{fields: {type: nginx}}``."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables the configuration reads as ``${NAME}``."""
    ecs_compatibility: Literal["disabled", "v1", "v8"] = "v8"
    index: str = "logs-*"
    template: str | None = None
    """An index template of Elasticsearch, as JSON."""
    fields: Mapping[str, FieldExpectation] = field(default_factory=dict)
    stand_ins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What plugins that are not emulated are taken to set: by their id, fields and values."""
    failure_tags: tuple[str, ...] = ()
    """Further tags by which the pipeline marks lines it could not parse."""
    stale_after: float | None = None
    """Seconds after which an index that got nothing new is stale."""
    ledger: LedgerExpectation | None = None
    """Lines to send and to account for, where `--allow-writes` is given."""
