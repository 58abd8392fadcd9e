"""Fields that the API server drops where their feature gate is closed, by version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from toolkit.kubernetes.manifests import Manifest, dig, items, mapping
from toolkit.kubernetes.workloads import pod_path
from toolkit.languages.positioned import Path

Version: TypeAlias = tuple[int, int]

_KNOWN: Version = (1, 35)
"""Gates that are closed by default in all known versions are closed in those before this one."""


@dataclass(frozen=True, slots=True)
class GatedField:
    """A field, and the versions in which it is known and dropped by default."""

    path: str
    """Dotted, relative to a pod's spec unless ``kind`` is given; ``*`` is any key or item."""
    gate: str
    since: Version
    """The first version that knows the field."""
    until: Version = _KNOWN
    """The first version in which the gate is open by default."""
    kind: str = ""
    needed: bool = False
    """True if containers lack files or variables without it."""
    kept: str = ""
    """The value that is not dropped."""

    def dropped_by(self, versions: Iterable[str]) -> list[str]:
        """Return those of some versions, such as ``1.34``, that drop it."""
        return [each for each in versions if self.since <= version_of(each) < self.until]

    def paths(self, manifest: Manifest) -> Iterator[Path]:
        """Yield its places in an object as it is written."""
        base: Path = () if self.kind else (*pod_path(manifest), "spec")
        if self.kind in ("", manifest.kind):
            for path in _matching(manifest.written, (*base, *self.path.split("."))):
                if not self.kept or dig(manifest.written, *path) != self.kept:
                    yield path


FIELDS = (
    GatedField(
        "spec.behavior.*.tolerance",
        "HPAConfigurableTolerance",
        (1, 33),
        kind="HorizontalPodAutoscaler",
    ),
    GatedField(
        "spec.updateStrategy.rollingUpdate.maxUnavailable",
        "MaxUnavailableStatefulSet",
        (1, 24),
        kind="StatefulSet",
    ),
    GatedField("resources", "PodLevelResources", (1, 32), (1, 34)),
    GatedField("hostUsers", "UserNamespacesSupport", (1, 25), (1, 33)),
    GatedField("hostnameOverride", "HostnameOverride", (1, 34)),
    GatedField("resourceClaims", "DynamicResourceAllocation", (1, 26), (1, 34)),
    GatedField(
        "securityContext.supplementalGroupsPolicy", "SupplementalGroupsPolicy", (1, 31), (1, 33)
    ),
    GatedField("containers.*.resizePolicy", "InPlacePodVerticalScaling", (1, 27), (1, 33)),
    GatedField("containers.*.lifecycle.stopSignal", "ContainerStopSignals", (1, 33)),
    GatedField("containers.*.restartPolicy", "ContainerRestartRules", (1, 34)),
    GatedField("containers.*.restartPolicyRules", "ContainerRestartRules", (1, 34)),
    GatedField("initContainers.*.restartPolicy", "ContainerRestartRules", (1, 34), kept="Always"),
    GatedField("containers.*.env.*.valueFrom.fileKeyRef", "EnvFiles", (1, 34), needed=True),
    GatedField("volumes.*.image", "ImageVolume", (1, 31), needed=True),
    GatedField(
        "volumes.*.projected.sources.*.clusterTrustBundle",
        "ClusterTrustBundleProjection",
        (1, 29),
        needed=True,
    ),
    GatedField(
        "volumes.*.projected.sources.*.podCertificate",
        "PodCertificateRequest",
        (1, 34),
        needed=True,
    ),
)
"""As in ``pkg/features`` of Kubernetes 1.34.4."""


def version_of(text: str) -> Version:
    """Return the numbers of a version of Kubernetes.

    >>> version_of("1.34")
    (1, 34)
    """
    major, _, minor = text.partition(".")
    return int(major), int(minor)


def _matching(value: Any, pattern: Path, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of values that are set."""
    if not pattern:
        if value is not None:
            yield path
        return
    first, *rest = pattern
    below: list[tuple[str | int, Any]] = [*mapping(value).items(), *items(value)]
    for key, each in below:
        if first in ("*", key):
            yield from _matching(each, tuple(rest), (*path, key))
