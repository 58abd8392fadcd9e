"""Facts of a deployment that no file of the repository states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.model.expectations import Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentExpectation(Expectation):
    """Variables, files and versions of the programs where they run.

    They go before what compose files, Dockerfiles and manifests state.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    """Values of variables of the environment, by name."""
    mounts: Mapping[str, str] = field(default_factory=dict)
    """Files and folders of the repository, by the absolute path where programs find them."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Versions by product, such as ``{logstash: "8.10"}``."""

    def __hash__(self) -> int:
        return hash(self.declared)
