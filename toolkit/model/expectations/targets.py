"""Running systems that may be queried, and how to connect to them."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.model.expectations import Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class ElasticsearchTarget(Expectation):
    """An Elasticsearch, 8.19 or 9. Secrets are in files or in the environment, never here."""

    url: str
    """The address of the server, without credentials."""
    username: str | None = None
    """The user that the password belongs to."""
    password_file: str | None = None
    """A file that holds nothing but the password."""
    api_key_file: str | None = None
    """A file that holds nothing but an API key, encoded as Elasticsearch hands it out."""
    ca: str | None = None
    """A file with the certificates that sign the server's."""
    timeout: float = 10.0
    """Seconds one request may take."""
    writable: bool = False
    """True if `--allow-writes` may write there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KibanaTarget(Expectation):
    """A Kibana, 8.19 or 9. Secrets are in files or in the environment, never here."""

    url: str
    """The address of Kibana, without credentials."""
    space: str | None = None
    """The space of the saved objects; default: the default space."""
    username: str | None = None
    """The user that the password belongs to."""
    password_file: str | None = None
    """A file that holds nothing but the password."""
    api_key_file: str | None = None
    """A file that holds nothing but an API key, encoded as Elasticsearch hands it out."""
    ca: str | None = None
    """A file with the certificates that sign the server's."""
    timeout: float = 10.0
    """Seconds one request may take."""
    writable: bool = False
    """True if `toolkit kibana import` may write there without `--kibana`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesTarget(Expectation):
    """A cluster, reached as kubectl reaches it. Credentials are in the kubeconfig only."""

    context: str
    """The name of a context."""
    kubeconfig: str | None = None
    """Path of a kubeconfig; default: that of the environment, as for kubectl."""
    namespace: str | None = None
    """The namespace of objects that name none; default: `kubernetes.namespace`."""
    url: str | None = None
    """The address that the users of `toolkit scale` load; no other host is loaded."""
    writable: bool = False
    """True if `toolkit scale` may put load on it."""
    pod_header: str | None = None
    """The response header with the name of the pod, if the service sets one."""
    sync_period: float = 15.0
    """Seconds between two decisions of the autoscaler: a flag of its controller."""
    metric_resolution: float = 15.0
    """Seconds between two measurements of the metrics API."""
    timeout: float = 10.0
    """Seconds one request to the API server may take."""

    def __post_init__(self) -> None:
        if min(self.sync_period, self.metric_resolution, self.timeout) <= 0:
            raise ValueError("`sync_period`, `metric_resolution` and `timeout` are above zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsExpectation(Expectation):
    """The systems that `toolkit verify --live` reads."""

    elasticsearch: ElasticsearchTarget | None = None
    """The Elasticsearch that holds the events."""
    kibana: KibanaTarget | None = None
    """The Kibana with the saved objects."""
    kubernetes: KubernetesTarget | None = None
    """The cluster that runs the manifests."""
