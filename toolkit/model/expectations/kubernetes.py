"""The deployed manifests, and the node they have to fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.kubernetes.quantities import amount
from toolkit.model.expectations import Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeExpectation(Expectation):
    """One node, and what of it is taken before anything is scheduled."""

    memory: str | int
    """A quantity, such as ``6144Mi``."""
    cpu: str | int | float | None = None
    """A quantity, such as ``4`` or ``3500m``."""
    reserved: Mapping[str, str] = field(default_factory=dict)
    """Memory that no manifest here requests, by what takes it: the control plane, a chart."""

    def __post_init__(self) -> None:
        for quantity in (self.memory, self.cpu or 0, *self.reserved.values()):
            amount(quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectedExpectation(Expectation):
    """A container that no manifest has: a webhook adds it to pods, as a service mesh does."""

    name: str
    """The name of the container."""
    into: str = "*"
    """A glob of the names of workloads."""
    requests: Mapping[str, str | int | float] = field(default_factory=dict)
    """Quantities by resource, such as ``{cpu: 100m, memory: 128Mi}``."""
    limits: Mapping[str, str | int | float] = field(default_factory=dict)
    """Quantities by resource."""

    def __hash__(self) -> int:
        return hash((self.name, self.into))

    def __post_init__(self) -> None:
        for quantity in (*self.requests.values(), *self.limits.values()):
            amount(quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesExpectation(Expectation):
    """The manifests of a deployment."""

    manifests: tuple[str, ...] = ()
    """Globs of YAML files; a kustomization or `Chart.yaml` means what is rendered of it."""
    versions: tuple[str, ...] = ()
    """Versions of Kubernetes that must accept them; else those of the files, or 1.32 to 1.34."""
    namespace: str | None = None
    """The namespace of objects that name none; if it is not given, they may go to any."""
    images: tuple[str, ...] = ("README*.md", "Makefile", ".github/workflows/*.y*ml")
    """Globs of files with the commands that build and name images."""
    sources: tuple[str, ...] = ()
    """Globs of files that ConfigMaps and PrometheusRules are generated from."""
    node: NodeExpectation | None = None
    """The node on which all of it has to fit."""
    injected: tuple[InjectedExpectation, ...] = ()
    """Containers that a webhook adds to pods; they count as if the manifests had them."""
