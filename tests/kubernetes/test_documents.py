"""Manifests are read as Kubernetes reads them, each part with its place."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import InputError
from toolkit.kubernetes.manifests import Manifest, parse_manifests, read_manifests


def one(text: str) -> Manifest:
    (manifest,) = parse_manifests(text, source="m.yaml")
    return manifest


def test_every_key_and_item_knows_its_place() -> None:
    found = one("kind: Pod\nspec:\n  containers:\n  - {name: a}\n  - {name: b, image: c}\n")
    assert str(found.locate("spec", "containers", 1, "image")) == "m.yaml:5:15"
    assert str(found.locate_value("spec", "containers", 1, "image")) == "m.yaml:5:22"
    assert str(found.locate("spec", "containers", 1, "command")) == "m.yaml:5:5"


def test_lists_are_opened_and_their_items_know_their_places() -> None:
    text = "kind: List\nitems:\n- kind: Pod\n  metadata: {name: a}\n- {kind: Job, spec: {}}\n"
    pod, job = parse_manifests(text, source="m.yaml")
    assert (str(pod), str(job)) == ("Pod a", "Job")
    assert str(pod.locate("metadata", "name")) == "m.yaml:4:14"


@pytest.mark.parametrize(
    "text", ["a: [", "a: {{ .Values.x }}", "a: &a [*a]", "a: *b", "? [x]\n: 1"]
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_manifests(f"kind: A\n{text}\n", source="m.yaml")
    assert caught.value.finding.where.line in (2, 3)


def test_other_documents_are_no_manifests_and_have_a_place() -> None:
    text = "replicas: 3\n---\n- 1\n---\n\n---\ntext\n---\napiVersion: v2\nname: chart\n"
    found = read_manifests(text, source="m.yaml")
    assert not found.found
    assert not found.unread
    assert [each.where.line for each in found.others] == [1, 3, 7, 9]


@given(st.text(alphabet="kind: Pod\n-{}[]&*!'\"|>?#%@,<=\t~0aé😀\x00\x85", max_size=60))
def test_no_text_raises_anything_but_input_errors(text: str) -> None:
    with suppress(InputError):
        parse_manifests(text, source="m.yaml")
