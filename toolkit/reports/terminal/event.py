"""An event as a table of its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import METADATA
from toolkit.logstash.pipeline.trail import leaves
from toolkit.reports.terminal.kinds import kind_of, shown
from toolkit.reports.terminal.style import Style, cut

_WIDEST = 34


def event_lines(
    event: Event, style: Style, *, mapped: Callable[[str], str] | None = None
) -> Iterator[str]:
    """Yield a row for each field: name, type and value.

    Args:
        event: The event.
        style: Width and colour of the lines.
        mapped: Returns the type of a field in the index template, by its dotted name.
    """
    rows = [
        (name, kind_of(value), _mapped(name, mapped), shown(value))
        for name, value in leaves(event)
    ]
    fields, kinds, types = (_width([row[n] for row in rows]) for n in range(3))
    template = f"  {'template':<{max(types, 8)}}" if mapped else ""
    head = f"  {'field':<{fields}}  {'type':<{kinds}}{template}  value"
    yield style.paint(head, "bold")
    for name, kind, known, value in rows:
        column = f"  {known:<{max(types, 8)}}" if mapped else ""
        row = f"  {name:<{fields}}  {kind:<{kinds}}{column}  {value}"
        yield cut(row, style.width)


def dotted(reference: str) -> str:
    """Return the name of a field in Elasticsearch.

    >>> dotted("[http][version]"), dotted("a")
    ('http.version', 'a')
    """
    return reference[1:-1].replace("][", ".") if reference.startswith("[") else reference


def _mapped(name: str, mapped: Callable[[str], str] | None) -> str:
    if mapped is None:
        return ""
    return "not sent" if name.startswith(f"[{METADATA}]") else mapped(dotted(name))


def _width(texts: list[str]) -> int:
    return min(_WIDEST, max(map(len, texts), default=0))
