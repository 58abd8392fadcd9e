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
    """The meaning of the field, by which figures of latency and status are computed."""
    coerced: bool = False
    """Events may have it as text: Elasticsearch makes the type of it, by the ``template``."""
    unit: Literal["s", "ms", "us", "ns"] = "ms"
    """The unit of a field with ``role: latency``."""
    between: tuple[float, float] | None = None
    """The least and the greatest value, both included."""
    at_least: float | None = None
    """The least value."""
    at_most: float | None = None
    """The greatest value."""
    one_of: tuple[Any, ...] = ()
    """All values that occur."""
    p50: Threshold | None = None
    """A bound on the median of a field with ``role: latency``."""
    p95: Threshold | None = None
    """A bound on the latency of 95 of 100 requests."""
    p99: Threshold | None = None
    """A bound on the latency of 99 of 100 requests."""
    mean: Threshold | None = None
    """A bound on the mean latency."""
    maximum: Threshold | None = None
    """A bound on the greatest latency."""
    errors: Threshold | None = None
    """A bound on the share of values of 500 and above in a field with ``role: status``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerExpectation(Expectation):
    """Each of some lines, made from the samples and sent on purpose, is indexed once."""

    via: Literal["pipeline", "filebeat"] = "pipeline"
    """Through the emulated pipeline into the index, or into a file that Filebeat reads."""
    lines: int = 500
    """Number of lines, up to 5000."""
    within: float = 60.0
    """Seconds until all of them must be there."""
    path: str | None = None
    """The file that a running Filebeat reads; lines are appended, and stay."""
    id: str | None = None
    """The field that identifies a line; default: the one with ``role: id``."""

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
    """A name for reports, and for `toolkit trace --logs NAME`."""
    samples: tuple[str, ...] = ()
    """Globs of files with sample lines."""
    pipeline: tuple[str, ...] = ()
    """Globs of Logstash configurations, concatenated as Logstash does."""
    shipper: str | None = None
    """A Filebeat configuration; its multiline settings join lines."""
    codec: Literal["plain", "json", "multiline"] | None = None
    """The codec of the Logstash input that reads these lines, if its inputs have several."""
    event: Mapping[str, Any] = field(default_factory=dict)
    """Fields the shipper adds to each event, such as ``{fields: {type: nginx}}``."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables the configuration reads as ``${NAME}``."""
    ecs_compatibility: Literal["disabled", "v1", "v8"] = "v8"
    """Logstash's ``pipeline.ecs_compatibility``."""
    index: str = "logs-*"
    """The pattern of the indices that hold the events."""
    template: str | None = None
    """An index template of Elasticsearch, as JSON."""
    fields: Mapping[str, FieldExpectation] = field(default_factory=dict)
    """The fields of the events by dotted name; a type alone, or a mapping of the keys below."""
    stand_ins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Fields that filters which are not emulated are assumed to set, with their values.

    A filter is named by its `id`, by its place as `FILE:LINE`, or by the name of its plugin;
    a field by its reference, as in `"[geoip][location]"`. `null` removes a field. Verdicts rest
    on these values then; a note of `logs/broken-pipeline` names it.
    """
    failure_tags: tuple[str, ...] = ()
    """Tags that the pipeline itself adds to lines it could not parse, such as with ``add_tag``.

    Tags that its filters set when they fail count without being named.
    """
    stale_after: float | None = None
    """Seconds after which an index without new events is stale."""
    ledger: LedgerExpectation | None = None
    """Lines to send and to find again, with `--allow-writes`."""

    def __post_init__(self) -> None:
        if self.stand_ins:
            from toolkit.logstash.config.stand_ins import event_fields

            for name, fields in self.stand_ins.items():
                try:
                    event_fields(fields)
                except ValueError as error:
                    raise ValueError(f"the stand-in for `{name}`: {error}") from error
