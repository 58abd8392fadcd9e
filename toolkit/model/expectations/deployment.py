"""Facts of a deployment that no file of the repository states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from toolkit.model.expectations import Expectation

_PRODUCTS = (
    "elasticsearch",
    "filebeat",
    "grafana",
    "kibana",
    "kubernetes",
    "logstash",
    "prometheus",
)
_VERSION = re.compile(r"v?\d+(?:\.\d+){0,3}(?:[-+][\w.+-]+)?")


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

    def __post_init__(self) -> None:
        for target, source in self.mounts.items():
            if not target.startswith("/"):
                raise ValueError(f"`{target}` of `mounts` is no absolute path")
            if not source or source.startswith("/"):
                raise ValueError(
                    f"`{source}`, mounted at `{target}`, is no path of the repository"
                )
        for product, version in self.versions.items():
            if product not in _PRODUCTS and (near := get_close_matches(product, _PRODUCTS, n=1)):
                raise ValueError(f"`{product}` is no product: did you mean `{near[0]}`?")
            if not _VERSION.fullmatch(version):
                raise ValueError(f"`{version}` of {product} is no version, such as `8.19`")

    def __hash__(self) -> int:
        return hash(self.declared)
