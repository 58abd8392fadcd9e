"""Events: their fields and values as Logstash, Ruby and Java treat them."""

from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError

__all__ = ["Event", "FieldError"]
