"""Replay what plugins' own code made of events, and whether it called that a success.

Recorded by running the released plugins on JRuby 9.4.13 with an event that is a plain hash.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.logstash.filters.runs import faults, run_events
from toolkit.logstash.filters import PipelineDied

ERROR = "an error"


def recorded(name: str) -> list[dict[str, Any]]:
    """The cases of a file beside this one."""
    lines = (Path(__file__).parent / name).read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def expected(case: dict[str, Any]) -> Any:
    """The event and whether it matched, or `ERROR`."""
    return ERROR if "error" in case else (case["expected"], case["matched"])


def observed(case: dict[str, Any]) -> Any:
    """What the emulation makes of the case, in the form of `expected`."""
    if faults(case["plugin"], case["options"]):
        return ERROR
    options = {**case["options"], "add_field": {"[@metadata][matched]": "yes"}}
    fields = {**json.loads(json.dumps(case["event"])), "@version": "1"}
    try:
        [event] = run_events(case["plugin"], options, fields)
    except PipelineDied:
        return ERROR
    matched = event.metadata.pop("matched", None) is not None
    result = {name: event.fields[name] for name in event.fields if name != "@version"}
    if event.metadata:
        result["@metadata"] = event.metadata
    return result, matched
