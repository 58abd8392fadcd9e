"""What the plugins' own code made of events of all kinds: ``plugins.jsonl``.

Recorded by running the released plugins on JRuby 9.4.13 with an event that is a plain hash.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import decode, read_lines, same
from tests.logstash.filters.runs import faults, run_events
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.filters import PipelineDied

CASES = list(map(json.loads, read_lines(Path(__file__).parent / "plugins.jsonl")))
PLUGINS = sorted({case["plugin"] for case in CASES})
ERROR = "an error"


def observed(case: dict[str, Any]) -> Any:
    """The events, and whether the plugin called any of them a success."""
    plugin, options = case["plugin"], case["options"]
    if faults(plugin, options):
        return ERROR
    options = {**options, "add_field": {"[@metadata][matched]": "yes"}}
    release = case.get("release", "9.2.0")
    fields = {**decode(case["event"]), "@version": "1"}
    try:
        events = run_events(plugin, options, fields, plugin_versions=release)
    except (PipelineDied, FieldError):
        return ERROR
    matched = any("matched" in event.metadata for event in events)
    for event in events:
        event.fields.pop("@version", None)
    return [event.fields for event in events], matched


def recorded(case: dict[str, Any]) -> Any:
    return ERROR if "error" in case else (decode(case["events"]), case["matched"])


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugin_does_what_its_own_code_does(plugin: str) -> None:
    cases = [case for case in CASES if case["plugin"] == plugin]
    assert [case for case in cases if not same(list(observed(case)), list(recorded(case)))] == []
