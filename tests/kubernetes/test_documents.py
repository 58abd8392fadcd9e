"""Manifests are read as Kubernetes reads them, each part with its place."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import InputError
from toolkit.kubernetes.manifests import Manifest, parse_manifests


def one(text: str) -> Manifest:
    (manifest,) = parse_manifests(text, source="m.yaml")
    return manifest


def test_every_key_and_item_knows_its_place() -> None:
    found = one("kind: Pod\nspec:\n  containers:\n  - {name: a}\n  - {name: b, image: c}\n")
    assert str(found.locate("spec", "containers", 1, "image")) == "m.yaml:5:15"
    assert str(found.locate_value("spec", "containers", 1, "image")) == "m.yaml:5:22"
    assert str(found.locate("spec", "containers", 1, "command")) == "m.yaml:5:5"


def test_lists_are_opened_and_their_items_know_their_places() -> None:
    text = "kind: List\nitems:\n- kind: Pod\n  metadata: {name: a}\n- kind: Job\n"
    pod, job = parse_manifests(text, source="m.yaml")
    assert (str(pod), str(job)) == ("Pod a", "Job")
    assert str(pod.locate("metadata", "name")) == "m.yaml:4:14"


def test_anchors_and_merges_are_written_out_and_own_keys_win() -> None:
    text = "kind: A\nx: &x {a: 1, b: 2}\ny: &y {b: 4, c: 5}\nz: {<<: [*x, *y], a: 3}\n"
    assert one(text).get("z") == {"a": 3, "b": 2, "c": 5}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-01-10", "2026-01-10"),
        ("22:22", "22:22"),
        ("yes", True),
        ("0644", 420),
        ("2026-13-45", "2026-13-45"),
        ("~", None),
    ],
)
def test_scalars_are_what_kubernetes_takes_them_for(text: str, value: object) -> None:
    assert one(f"kind: A\nvalue: {text}\n").get("value") == value


@pytest.mark.parametrize(
    "text", ["a: [", "a: {{ .Values.x }}", "a: &a [*a]", "a: !Ref b", "a: *b", "? [x]\n: 1"]
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_manifests(f"kind: A\n{text}\n", source="m.yaml")
    assert caught.value.finding.where.line in (2, 3)


def test_other_documents_are_no_manifests() -> None:
    assert parse_manifests("replicas: 3\n---\n- 1\n---\n\n---\ntext\n", source="m.yaml") == ()


@given(st.text(alphabet="kind: Pod\n-{}[]&*!'\"|>?#%@,<=\t~0aé😀\x00\x85", max_size=60))
def test_no_text_raises_anything_but_input_errors(text: str) -> None:
    with suppress(InputError):
        parse_manifests(text, source="m.yaml")
