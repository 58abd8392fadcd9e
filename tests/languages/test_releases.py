"""Tables of what only some releases accept, and its uses in texts."""

from __future__ import annotations

import pytest

from toolkit.findings import Location
from toolkit.languages.positioned_yaml import read_document
from toolkit.languages.releases import Lifespan, Use, releases
from toolkit.languages.yaml_dialects import GO_YAML_2

PRODUCTS = ("elasticsearch", "filebeat", "kubernetes", "prometheus")


def uses(product: str, text: str) -> list[Use]:
    document = read_document(text, "a.yml", GO_YAML_2, what="the file")
    return list(releases(f"toolkit.{product}").uses(document))


@pytest.mark.parametrize("product", PRODUCTS)
def test_each_part_is_accepted_by_a_listed_release_and_not_by_all(product: str) -> None:
    table = releases(f"toolkit.{product}")
    lifespans = [each for _, names in table.places for each in names.values()]
    assert all(table.accepting(each) for each in lifespans)
    assert not [each for each in lifespans if not each.since and not each.until]
    assert set(table.supported) <= set(table.listed)


USES = {
    "a key": ("filebeat", "filebeat: {prospectors: []}", "prospectors", "inputs"),
    "a key with dots": (
        "filebeat",
        "filebeat.prospectors: []",
        "filebeat.prospectors",
        "filebeat.inputs",
    ),
    "a word": ("filebeat", "filebeat.inputs: [{type: docker}]", "docker", "container"),
    "a call": ("prometheus", "groups: [{rules: [{expr: 1 + sgn(x)}]}]", "sgn", ""),
    "a key of any word": ("elasticsearch", "template: logs-*", "template", "index_patterns"),
    "a key at any depth": (
        "elasticsearch",
        "settings: {index: {mapper.dynamic: 1}}",
        "mapper.dynamic",
        "",
    ),
}


@pytest.mark.parametrize(("product", "text", "written", "successor"), USES.values(), ids=USES)
def test_a_use_is_found(product: str, text: str, written: str, successor: str) -> None:
    (found,) = uses(product, text)
    assert (found.written, found.successor) == (written, successor)
    assert written in text[(found.where.column or 1) - 1 :]


UNUSED = {
    "a key of another place": ("filebeat", "output: {prospectors: []}"),
    "a word of another place": ("filebeat", "filebeat.autodiscover.providers: [{type: docker}]"),
    "with the key that allows it": (
        "filebeat",
        "filebeat.inputs: [{type: log, allow_deprecated_use: true}]",
    ),
    "a name that ends so": ("prometheus", "groups: [{rules: [{expr: my_sgn(x) + sgn}]}]"),
    "a template's mappings": ("elasticsearch", "mappings: {_source: {enabled: true}}"),
}


@pytest.mark.parametrize(("product", "text"), UNUSED.values(), ids=UNUSED)
def test_nothing_else_is_a_use(product: str, text: str) -> None:
    assert uses(product, text) == []


def test_a_part_that_came_and_went_is_accepted_between() -> None:
    part = Lifespan("scrape_classic_histograms", "", since="2.45", until="3.0")
    accepted = {each: part.accepted(each) for each in ("2.44", "2.45.1", "2", "2.55", "3.0", "3")}
    assert accepted == {
        "2.44": False,
        "2.45.1": True,
        "2": True,
        "2.55": True,
        "3.0": False,
        "3": False,
    }


def test_the_place_of_a_use_is_that_in_the_text() -> None:
    (found,) = uses("filebeat", "a: 1\nqueue:\n  spool: {}\n")
    assert found.where == Location("a.yml", 3, 3, "  spool: {}", 5)
