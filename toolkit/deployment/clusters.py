"""Versions of Kubernetes that files of a repository state.

Sources: images of kind's nodes, of k3s and of the control plane, the option of minikube and the
settings of tools and workflows that are named after the version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.findings import Location
from toolkit.languages.positioned import placed_in

_IMAGE = r"(?:kindest/node|rancher/k3s|/kube-apiserver|/hyperkube|/kubectl)[:-]"
_SETTING = r"(?:kubernetes|k8s)[-_ ]?version[\"']?\s*[:=]?\s*"
_VERSION = re.compile(rf"(?:{_IMAGE}|{_SETTING})[\"']?v?(1\.\d+)(?![\d*x])", re.IGNORECASE)


def cluster_versions(text: str, source: str) -> Iterator[tuple[str, Location]]:
    """Yield the versions, such as ``1.25``, and their places.

    >>> [version for version, _ in cluster_versions("image: kindest/node:v1.25.3", "kind.yaml")]
    ['1.25']
    >>> [version for version, _ in cluster_versions("start --kubernetes-version v1.15.0", "a")]
    ['1.15']
    """
    place = placed_in(source, text)
    for found in _VERSION.finditer(text):
        yield found[1], place(found.start(1), len(found[1]))
