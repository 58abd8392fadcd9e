"""Fields of a document that a mapping with ``dynamic: strict`` does not take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.elasticsearch.documents import DocumentOutcome, index
from toolkit.elasticsearch.templates import Template

_STRICT = re.compile(r"mapping set to strict, dynamic introduction of \[(.+)\] within \[(.+)\] is")


def strangers(event: Mapping[str, Any], outcome: DocumentOutcome, template: Template) -> list[str]:
    """Return all fields for want of which a strict mapping rejects a document.

    Elasticsearch names the first one only.

    Args:
        event: The document.
        outcome: The result of indexing it.
        template: The mapping.
    """
    return list(dict.fromkeys(_strangers(event, outcome, template)))


def _strangers(
    event: Mapping[str, Any], outcome: DocumentOutcome, template: Template
) -> Iterator[str]:
    while found := _STRICT.search(outcome.reason):
        name = found[1] if found[2] == "_doc" else f"{found[2]}.{found[1]}"
        yield name
        smaller = _without(event, name)
        if smaller == event:
            return
        event, outcome = smaller, index(smaller, template)


def _without(value: Any, name: str) -> Any:
    """Return an object, or each in a list, without a field by its dotted name."""
    if isinstance(value, list):
        return [_without(each, name) for each in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: _without(held, name.removeprefix(f"{key}.")) if name.startswith(f"{key}.") else held
        for key, held in value.items()
        if key != name
    }
