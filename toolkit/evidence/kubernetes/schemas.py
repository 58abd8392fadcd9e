"""Validation of manifests against the schemas of Kubernetes, by version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from toolkit.errors import Unavailable
from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.evidence.kubernetes.versions import ClusterVersions
from toolkit.findings import Location
from toolkit.kubernetes.custom import declared, shipped
from toolkit.kubernetes.manifests import Manifest
from toolkit.kubernetes.release import Release
from toolkit.kubernetes.schema import Form, Schema, SchemaViolation
from toolkit.kubernetes.validation import is_validated
from toolkit.kubernetes.workloads import pod_path
from toolkit.languages.releases import at_least, releases
from toolkit.model.grouping import grouped
from toolkit.model.queries import Answer, Derived, Query

_PACKAGE = "kubernetes_validate"
_OLDEST = "1.25"
"""The first version with a schema, which stands for those before it."""
_POD_TEMPLATE = "io.k8s.api.core.v1.PodTemplateSpec"
_SERVED = releases("toolkit.kubernetes")
"""Since when and until when kinds are served, by API version."""
_BEFORE_RELEASE = re.compile(r"(alpha|beta)\d+$")


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """A part of an object that is invalid in these versions of Kubernetes."""

    manifest: Manifest
    fault: SchemaViolation
    versions: tuple[str, ...]
    """Empty for a custom resource, which has its own schema."""


@dataclass(frozen=True, slots=True)
class UnknownKind:
    """An object of a kind that these versions do not have."""

    manifest: Manifest
    versions: tuple[str, ...]
    elsewhere: tuple[str, ...]
    """API versions with a kind of this name, the nearest first."""
    kinds: tuple[str, ...]
    """The kinds of its API version."""
    custom: bool
    """True if its API group is not one of Kubernetes."""


@dataclass(frozen=True, slots=True)
class SchemaFaults:
    """All violations, and the objects of unknown kinds."""

    faults: tuple[SchemaFault, ...]
    unknown: tuple[UnknownKind, ...]
    manifests: Manifests
    versions: ClusterVersions


@dataclass(frozen=True, slots=True)
class SchemaFaultsOf(Derived[SchemaFaults]):
    """Validate manifests against the strict schemas of some versions.

    Raises:
        Unavailable: The schemas, or those of a version, are not installed.
    """

    manifests: Query[Manifests]
    versions: Query[ClusterVersions]

    def derive(
        self, found: Answer[Manifests], versions: Answer[ClusterVersions]
    ) -> Answer[SchemaFaults]:
        evidence = violations(found.evidence, versions.evidence)
        caveats = tuple(each.why for each in found.evidence.unread)
        return Answer(evidence, found.origin, found.sampled, "manifests", caveats)


def violations(found: Manifests, versions: ClusterVersions) -> SchemaFaults:
    """Return what of some manifests these versions do not accept."""
    _installed()
    found.require()
    own = declared(found)
    faults = list[SchemaFault]()
    unknown: dict[Manifest, list[str]] = {}
    for manifest in found:
        if custom := _custom(manifest, own):
            faults += _faults(manifest, custom, ())
            continue
        for version in versions.places:
            release = _release(version)
            form = _form(release, manifest, version)
            if form is None:
                unknown.setdefault(manifest, []).append(version)
            else:
                missing = not is_validated(manifest.api_version, manifest.kind)
                schema = Schema(release.definitions, required=missing), form
                faults += _faults(manifest, schema, (version,))
    least = 1 if versions.every else len(versions.places)
    return SchemaFaults(
        tuple(e for e in _joined(faults) if not e.versions or len(e.versions) >= least),
        tuple(_unknown(each, tuple(e)) for each, e in unknown.items() if len(e) >= least),
        found,
        versions,
    )


def _faults(
    manifest: Manifest, schema: tuple[Schema, Form], versions: tuple[str, ...]
) -> Iterator[SchemaFault]:
    definitions, form = schema
    for fault in definitions.faults(manifest.written, form):
        yield SchemaFault(manifest, fault, versions)


def _joined(faults: Iterable[SchemaFault]) -> Iterator[SchemaFault]:
    """Yield the violations of several versions, each once; the newest knows the most keys."""
    groups = grouped(
        ((each.manifest, each.fault.path, each.fault.message, each.fault.unknown), each)
        for each in faults
    )
    for group in groups.values():
        yield replace(group[-1], versions=tuple(v for each in group for v in each.versions))


def _form(release: Release, manifest: Manifest, version: str) -> Form | None:
    """The form of an object in a version; None if that has no such kind.

    Of what is older than the oldest schema only the template of pods is known.
    """
    served = _SERVED.change(manifest.api_version, manifest.kind)
    if served and not served.accepted(version):
        return None
    form = release.form(manifest.api_version, manifest.kind)
    if form is None and served:
        form = {"$ref": f"/{_POD_TEMPLATE}"}
        for key in reversed(pod_path(manifest)):
            form = {"properties": {key: form}}
    return form


def _custom(manifest: Manifest, own: Mapping[tuple[str, str], Form]) -> tuple[Schema, Form] | None:
    form = own.get((manifest.api_version, manifest.kind))
    if form is not None:
        return Schema({}), form
    definitions = shipped(manifest.api_version.rpartition("/")[0])
    form = definitions.get(manifest.kind)
    return None if form is None else (Schema(definitions), form)


def _unknown(manifest: Manifest, versions: tuple[str, ...]) -> UnknownKind:
    release = _release(versions[-1])
    group = manifest.api_version.rpartition("/")[0]
    return UnknownKind(
        manifest,
        versions,
        _nearest(
            manifest.api_version,
            _serving(release, manifest.kind, versions[-1]),
        ),
        tuple(release.kinds.get(manifest.api_version, ())),
        "." in group and not any(each.startswith(f"{group}/") for each in release.kinds),
    )


def _serving(release: Release, kind: str, version: str) -> Iterator[str]:
    """The API versions in which a version has a kind."""
    older = ("/".join(place) for place, names in _SERVED.places if kind in names)
    for each in dict.fromkeys(
        (*(e for e, kinds in release.kinds.items() if kind in kinds), *older)
    ):
        served = _SERVED.change(each, kind)
        if served is None or served.accepted(version):
            yield each


def _nearest(stated: str, versions: Iterable[str]) -> tuple[str, ...]:
    """Sort API versions: what became of the stated one, then its group, then stable and new ones.

    >>> _nearest("autoscaling/v2beta2", ["autoscaling/v1", "autoscaling/v2"])[0]
    'autoscaling/v2'
    """
    became, group = _BEFORE_RELEASE.sub("", stated), stated.rpartition("/")[0]
    return tuple(
        sorted(
            sorted(versions, reverse=True),
            key=lambda version: (
                version != became,
                not version.startswith(became),
                version.rpartition("/")[0] != group,
                bool(_BEFORE_RELEASE.search(version)),
            ),
        )
    )


def _installed() -> Path:
    """Return the folder of the package, which is not imported: only its data is read."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise Unavailable.of(
            what="the schemas of Kubernetes are not installed",
            where=Location("kubernetes-validate"),
            why="misspelt fields are found only by the schemas",
            fix="install the extra: `pip install 'telemetry-contract[manifests]'`.",
        )
    return Path(spec.origin).parent


@cache
def _release(version: str) -> Release:
    short = ".".join(version.removeprefix("v").split(".")[:2])
    folder = _installed() / "kubernetes-json-schema" / f"v{short}.0-local-strict"
    if not at_least(short, _OLDEST):
        return _release(_OLDEST)
    if not folder.is_dir():
        raise Unavailable.of(
            what=f"no schema of Kubernetes {version} is installed",
            where=Location("kubernetes-validate"),
            why="the package with the schemas does not have that version",
            fix="name another version under `kubernetes: versions:`, or upgrade "
            "kubernetes-validate.",
        )
    return Release((folder / "_definitions.json").read_text("utf-8"))
