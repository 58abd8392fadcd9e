"""What a service did when it was started here and sent requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from toolkit.model.expectations.service import ServiceExpectation
from toolkit.model.queries import Leaf, Recordable


@dataclass(frozen=True, slots=True)
class Request(Recordable):
    """What is written to the socket, and how its answer should look."""

    name: str
    """How people call it: ``GET /work?ms=20``, or the name of a hostile request."""
    raw: bytes
    expected: int | None
    """The status promised; None where the server may refuse it as it likes."""
    marker: str
    """A text that is in this request and in no other: its id."""

    @property
    def hostile(self) -> bool:
        """Whether it belongs to the corpus of hostile requests."""
        return self.expected is None


@dataclass(frozen=True, slots=True)
class Exchange(Recordable):
    """A request and the status it was answered with."""

    request: Request
    status: int | None
    """None where the connection closed without an answer."""
    seconds: float
    """As the client measured it."""
    sent_at: float
    """Seconds since 1970."""
    from_application: bool = True
    """Whether the application answered, or the server in front of it refused."""


@dataclass(frozen=True, slots=True)
class Traffic(Recordable):
    """One run of a service, from its start to its end."""

    exchanges: tuple[Exchange, ...]
    log_name: str
    log: bytes
    """All that was written to the log, from start to stop."""
    scrapes: tuple[str, ...]
    """The exposition, two scrapes before the first request and two after the last one.

    What changes between the first two is what a scrape itself costs.
    """
    started_at: float
    """Seconds since 1970."""
    stopped_at: float
    exit_code: int | None
    timezone: str
    """The zone the service was started in."""
    own: tuple[int, ...] = ()
    """The statuses of the toolkit's own requests: whether it is ready, and the scrapes."""


@dataclass(frozen=True, slots=True)
class ServiceRun(Leaf[Traffic]):
    """Start the service, send it its requests, stop it."""

    system: ClassVar[str] = "service"
    evidence: ClassVar[type[Recordable]] = Traffic

    expectation: ServiceExpectation

    @property
    def key(self) -> str:
        return self.expectation.start

    def __hash__(self) -> int:
        return hash(self.key)
