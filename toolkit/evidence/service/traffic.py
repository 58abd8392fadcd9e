"""The requests to a service that was started here, and its answers."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.model.expectations.service import ServiceExpectation
from toolkit.model.queries import Leaf, Recordable


@dataclass(frozen=True, slots=True)
class Request(Recordable):
    """The bytes to send, and the expected answer."""

    name: str
    """Such as ``GET /work?ms=20``, or the name of a hostile request."""
    raw: bytes
    expected: int | None
    """The expected status; None if the server may reject it with any."""
    marker: str
    """A text that is unique to this request: its id."""

    @property
    def hostile(self) -> bool:
        """True for a request of the hostile corpus."""
        return self.expected is None


@dataclass(frozen=True, slots=True)
class Exchange(Recordable):
    """A request and its answer."""

    request: Request
    status: int | None
    """None if the connection closed without an answer."""
    seconds: float
    """As the client measured it."""
    sent_at: float
    """Seconds since 1970."""
    from_application: bool = True
    """True if the application answered; False if the server in front of it did."""


@dataclass(frozen=True, slots=True)
class Traffic(Recordable):
    """One run of a service, from its start to its end."""

    exchanges: tuple[Exchange, ...]
    log_name: str
    log: bytes
    """Everything written to the log, from start to stop."""
    scrapes: tuple[str, ...]
    """The exposition: two scrapes before the first request, and two after the last one.

    The difference between the first two is the cost of a scrape.
    """
    started_at: float
    """Seconds since 1970."""
    stopped_at: float
    exit_code: int | None
    timezone: str
    """The time zone of the service."""
    own: tuple[int, ...] = ()
    """The statuses of the toolkit's own requests: readiness, and the scrapes."""


@dataclass(frozen=True, slots=True)
class ServiceRun(Leaf[Traffic], system="service"):
    """Start the service, send it its requests, stop it."""

    expectation: ServiceExpectation

    @property
    def key(self) -> str:
        return self.expectation.start

    def __hash__(self) -> int:
        return hash(self.key)
