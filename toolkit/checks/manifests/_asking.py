"""The former name of `toolkit.checks._manifests`, for packages written for version 0.1."""

from __future__ import annotations

from toolkit.checks._manifests import of_cluster as of_cluster
from toolkit.checks._manifests import of_manifests as of_manifests
from toolkit.checks._manifests import of_manifests_and_cluster as of_manifests_and_cluster
