"""Plugins that do not exist, and options they do not have."""

from __future__ import annotations

import pytest

from tests.logstash.config import parsed
from toolkit.logstash.config.plugins import faults, outdated

CHARSET = [("1:32", "did you mean `charset`?")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("filter { grokk { } }", [("1:10", "did you mean `grok`?")]),
        ("filter { qqq { } }", [("1:10", "correct the name, or install the plugin.")]),
        ("input { mutate { } }", [("1:9", "move it to the filter section.")]),
        ('filter { "mutate" { } }', [("1:10", "did you mean `mutate`?")]),
        ("output { if [a] { stdout { codec => jsn } } }", [("1:37", "did you mean `json`?")]),
        ("output { tcp { codec => json { chrset => x1 } host => h1 port => 1 } }", CHARSET),
        ("input { beats { } }", [("1:9", "add `port => …`.")]),
        ("output { elasticsearch { indx => x1 } }", [("1:26", "did you mean `index`?")]),
        ("output { null { tags => x1 } }", [("1:17", "remove it.")]),
        ("filter { geoip { source => x1 fileds => y1 } }", [("1:31", "did you mean `fields`?")]),
        ("filter { mutate { nonsense => 1 } }", []),
        ("input { jms { nonsense => 1 } }", []),
        ("input { stdin { } } output { elasticsearch { hosts => [\"x\"] user => me1 } }", []),
    ],
)  # fmt: skip
def test_names_and_options(text: str, found: list[tuple[str, str]]) -> None:
    tree = parsed(text)
    findings = [fault.finding(tree.sources) for fault in faults(tree)]
    assert [(str(each.where).partition(":")[2], each.fix) for each in findings] == found


def test_plugins_installed_besides() -> None:
    tree = parsed("filter { mine { } } input { stdin { codec => own } }")
    assert len(list(faults(tree))) == 2
    assert list(faults(tree, {"filter": ["mine"], "codec": ["own"]})) == []


def test_plugins_that_elastic_lists_are_taken_for_installed() -> None:
    assert list(faults(parsed("filter { alter { } } output { exec { command => x1 } }"))) == []


OLD = 'output { elasticsearch { hosts => ["https://es"] ssl => true } }'


@pytest.mark.parametrize(
    ("release", "accepted"), [("8.10.2", True), ("9", False), ("9.2.0", False)]
)
def test_an_option_is_obsolete_from_the_release_on_that_drops_it(
    release: str, accepted: bool
) -> None:
    found = [fault.what for fault in faults(parsed(OLD), release=release)]
    assert found == (
        [] if accepted else ["the option `ssl` of `elasticsearch` is obsolete since Logstash 9.0"]
    )


def test_an_option_of_some_release_is_only_remarked_on_where_none_is_known() -> None:
    assert not [*faults(parsed(OLD))]
    (found,) = outdated(parsed(OLD))
    assert found.what == "only Logstash before 9.0 accepts `ssl` of `elasticsearch`"
    assert OLD[slice(*found.span)] == "ssl"
