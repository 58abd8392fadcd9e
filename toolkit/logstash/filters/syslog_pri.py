"""The `syslog_pri` filter: a syslog priority becomes facility and severity.

Emulates logstash-filter-syslog_pri 3.2.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from toolkit.logstash.event import ruby
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import Timestamp, Value
from toolkit.logstash.fields import FieldOperation, Write, names_of
from toolkit.logstash.filters import Apply, Context, Filter, PipelineDied
from toolkit.logstash.options import Strings

_DEFAULT_PRIORITY = 13
_Pair: TypeAlias = "tuple[str, str]"
_FACILITIES = (
    *("kernel", "user-level", "mail", "daemon", "security/authorization", "syslogd"),
    *("line printer", "network news", "uucp", "clock", "security/authorization", "ftp", "ntp"),
    *("log audit", "log alert", "clock", "local0", "local1", "local2", "local3", "local4"),
    *("local5", "local6", "local7"),
)
_SEVERITIES = (
    *("emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"),
)


@dataclass(frozen=True, kw_only=True)
class SyslogPri(Filter):
    """Split a priority, 13 if it is missing, into facility and severity.

    A facility without a name gets the event tagged; the common options run all the same.
    """

    plugin: ClassVar[str] = "syslog_pri"
    emulates: ClassVar[str] = "3.2.1"
    marks: ClassVar[tuple[str, ...]] = ("_syslogpriparsefailure",)

    use_labels: bool = True
    syslog_pri_field_name: str | None = None
    facility_labels: Strings = _FACILITIES
    severity_labels: Strings = _SEVERITIES
    ecs_compatibility: Literal["disabled", "v1", "v8"] | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        return (self._fields(None)[0],)

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        source, codes, names = self._fields(context)
        for name in names_of(codes):
            yield Write(name, names_of(source), form="number")
        for name in names_of(names if self.use_labels else ()):
            yield Write(name, names_of(source), form="text")

    def _fields(self, context: Context | None) -> tuple[str, _Pair, _Pair]:
        """The fields of the priority, and of the codes and names of facility and severity."""
        if self.is_ecs(context):
            source = "[log][syslog][priority]"
            codes = "[log][syslog][facility][code]", "[log][syslog][severity][code]"
            names = "[log][syslog][facility][name]", "[log][syslog][severity][name]"
        else:
            source = "syslog_pri"
            codes = "syslog_facility_code", "syslog_severity_code"
            names = "syslog_facility", "syslog_severity"
        return self.syslog_pri_field_name or source, codes, names

    def register(self, context: Context) -> Apply:
        source, codes, names = self._fields(context)

        def apply(event: Event) -> tuple[Event]:
            try:
                facility, severity = divmod(_priority(event.get(source)), 8)
                event.set(codes[1], severity)
                event.set(codes[0], facility)
                if self.use_labels:
                    self._name(event, names, facility, severity)
            except FieldError as error:
                raise PipelineDied(f"syslog_pri: {error}") from error
            self.decorate(event)
            return (event,)

        return apply

    def _name(self, event: Event, fields: _Pair, facility: int, severity: int) -> None:
        if facility >= len(self.facility_labels):
            self.fail(event, self.marks)
            return
        for field, labels, code in (
            (fields[0], self.facility_labels, facility),
            (fields[1], self.severity_labels, severity),
        ):
            if -len(labels) <= code < len(labels):
                event.set(field, labels[code])


def _priority(value: Value) -> int:
    """Convert as Ruby's ``to_i`` does; of an array the first item counts."""
    if value is None or value is False:
        return _DEFAULT_PRIORITY
    if isinstance(value, list):
        value = value[0] if value else None
    match value:
        case None:
            return 0
        case str():
            return ruby.to_i(value)
        case Timestamp():
            return value.nanoseconds // 1_000_000_000
        case bool() | dict() | list():
            raise PipelineDied(f"syslog_pri: undefined method `to_i' for {value!r}")
        case _:
            return int(value)
