"""The `useragent` filter, and 117 answers of useragent 3.3.5 with uap-core 0.12.0."""

from __future__ import annotations

import pytest

from tests.logstash.filters.recorded import expected, observed, recorded
from tests.logstash.filters.runs import run
from toolkit.logstash.filters import PipelineDied
from toolkit.logstash.filters.useragent import Useragent

OTHERWISE = {"PostmanRuntime/7.36.0", "Java/17.0.6"}
"""Names for which ua-parser-builtins has another expression than the plugin."""


def test_agents_are_parsed_as_the_plugin_parses_them() -> None:
    cases = recorded("useragent.jsonl")
    assert len(cases) == 117
    wrong = [case for case in cases if observed(case) != expected(case)]
    assert {case["event"]["ua"] for case in wrong} <= OTHERWISE


@pytest.mark.parametrize(
    ("agent", "version"),
    [
        ("curl/8.5.0", "8.5.0"),
        ("curl/8.5.0.1 x", "8.5.0.1"),
        ("curl/8.5.0.1", "8.5.0"),
        ("curl/8.5.0.01 x", "8.5.0"),
        ("curl/8.5", "8.5"),
        ("8.5.0-x curl/8.5.0.1 x", "8.5.0"),
    ],
)
def test_a_fourth_number_is_one_before_a_blank(agent: str, version: str) -> None:
    [event] = run("useragent", {"source": "ua"}, {"ua": agent})
    assert event["user_agent"]["version"] == version


def test_a_target_may_have_brackets_of_its_own() -> None:
    [event] = run("useragent", {"source": "ua", "target": "[a][b]"}, {"ua": "curl/8.5"})
    assert event["a"]["b"]["name"] == "curl"


def test_a_scalar_in_the_way_ends_the_pipeline() -> None:
    with pytest.raises(PipelineDied, match="useragent"):
        run("useragent", {"source": "ua"}, {"ua": "curl/8.5", "user_agent": "text"})


def test_regexes_of_ones_own_are_not_emulated() -> None:
    assert Useragent.unsupported == {"regexes"}
