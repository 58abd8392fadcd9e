"""A scrape needs a Secret or a ConfigMap that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.evidence.metrics.monitors import Monitors, monitors
from toolkit.findings import Finding, Mark, Subject, Unproven
from toolkit.kubernetes.manifests import Manifest, mapping
from toolkit.languages.positioned import PositionedNode
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_KINDS = ("ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig")
_MAKERS = ("SealedSecret", "ExternalSecret")
"""Kinds of which an operator makes a Secret of the same name."""


@check(expects=KubernetesExpectation, queries=monitors)
def scrape_secret(
    expected: KubernetesExpectation, observed: Monitors
) -> Iterator[Finding | Unproven]:
    """Every Secret and ConfigMap that a monitor names is among the manifests, with its key.

    ## Why it matters
    The operator leaves a monitor out if it cannot read the password, the token or the
    certificate that it names: nothing is scraped, and only the operator's log says so.

    ## How to fix it
    Create the Secret in the namespace of the monitor, or correct its name or key. One that is
    created by hand cannot be seen here.

    ## Reference
    https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.BasicAuth
    """
    for manifest in observed.manifests.of(*_KINDS):
        seen = set[tuple[str, str, str]]()
        for kind, node in _references(PositionedNode(manifest.document, ("spec",))):
            name, key = str(node.get("name")), str(node.get("key"))
            if (kind, name, key) not in seen:
                seen.add((kind, name, key))
                yield from _missing(observed, manifest, kind, node)


def _references(
    node: PositionedNode, kind: str = "Secret"
) -> Iterator[tuple[str, PositionedNode]]:
    """The names and keys of Secrets and ConfigMaps in a monitor."""
    value = node.value
    if isinstance(value, dict) and {"name", "key"} <= value.keys() <= {"name", "key", "optional"}:
        if value.get("optional") is not True:
            yield kind, node
        return
    for name, below in node.items():
        yield from _references(below, "ConfigMap" if name == "configMap" else "Secret")


def _missing(
    observed: Monitors, manifest: Manifest, kind: str, node: PositionedNode
) -> Iterator[Finding | Unproven]:
    name, key = str(node.get("name")), str(node.get("key"))
    kinds = (kind, *_MAKERS) if kind == "Secret" else (kind,)
    near = [e for e in observed.manifests.of(*kinds) if observed.manifests.together(manifest, e)]
    there = [each for each in near if each.name == name]
    finding = Finding(
        what=f"{manifest} needs {kind} `{name}`, which is not among the manifests",
        where=node.locate("name"),
        why="the operator leaves out a monitor whose credentials it cannot read",
        fix=f"create {kind} `{name}` with the key `{key}` in the namespace of the monitor.",
        breaks=(Subject("monitor", f"{manifest}"),),
    )
    if not there:
        meant = get_close_matches(name, [each.name for each in near], n=1, cutoff=0.8)
        yield replace(finding, fix=f"did you mean `{meant[0]}`?") if meant else Unproven(finding)
    elif there[0].kind == kind and key not in _keys(there[0]):
        yield replace(
            finding,
            what=f"{manifest} needs the key `{key}` of {kind} `{name}`, which has no such key",
            where=node.locate("key"),
            fix=f"add the key, or name one of these: {', '.join(_keys(there[0])) or 'none'}.",
            marks=(Mark(kind, there[0].locate("metadata", "name")),),
        )


def _keys(manifest: Manifest) -> list[str]:
    held = (mapping(manifest.get(each)) for each in ("data", "stringData", "binaryData"))
    return [str(key) for each in held for key in each]
