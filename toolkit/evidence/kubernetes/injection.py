"""Containers that a webhook injects into pods, and that no manifest has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from toolkit.kubernetes.manifests import Manifest, dig
from toolkit.kubernetes.workloads import pod_path, workloads
from toolkit.model.expectations.kubernetes import InjectedExpectation


def with_injected(manifest: Manifest, injected: Iterable[InjectedExpectation]) -> Manifest:
    """Return the object with the injected containers; their place is that in the contract."""
    for each in injected:
        if any(workloads([manifest])) and fnmatchcase(manifest.name, each.into):
            manifest = _with(manifest, each)
    return manifest


def _with(manifest: Manifest, injected: InjectedExpectation) -> Manifest:
    path = (*pod_path(manifest), "spec", "containers")
    body = deepcopy(dict(manifest.body))
    listed = dig(body, *path)
    if not isinstance(listed, list):
        return manifest
    here = (*path, len(listed))
    listed.append(_container(injected))
    places = dict.fromkeys((here, (*here, "name")), injected.declared)
    return replace(manifest, body=body, added={**manifest.added, **places})


def _container(injected: InjectedExpectation) -> Mapping[str, Any]:
    stated = {"requests": dict(injected.requests), "limits": dict(injected.limits)}
    return {"name": injected.name, "resources": {key: of for key, of in stated.items() if of}}
