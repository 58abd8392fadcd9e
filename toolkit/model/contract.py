"""Everything a team promises about its logs and metrics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from toolkit.model.expectations import Expectation
from toolkit.model.expectations.deployment import DeploymentExpectation
from toolkit.model.expectations.kibana import KibanaExpectation
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.expectations.service import ServiceExpectation
from toolkit.model.expectations.targets import TargetsExpectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression(Expectation):
    """A finding, or something unproven, that the team accepts until a day."""

    check: str
    """A glob of check ids."""
    reason: str
    """Why it is accepted; printed in the report."""
    expires: date
    """The last day of the acceptance."""
    where: str = "*"
    """A glob of places, as reports print them."""

    @property
    def unbounded(self) -> bool:
        """True if it names neither a check nor a place."""
        return not (self.check.strip("*?/") or self.where.strip("*?/.:"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract(Expectation):
    """The whole of a `toolkit.yml`; every section is optional."""

    version: Literal[1] = 1
    """The version of this form."""
    deployment: DeploymentExpectation | None = None
    """Facts of the deployment that no file of the repository states."""
    service: ServiceExpectation | None = None
    """A service to start here."""
    logs: tuple[LogExpectation, ...] = ()
    """Log lines, their pipelines and fields."""
    metrics: MetricsExpectation | None = None
    """Metrics, rules and Grafana dashboards."""
    kibana: KibanaExpectation | None = None
    """Saved objects of Kibana."""
    kubernetes: KubernetesExpectation | None = None
    """Manifests, and the node they have to fit."""
    scaling: ScalingExpectation | None = None
    """The behaviour of the workload under load."""
    targets: TargetsExpectation | None = None
    """Running systems, for `toolkit verify --live`."""
    suppress: tuple[Suppression, ...] = ()
    """Findings that are accepted until a day."""

    def expectations(self) -> Iterator[Expectation]:
        """Every statement that checks can judge, in the order of the hops."""
        yield self
        if self.service:
            yield self.service
        yield from self.logs
        if self.metrics:
            yield self.metrics
            yield from self.metrics.series
        yield from (each for each in (self.kibana, self.kubernetes, self.scaling) if each)


@dataclass(frozen=True, slots=True)
class Scope:
    """The contract, and the systems that may be queried in this run."""

    contract: Contract
    folder: str = ""
    """The contract's folder, as the user named it."""
    now: int = 0
    """Nanoseconds since 1970: what the clock of the emulation shows."""
    live: frozenset[str] = frozenset()
    """The running systems that are queried, such as ``elasticsearch``."""
