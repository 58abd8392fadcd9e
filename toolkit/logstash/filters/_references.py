"""Options that are field references to their plugin, and mere strings to Logstash's start."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.logstash.event.fieldref import FieldError, parse
from toolkit.logstash.options import OptionFault


def reference_faults(option: str, reference: str | None) -> Iterator[OptionFault]:
    """Yield the fault of an illegal reference, at which the pipeline dies with an event."""
    if reference is None:
        return
    try:
        parse(reference)
    except FieldError as error:
        yield OptionFault(
            what=f"`{reference}` is no field reference",
            option=option,
            why="Logstash starts with it, and its pipeline dies when the first event comes",
            fix="write a name, or each part of it in brackets, as in `[a][b]`.",
            kind="field-reference",
            logstash=str(error),
        )
