"""Rule files within other files: entries of ConfigMaps, PrometheusRules in lists, Helm values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from toolkit.deployment.recognition import recognise
from toolkit.evidence.files import File, decode
from toolkit.findings import Location
from toolkit.kubernetes.manifests import Manifest, mapping, read_manifests
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_yaml import read_documents
from toolkit.languages.yaml_dialects import GO_YAML_3

_GROUPS = re.compile(r"^[\"']?groups[\"']?[ \t]*:", re.MULTILINE)
_CARRIER = re.compile(
    r"^[ \t]*(?:-[ \t]+)?[\"']?kind[\"']?[ \t]*:[ \t]*[\"']?(?:ConfigMap|\w*List)\b",
    re.MULTILINE,
)
_DEEPEST = 6
"""Keys of Helm values above the groups of rules."""


class RuleText(NamedTuple):
    """The text of a rule file."""

    text: str
    where: Location | None = None
    """The place of all of it, if its own lines are not those of the file."""


def rule_texts(file: File) -> Iterator[RuleText]:
    """Yield the rule files in a file: itself, or what is in it.

    A part keeps its lines and columns: the rest of the file is blank.

    Raises:
        InputError: The file is not UTF-8.
    """
    text = decode(file, "a rule file")
    if _CARRIER.search(text):
        for manifest in read_manifests(text, source=file.name).found:
            yield from _carried(manifest, text)
    elif not _GROUPS.search(text) and recognise(file.name, text) == "Helm values":
        for document in read_documents(text, file.name, GO_YAML_3, what="the file").found:
            yield from _nested(PositionedNode(document), text, _DEEPEST)
    else:
        yield RuleText(text)


def _carried(manifest: Manifest, text: str) -> Iterator[RuleText]:
    if manifest.kind == "PrometheusRule":
        span = manifest.document.span_at("spec")
        yield RuleText(_only(text, span.start, span.end))
        return
    for key, value in mapping(manifest.get("data")).items():
        name = PurePosixPath(key).suffix
        if manifest.kind != "ConfigMap" or name == ".json" or not _GROUPS.search(str(value)):
            continue
        block = manifest.block("data", key)
        if block is None:
            yield RuleText(str(value), manifest.locate("data", key))
        else:
            yield RuleText("\n" * (block.first - 1) + "\n".join(block.lines) + "\n")


def _nested(node: PositionedNode, text: str, depth: int) -> Iterator[RuleText]:
    """The mappings in Helm values that have the groups of a rule file."""
    if not depth or not isinstance(node.value, dict):
        return
    if isinstance(node.get("groups"), list):
        span = node.text.span_at(*node.path)
        yield RuleText(_only(text, span.start, span.end))
        return
    for below in node.values():
        yield from _nested(below, text, depth - 1)


def _only(text: str, start: int, end: int) -> str:
    """A part of a text at its place, all before it blank."""
    return re.sub(r"[^\n]", " ", text[:start]) + text[start:end]
