"""Systems that run, which may be asked, and how they are reached."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.model.expectations import Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class ElasticsearchTarget(Expectation):
    """An Elasticsearch, 8.19 or 9. Secrets stand in files or in the environment, never here."""

    url: str
    username: str | None = None
    password_file: str | None = None
    """A file that holds nothing but the password."""
    api_key_file: str | None = None
    """A file that holds nothing but an API key, encoded as Elasticsearch hands it out."""
    ca: str | None = None
    """A file with the certificates that sign the server's."""
    timeout: float = 10.0
    """Seconds one request may take."""
    writable: bool = False
    """Whether `--allow-writes` may write there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KibanaTarget(Expectation):
    """A Kibana, 8.19 or 9. Secrets stand in files or in the environment, never here."""

    url: str
    space: str | None = None
    """The space the saved objects are in; else the default one."""
    username: str | None = None
    password_file: str | None = None
    """A file that holds nothing but the password."""
    api_key_file: str | None = None
    """A file that holds nothing but an API key, encoded as Elasticsearch hands it out."""
    ca: str | None = None
    """A file with the certificates that sign the server's."""
    timeout: float = 10.0
    """Seconds one request may take."""
    writable: bool = False
    """Whether `toolkit kibana import` may write there without being told the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesTarget(Expectation):
    """A cluster, reached as kubectl reaches it. Credentials stand in the kubeconfig only."""

    context: str
    """The name of a context."""
    kubeconfig: str | None = None
    """A file; else what the environment says, as for kubectl."""
    namespace: str | None = None
    """Where objects are that name no namespace; else `kubernetes.namespace`."""
    url: str | None = None
    """Where the users of `toolkit scale` send their requests; it loads no other host."""
    writable: bool = False
    """Whether `toolkit scale` may put load on it."""
    pod_header: str | None = None
    """The header by which an answer tells the pod it comes from, where the service sets one."""
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
    """What `toolkit verify --live` asks."""

    elasticsearch: ElasticsearchTarget | None = None
    kibana: KibanaTarget | None = None
    kubernetes: KubernetesTarget | None = None
