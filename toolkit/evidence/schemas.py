"""What the schemas of Kubernetes say of manifests, by version."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as package_files
from importlib.util import find_spec
from typing import Any

from toolkit.errors import Unavailable
from toolkit.evidence.manifests import Manifests
from toolkit.findings import Finding, Location
from toolkit.kubernetes.manifests import Manifest, Path
from toolkit.model.queries import Answer, Derived, Query

__all__ = ["SchemaFault", "SchemaFaults", "SchemaFaultsOf"]

_PACKAGE = "kubernetes_validate"


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """A part of an object that a version of Kubernetes does not accept."""

    manifest: Manifest
    path: Path
    message: str
    unknown: tuple[str, ...] = ()
    """Keys that are not known there."""
    known: tuple[str, ...] = ()
    """Keys that are."""
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemaFaults:
    """All faults, and the objects no schema is known for."""

    faults: tuple[SchemaFault, ...]
    unknown: tuple[Manifest, ...]
    """Custom resources, and kinds that do not exist."""


@dataclass(frozen=True, slots=True)
class SchemaFaultsOf(Derived[SchemaFaults]):
    """Hold manifests against the strict schemas of some versions."""

    manifests: Query[Manifests]
    versions: tuple[str, ...]

    def parts(self) -> tuple[Query[Any], ...]:
        return (self.manifests,)

    def derive(self, found: Answer[Manifests]) -> Answer[SchemaFaults]:
        if find_spec(_PACKAGE) is None:
            raise Unavailable(_not_installed())
        faults: dict[SchemaFault, list[str]] = {}
        unknown: dict[int, Manifest] = {}
        for version in self.versions:
            for manifest in found.evidence:
                schema = _schema(version, manifest.kind, manifest.api_version)
                if schema is None:
                    unknown[id(manifest)] = manifest
                    continue
                for fault in _faults(manifest, schema, version):
                    faults.setdefault(fault, []).append(version)
        all_faults = tuple(
            SchemaFault(f.manifest, f.path, f.message, f.unknown, f.known, tuple(versions))
            for f, versions in faults.items()
        )
        evidence = SchemaFaults(all_faults, tuple(unknown.values()))
        sampled = found.sampled - len(unknown)
        return Answer(evidence, found.origin, sampled, "manifests")


def _faults(manifest: Manifest, schema: Mapping[str, Any], version: str) -> Iterator[SchemaFault]:
    from jsonschema import Draft202012Validator
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    definitions = DRAFT202012.create_resource(_definitions(version))
    registry: Registry[Any] = Registry().with_resource("_definitions.json", definitions)
    for error in Draft202012Validator(schema, registry=registry).iter_errors(manifest.body):
        path = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            known = tuple(error.schema.get("properties", {}))
            extra = tuple(key for key in error.instance if key not in known)
            yield SchemaFault(manifest, path, error.message, extra, known)
        else:
            yield SchemaFault(manifest, path, error.message)


def _folder(version: str) -> Any:
    return package_files(_PACKAGE) / "kubernetes-json-schema" / f"v{version}.0-local-strict"


def _schema(version: str, kind: str, api_version: str) -> Mapping[str, Any] | None:
    group, _, name = api_version.rpartition("/")
    short = f"{group.partition('.')[0]}-{name}" if group else name
    file = _folder(version) / f"{kind.lower()}-{short}.json"
    if not _folder(version).is_dir():
        raise Unavailable(_no_version(version))
    found: Mapping[str, Any] | None = json.loads(file.read_bytes()) if file.is_file() else None
    return found


@cache
def _definitions(version: str) -> Any:
    return json.loads((_folder(version) / "_definitions.json").read_bytes())


def _not_installed() -> Finding:
    return Finding(
        what="the schemas of Kubernetes are not installed",
        where=Location("kubernetes-validate"),
        why="misspelt fields can only be told from known ones by the schemas",
        fix="install the extra: `pip install 'telemetry-contract[manifests]'`.",
    )


def _no_version(version: str) -> Finding:
    return Finding(
        what=f"there is no schema of Kubernetes {version}",
        where=Location("kubernetes-validate"),
        why="the package that holds the schemas does not know that version",
        fix="name another version under `kubernetes: versions:`, or upgrade kubernetes-validate.",
    )
