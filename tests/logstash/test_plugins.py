"""What is known of plugins that are not emulated."""

from __future__ import annotations

from typing import Any

import pytest

from toolkit.logstash.fields import shown
from toolkit.logstash.filters import filter_class
from toolkit.logstash.plugins import KINDS, Described, bundled, described, is_known


def written(name: str, values: dict[str, Any], ecs: str | None = None) -> list[str]:
    return [shown(each.field) for each in Described("filter", name, values, ecs).writes()]


def test_names_and_options() -> None:
    for kind in KINDS:
        assert list(described(kind)) == sorted(described(kind))
        assert set(bundled(kind)) < set(described(kind))
        for plugin in described(kind).values():
            assert set(plugin.get("required", ())) <= set(plugin.get("options", ()))
    assert is_known("grok")
    assert is_known("grok", "filter")
    assert not is_known("grok", "output")


def test_the_options_of_emulated_filters_are_known_to_their_classes_only() -> None:
    emulated = {name for name in described("filter") if filter_class(name)}
    assert len(emulated) > 15
    assert all(not described("filter")[name] for name in emulated)


GEO = ["[src][geo]", "[src][as]", "[src][mmdb]", "[src][ip]", "[src][ip_traits]", "[src][domain]"]


@pytest.mark.parametrize(
    ("name", "values", "fields"),
    [
        ("geoip", {"source": "[src][ip]"}, GEO),
        ("geoip", {"source": "a", "target": "src"}, GEO),
        ("geoip", {"source": "a", "target": "t", "ecs_compatibility": "disabled"}, ["[t]"]),
        ("geoip", {"source": "a", "ecs_compatibility": "disabled"}, ["[geoip]"]),
        ("geoip", {"source": "a"}, ["[geoip]"]),
        ("fingerprint", {"source": ["a"]}, ["[event][hash]"]),
        ("fingerprint", {"target": "[@metadata][id]"}, ["[@metadata][id]"]),
        ("dns", {"resolve": ["a", "[b][c]"], "reverse": "d"}, ["[a]", "[b][c]", "[d]"]),
        ("uuid", {"target": "id"}, ["[id]"]),
        ("http", {"target_body": "b"}, ["[b]", "[@metadata][filter][http][response][headers]"]),
        (
            "elasticsearch",
            {"fields": {"@timestamp": "start"}, "docinfo_fields": ["_id", "[was][id]"]},
            ["[start]", "[was][id]", "[@metadata][total_hits]"],
        ),
        (
            "elasticsearch",
            {"fields": {"@timestamp": "start"}, "target": "tx"},
            ["[tx][start]", "[@metadata][total_hits]"],
        ),
        (
            "elasticsearch",
            {"fields": [["@timestamp", "start"], ["id", "first"]]},
            ["[start]", "[first]", "[@metadata][total_hits]"],
        ),
        ("memcached", {"get": {"%{k}": "[inches]"}, "set": {"a": "b"}}, ["[inches]"]),
        ("jdbc_static", {"local_lookups": [{"target": "a"}, {"target": "b"}]}, ["[a]", "[b]"]),
        ("jdbc_streaming", {"target": "row"}, ["[row]"]),
        ("tld", {}, ["[tld]"]),
        ("xml", {"source": "m", "xpath": ["/a", "x"], "store_xml": False}, ["[x]"]),
        ("xml", {"source": "m", "target": "doc"}, ["[doc]"]),
        ("metrics", {"meter": "http_%{status}", "timer": {"t": "%{ms}"}}, ["[http_%{}]", "[t]"]),
        (
            "elapsed",
            {"unique_id_field": "id"},
            ["[elapsed_time]", "[elapsed_timestamp_start]", "[id]"],
        ),
        ("throttle", {"key": "%{host}"}, []),
        ("environment", {"add_metadata_from_env": {"a": "B"}}, ["[@metadata][a]"]),
        ("i18n", {"transliterate": ["a", "b"]}, ["[a]", "[b]"]),
        ("range", {"ranges": ["a", 0, 1, "tag:x", "a", 2, 3, "field:how:slow"]}, ["[how]"]),
        ("bytes", {"target": "n"}, ["[n]"]),
        ("cipher", {}, ["[message]"]),
        ("math", {"calculate": [["+", "a", "b", "c"], ["-", "c", "b", "d"]]}, ["[c]", "[d]"]),
        ("json_encode", {"source": "a"}, ["[a]"]),
        ("json_encode", {"source": "a", "target": "b"}, ["[b]"]),
        (
            "alter",
            {"condrewrite": ["a", "1", "2"], "condrewriteother": ["b", "1", "c", "2"]},
            ["[a]", "[c]"],
        ),
        ("alter", {"coalesce": ["first", "%{a}", "%{b}"]}, ["[first]"]),
        ("extractnumbers", {}, ["[int%{}]", "[float%{}]"]),
        ("ruby", {"code": "event.set('x', 1)"}, ["[x]"]),
        ("ruby", {"code": "event.set(name, 1)"}, ["[%{}]"]),
        ("ruby", {"path": "a.rb"}, ["[%{}]"]),
        ("aggregate", {"task_id": "%{id}", "code": "x"}, ["[%{}]"]),
        ("mine", {"source": "a", "target": "b"}, ["[b]"]),
        ("mine", {}, ["[%{}]"]),
    ],
)
def test_the_fields_a_plugin_writes(name: str, values: dict[str, Any], fields: list[str]) -> None:
    assert written(name, values, "v8") == fields


def test_without_the_mode_of_ecs_compatibility_each_may_hold() -> None:
    assert written("fingerprint", {}) == ["[fingerprint]", "[event][hash]"]


def test_the_fields_a_plugin_reads() -> None:
    values = {"key": "%{host}%{[a][b]}", "period": "60"}
    (write,) = Described("filter", "uuid", {"target": "t", **values}).writes()
    assert write.reads == (("host",), ("a", "b"))
    (write,) = Described("filter", "ruby", {"code": "'%{x}' % event"}).writes()
    assert (write.reads, write.known) == ((), False)


def test_tags() -> None:
    assert [*Described("filter", "dns", {}).tags()] == ["_dnstimeout"]
    assert [*Described("filter", "geoip", {"tag_on_failure": []}).tags()] == []
    ruby = Described("filter", "ruby", {"tag_on_exception": "_oops"})
    assert [*ruby.failure_tags()] == [*ruby.tags()] == ["_oops"]
