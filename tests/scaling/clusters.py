"""Clusters that are written down in cases: objects, instead of an API server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

from toolkit.evidence.kubernetes.cluster import ApiQuery, ApiReplies, ApiReply
from toolkit.model.queries import Answer, Leaf, QueryFailure

NOW = "2026-01-10T00:10:00Z"
"""What the clock of such a cluster shows."""
_KINDS = {"horizontalpodautoscalers": "HorizontalPodAutoscaler", "cronjobs": "CronJob",
          "deployments": "Deployment", "statefulsets": "StatefulSet", "services": "Service",
          "jobs": "Job", "pods": "Pod", "events": "Event"}  # fmt: skip


@dataclass(frozen=True)
class CaseCluster:
    """The block ``kubernetes`` as what an API server answers.

    It holds objects of the namespace ``shop``. An ``APIService`` is there and available unless
    the block has one; a ``Status`` with a ``path`` is how that path and what is below is answered.
    """

    blocks: Mapping[str, str]
    system: str = "kubernetes"

    def answer(
        self, queries: Sequence[Leaf[Any]]
    ) -> Mapping[Leaf[Any], Answer[Any] | QueryFailure]:
        held = list(yaml.safe_load_all(self.blocks["kubernetes"]))
        return {query: _answer(query, held) for query in queries if isinstance(query, ApiQuery)}

    def close(self) -> None:
        """Nothing is ever under way."""


def _answer(query: ApiQuery, held: Sequence[Any]) -> Answer[ApiReplies]:
    found = replies(query.paths, held)
    return Answer(found, "the cluster minikube", len(found.replies), "API answers")


def replies(paths: Sequence[str], held: Sequence[Any]) -> ApiReplies:
    """What is answered to paths by a cluster that holds these objects."""
    now = datetime.fromisoformat(NOW).timestamp()
    return ApiReplies(
        "minikube", now, tuple(ApiReply(path, *_reply(path, held)) for path in paths)
    )


def _reply(path: str, held: Sequence[Any]) -> tuple[int, str]:
    for each in held:
        if each["kind"] == "Status" and path.startswith(each["path"]):
            return int(each["code"]), json.dumps(each)
    if "apiservices" in path:
        own = [each for each in held if each["kind"] == "APIService"]
        return 200, json.dumps(own[0] if own else {})
    return 200, json.dumps({"items": list(_items(path, held))})


def _items(path: str, held: Sequence[Any]) -> Iterator[Any]:
    url = urlsplit(path)
    kind = _KINDS[url.path.rpartition("/")[2]]
    kind = "PodMetrics" if "metrics.k8s.io" in path else kind
    namespace = url.path.split("/namespaces/")[1].split("/")[0]
    selector = parse_qs(url.query).get("labelSelector", [""])[0]
    wanted = dict(pair.strip().split("=") for pair in selector.split(",") if pair)
    for each in held:
        labels = each.get("metadata", {}).get("labels", {})
        if each["kind"] == kind and namespace == "shop" and wanted.items() <= labels.items():
            body = {key: value for key, value in each.items() if key not in ("kind", "apiVersion")}
            yield {**body, "metadata": {"namespace": "shop", **each["metadata"]}}
