"""Composable index templates are refused here if, and only if, Elasticsearch refuses them.

``templates-9.2.0.jsonl`` holds what ``PUT _index_template`` of Elasticsearch 9.2.0 answers to
each body: the innermost reason, or nothing. Only its own field types, analyzers and settings are
in the bodies, as the distribution for tests lacks most modules.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toolkit.elasticsearch.refusals import refusals
from toolkit.elasticsearch.templates import parse_template
from toolkit.errors import InputError

RECORDED = [
    json.loads(line)
    for line in Path(__file__).with_name("templates-9.2.0.jsonl").read_text("utf-8").splitlines()
]


def facts(body: dict[str, Any]) -> list[str]:
    try:
        parse_template(json.dumps(body), source="t.json")
    except InputError as error:
        return [each.what for each in error.findings]
    return [each.fact for each in refusals(body)]


@pytest.mark.parametrize("recorded", RECORDED, ids=range(len(RECORDED)))
def test_a_template_is_refused_as_the_server_refuses_it(recorded: dict[str, Any]) -> None:
    found = facts(recorded["body"])
    assert bool(found) == bool(recorded["refused"]), (recorded, found)


def test_bodies_of_both_kinds_are_recorded() -> None:
    refused = sum(1 for each in RECORDED if each["refused"])
    assert refused >= 40
    assert len(RECORDED) - refused >= 40


@pytest.mark.parametrize(
    "definition",
    [
        {"type": "geo_point", "of_a_module": 1},
        {"type": "of_a_plugin", "x": 1},
        {"type": "text", "analyzer": "ik_max_word"},
    ],
)
def test_what_modules_and_plugins_add_is_not_refused(definition: dict[str, Any]) -> None:
    body = {
        "index_patterns": ["x-*"],
        "template": {
            "settings": {"of_a_plugin.enabled": True},
            "mappings": {"properties": {"f": definition}},
        },
    }
    assert facts(body) == []


def test_component_templates_may_define_the_analyzer() -> None:
    field = {"type": "text", "analyzer": "ours"}
    body = {
        "index_patterns": ["x-*"],
        "composed_of": ["analysis"],
        "template": {"mappings": {"properties": {"f": field}}},
    }
    assert facts(body) == []
