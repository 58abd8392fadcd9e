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
from toolkit.findings import Location
from toolkit.kubernetes.custom import declared, shipped
from toolkit.kubernetes.manifests import Manifest
from toolkit.kubernetes.release import Release
from toolkit.kubernetes.schema import Form, Schema, SchemaViolation
from toolkit.kubernetes.validation import is_validated
from toolkit.model.grouping import grouped
from toolkit.model.queries import Answer, Derived, Query

_PACKAGE = "kubernetes_validate"
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


@dataclass(frozen=True, slots=True)
class SchemaFaultsOf(Derived[SchemaFaults]):
    """Validate manifests against the strict schemas of some versions, such as ``1.34``.

    Raises:
        Unavailable: The schemas, or those of a version, are not installed.
    """

    manifests: Query[Manifests]
    versions: tuple[str, ...]

    def derive(self, found: Answer[Manifests]) -> Answer[SchemaFaults]:
        _installed()
        found.evidence.require()
        own = declared(found.evidence)
        faults = list[SchemaFault]()
        unknown: dict[Manifest, list[str]] = {}
        for manifest in found.evidence:
            if custom := _custom(manifest, own):
                faults += _faults(manifest, custom, ())
                continue
            for version in self.versions:
                release = _release(version)
                form = release.form(manifest.api_version, manifest.kind)
                if form is None:
                    unknown.setdefault(manifest, []).append(version)
                else:
                    missing = not is_validated(manifest.api_version, manifest.kind)
                    schema = Schema(release.definitions, required=missing), form
                    faults += _faults(manifest, schema, (version,))
        evidence = SchemaFaults(
            tuple(_joined(faults)),
            tuple(_unknown(manifest, tuple(versions)) for manifest, versions in unknown.items()),
            found.evidence,
        )
        caveats = tuple(each.why for each in found.evidence.unread)
        return Answer(evidence, found.origin, found.sampled, "manifests", caveats)


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
            (each for each, kinds in release.kinds.items() if manifest.kind in kinds),
        ),
        tuple(release.kinds.get(manifest.api_version, ())),
        "." in group and not any(each.startswith(f"{group}/") for each in release.kinds),
    )


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
    if not folder.is_dir():
        raise Unavailable.of(
            what=f"no schema of Kubernetes {version} is installed",
            where=Location("kubernetes-validate"),
            why="the package with the schemas does not have that version",
            fix="name another version under `kubernetes: versions:`, or upgrade "
            "kubernetes-validate.",
        )
    return Release((folder / "_definitions.json").read_text("utf-8"))
