"""Queries and texts that the checks of Elasticsearch share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from toolkit.elasticsearch.templates import Template
from toolkit.evidence.elasticsearch.indices import live_template
from toolkit.evidence.elasticsearch.templates import template
from toolkit.evidence.logs.events import Events, promised_events
from toolkit.findings import Location
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Pair, Query

_LONGEST = 60


def mapped_events(
    expected: LogExpectation, scope: Scope
) -> Mapping[str, Query[tuple[Template, Events]]]:
    """Return the queries for the events of each source with the template, or the live mapping.

    None without declared fields, as these are what is compared.
    """
    mapped, live = template(expected), live_template(expected, scope)
    found = promised_events(expected, scope)
    asked = {source: Pair(mapped, each) for source, each in found.items()} if mapped else {}
    if live and found:
        asked["live"] = Pair(live, next(iter(found.values())))
    return asked


def origin(mapped: Template, name: str) -> Location:
    """Return the place of a field's mapping; the index itself without a text."""
    return mapped.locate(name) if mapped.text else Location(f"{mapped.source}:{name}")


def shown(value: Any) -> str:
    """Return a value for messages, truncated if it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
