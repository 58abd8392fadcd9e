"""What differs between an object as exported and as Kibana holds it; what does not count."""

from __future__ import annotations

import json
from typing import Any

import pytest

from toolkit.findings import Location
from toolkit.kibana.drift import NOTHING, ObjectDifference, differences
from toolkit.kibana.migrations import Migration, is_certain, migration
from toolkit.kibana.objects import SavedObject, parse_saved_objects


def exported(kind: str = "dashboard", **attributes: Any) -> SavedObject:
    held = {"type": kind, "id": "x", "attributes": attributes, "references": []}
    (found,) = parse_saved_objects(json.dumps(held), "x.ndjson")
    return found


def told(ours: dict[str, Any], theirs: dict[str, Any], kind: str = "dashboard") -> list[Any]:
    found = differences(exported(kind, **ours), {"attributes": theirs})
    return [(each.path.removeprefix("attributes."), each.ours, each.theirs) for each in found]


def text(value: Any) -> str:
    return json.dumps(value)


SAME: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"a": 1}, {"a": 1.0}),
    ({"o": text({"a": 1, "b": 2})}, {"o": '{"b":2, "a":1}'}),
    ({"o": text({"a": 1})}, {"o": {"a": 1}}),
    ({}, {"description": "", "timeRestore": False, "o": "{}", "f": "[]", "n": None}),
    ({"description": "", "hits": 0}, {}),
    ({}, {"source": text({"query": {"query": "", "language": "kuery"}, "filter": []})}),
    (
        {"query": {"query": "", "language": "lucene"}},
        {"query": {"query": "", "language": "kuery"}},
    ),
    ({"version": 1}, {"version": 3}),
    ({"fieldAttrs": text({"a": {"count": 2}})}, {"fieldAttrs": text({"b": {"count": 9}})}),
    ({"panelsJSON": text([{"version": "8.9.0"}])}, {"panelsJSON": text([{"version": "9.2.0"}])}),
    ({"title": "{not json"}, {"title": "{not json"}),
]


