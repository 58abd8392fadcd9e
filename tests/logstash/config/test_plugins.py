"""Plugins that do not exist, and options they do not have."""

from __future__ import annotations

import pytest

from tests.logstash.config import parsed
from toolkit.logstash.config.plugin_options import OPTIONS
from toolkit.logstash.config.plugins import BUNDLED, check, is_known

CHARSET = [("1:32", "Did you mean `charset`?")]
SSL = [("1:25", "Use `ssl_enabled` instead.")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("filter { grokk { } }", [("1:10", "Did you mean `grok`?")]),
        ("filter { qqq { } }", [("1:10", "Correct the name, or install the plugin.")]),
        ("input { mutate { } }", [("1:9", "Move it to the filter section.")]),
        ('filter { "mutate" { } }', [("1:10", "Did you mean `mutate`?")]),
        ("output { if [a] { stdout { codec => jsn } } }", [("1:37", "Did you mean `json`?")]),
        ("output { tcp { codec => json { chrset => x1 } host => h1 port => 1 } }", CHARSET),
        ("input { beats { } }", [("1:9", "Write `port => …`.")]),
        ("input { tcp { port => 1 ssl_enable => true } }", SSL),
        ("output { elasticsearch { indx => x1 } }", [("1:26", "Did you mean `index`?")]),
        ("output { null { tags => x1 } }", [("1:17", "Remove it.")]),
        ("filter { geoip { source => x1 fileds => y1 } }", [("1:31", "Did you mean `fields`?")]),
        ("filter { mutate { nonsense => 1 } }", []),
        ("input { jms { nonsense => 1 } }", []),
        ("input { stdin { } } output { elasticsearch { hosts => [\"x\"] user => me1 } }", []),
    ],
)  # fmt: skip
def test_names_and_options(text: str, found: list[tuple[str, str]]) -> None:
    findings = check(parsed(text))
    assert [(str(each.where).partition(":")[2], each.fix) for each in findings] == found


def test_plugins_installed_besides() -> None:
    tree = parsed("filter { mine { } } input { stdin { codec => own } }")
    assert len(check(tree)) == 2
    assert check(tree, {"filter": frozenset({"mine"}), "codec": frozenset({"own"})}) == ()


def test_options_are_those_of_bundled_plugins() -> None:
    for kind, plugins in OPTIONS.items():
        assert plugins.keys() - {"*"} <= BUNDLED[kind]
    assert is_known("grok")
    assert is_known("grok", "filter")
    assert not is_known("grok", "output")
