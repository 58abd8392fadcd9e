"""Plugins that do not exist, and options they do not have."""

from __future__ import annotations

import pytest

from tests.logstash.config import parsed
from toolkit.logstash.config import nodes
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


def _geoip(options: str) -> nodes.Configuration:
    return parsed(f"filter {{ geoip {{ {options} }} }}")


@pytest.mark.parametrize(
    ("options", "release", "ecs", "starts"),
    [
        ('source => "ip"', "8.0", "v8", False),
        ('source => "ip"', "9.2.0", "v1", False),
        ('source => "[client][address]"', "8.19", "v8", False),
        ('source => "[ip]"', "8.19", "v8", False),
        ('source => "[client][ip]"', "8.19", "v8", True),
        ('source => "ip" target => "geo"', "8.19", "v8", True),
        ('source => "ip"', "8.19", "disabled", True),
        ('source => "ip" ecs_compatibility => "disabled"', "8.19", "v8", True),
        ('source => "ip" ecs_compatibility => "v1"', "7.17", "disabled", False),
        ('source => "ip"', "7.17", "v8", True),
        ('source => "ip"', None, "v8", True),
    ],
)
def test_geoip_needs_a_target_in_the_ecs_modes(
    options: str, release: str | None, ecs: str, starts: bool
) -> None:
    found = [fault.what for fault in faults(_geoip(options), release=release, ecs=ecs)]
    needs = "`geoip` needs `target`, since its `source` does not end in `[ip]`"
    assert found == ([] if starts else [needs])


@pytest.mark.parametrize(
    ("options", "ecs", "warned"),
    [
        ('source => "ip"', "v8", True),
        ('source => "ip"', "disabled", False),
        ('source => "ip" target => "geo"', "v8", False),
        ('source => "ip" ecs_compatibility => "v8"', "v8", False),
    ],
)
def test_a_geoip_without_a_target_is_a_remark_where_the_release_is_not_known(
    options: str, ecs: str, warned: bool
) -> None:
    found = [fault.what for fault in outdated(_geoip(options), ecs)]
    assert [each.startswith("`geoip` without `target` keeps") for each in found] == [True] * warned