@pytest.mark.parametrize(("ours", "theirs"), SAME)
def test_what_does_not_count(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert told(ours, theirs) == []


DIFFERENT: list[tuple[dict[str, Any], dict[str, Any], Any]] = [
    ({"a": 1}, {"a": 2}, ("a", 1, 2)),
    ({"a": [1, 2]}, {"a": [1]}, ("a[1]", 2, NOTHING)),
    ({"a": [1]}, {"a": [1, 2]}, ("a[1]", NOTHING, 2)),
    ({"a": {"b": 1}}, {"a": {}}, ("a.b", 1, NOTHING)),
    ({}, {"a": {"b": 1}}, ("a", NOTHING, {"b": 1})),
    ({"o": text({"a": [{"b": 1}]})}, {"o": text({"a": [{"b": 2}]})}, ("o.a[0].b", 1, 2)),
    ({"o": text({"a": 1})}, {"o": "a text"}, ("o", {"a": 1}, "a text")),
    ({"p": [{"id": "u"}, {"id": "v"}]}, {"p": [{"id": "v"}]}, ("p[u]", {"id": "u"}, NOTHING)),
    ({"p": [{"id": "u"}] * 2}, {"p": [{"id": "u"}, {"id": "w"}]}, ("p[1].id", "u", "w")),
    (
        {"query": {"query": "a: 1", "language": "kuery"}},
        {"query": {"query": "a: 1", "language": "lucene"}},
        ("query.language", "kuery", "lucene"),
    ),
    (
        {"fieldAttrs": "{}"},
        {"fieldAttrs": text({"a": {"customLabel": "A"}})},
        ("fieldAttrs.a", NOTHING, {"customLabel": "A"}),
    ),
]


@pytest.mark.parametrize(("ours", "theirs", "difference"), DIFFERENT)
def test_what_counts(ours: dict[str, Any], theirs: dict[str, Any], difference: Any) -> None:
    assert told(ours, theirs) == [difference]


def test_elements_are_paired_by_what_names_them() -> None:
    ours = {"panelsJSON": text([{"panelIndex": "1", "w": 1}, {"panelIndex": "2", "w": 2}])}
    theirs = {"panelsJSON": text([{"panelIndex": "2", "w": 2}, {"panelIndex": "1", "w": 3}])}
    assert told(ours, theirs) == [("panelsJSON[1].w", 1, 3)]


def test_fields_of_a_data_view_are_a_cache_but_for_those_it_makes() -> None:
    cached = {"name": "a", "type": "number"}
    made = {"name": "b", "scripted": True, "script": "1"}
    view = "index-pattern"
    assert told({"fields": text([cached])}, {"fields": "[]"}, view) == []
    assert told({"fields": text([made])}, {"fields": text([cached, made])}, view) == []
    assert told({"fields": text([made])}, {"fields": text([cached])}, view)
    assert told({"fields": text([cached])}, {"fields": "[]"})


def test_what_people_see_comes_first_and_what_is_added_last() -> None:
    ours = {"a": 1, "title": "A", "b": [1]}
    theirs = {"a": 2, "title": "B", "b": [1, 2]}
    assert [path for path, _, _ in told(ours, theirs)] == ["title", "a", "b[1]"]


def test_references_by_their_names() -> None:
    held: Any = {
        "type": "lens",
        "id": "x",
        "attributes": {},
        "references": [{"name": n, "type": "index-pattern", "id": n} for n in "ab"],
    }
    (ours,) = parse_saved_objects(json.dumps(held), "x.ndjson")
    theirs = [
        {"name": "b", "type": "index-pattern", "id": "z"},
        {"name": "t", "type": "tag", "id": "t"},
        {"name": "c", "type": "lens", "id": "c"},
    ]
    found = differences(ours, {"attributes": {}, "references": theirs})
    assert [(each.path, each.ours, each.theirs) for each in found] == [
        ("references[a]", "index-pattern a", NOTHING),
        ("references[b]", "index-pattern b", "index-pattern z"),
        ("references[c]", NOTHING, "lens c"),
    ]


@pytest.mark.parametrize(
    ("kind", "here", "there", "rewrites"),
    [
        ("lens", "8.9.0", "10.1.0", False),
        ("lens", "8.6.0", "8.9.0", True),
        ("lens", "10.1.0", "10.2.0", False),
        ("visualization", "8.5.0", "10.1.0", False),
        ("visualization", "7.17.0", "8.5.0", True),
        ("lens", None, "8.9.0", True),
        ("lens", "8.9.0", "8.9.0", None),
        ("lens", "8.9.0", None, None),
    ],
)
def test_versions_of_the_type(
    kind: str, here: str | None, there: str | None, rewrites: bool | None
) -> None:
    held: Any = {"type": kind, "id": "x", "attributes": {}, "typeMigrationVersion": here}
    (ours,) = parse_saved_objects(json.dumps(held), "x.ndjson")
    found = migration(ours, {"typeMigrationVersion": there})
    assert (found.rewrites if found else None) is rewrites


ADDED = ("attributes.state.x", NOTHING, 1)
CHANGED = ("attributes.state.x", 1, 2)
GONE = ("attributes.state.x", 1, NOTHING)
TITLE = ("attributes.title", "A", "B")
TARGET = ("references[a]", "lens a", "lens b")
EXTRACTED = ("references[a]", NOTHING, "lens b")


@pytest.mark.parametrize(
    ("rewrites", "certain"),
    [
        (None, [ADDED, CHANGED, GONE, TITLE, TARGET, EXTRACTED]),
        (False, [CHANGED, GONE, TITLE, TARGET]),
        (True, [TITLE, TARGET]),
    ],
)
def test_what_no_migration_does(rewrites: bool | None, certain: list[Any]) -> None:
    between = None if rewrites is None else Migration("8.6.0", "8.9.0", rewrites)
    where = Location("x.ndjson", 1, 1)
    every = [ADDED, CHANGED, GONE, TITLE, TARGET, EXTRACTED]
    assert [
        each for each in every if is_certain(ObjectDifference(*each, where), between)
    ] == certain


def test_the_place_is_that_in_the_export() -> None:
    ours = exported(panelsJSON=text([{"gridData": {"w": 24}}]))
    theirs = {"attributes": {"panelsJSON": text([{"gridData": {"w": 7}}])}}
    (found,) = differences(ours, theirs)
    assert found.where.excerpt[(found.where.column or 0) - 1 :].startswith("24")
