"""What the checks of storing events have in common: their questions, and how they speak."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from toolkit.elasticsearch.templates import Template
from toolkit.evidence.elasticsearch.indices import live_template
from toolkit.evidence.elasticsearch.templates import template
from toolkit.evidence.logs.events import Events, events
from toolkit.findings import Location
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Pair, Query

_LONGEST = 60


def mapped_events(
    expected: LogExpectation, scope: Scope
) -> Mapping[str, Query[tuple[Template, Events]]]:
    """The events of each source with the template; with what a live index is made of, too."""
    mapped, live = template(expected), live_template(expected, scope)
    found = events(expected, scope)
    asked = {source: Pair(mapped, each) for source, each in found.items()} if mapped else {}
    if live and found:
        asked["live"] = Pair(live, next(iter(found.values())))
    return asked


def types_of(name: str) -> str:
    """The subject of findings that tell why a field has a wrong type."""
    return f"types of {name}"


def origin(mapped: Template, name: str) -> Location:
    """Where a field is mapped; the index itself, where no text says it."""
    return mapped.locate(name) if mapped.text else Location(f"{mapped.source}:{name}")


def shown(value: Any) -> str:
    """A value as people read it, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
