"""A service that can be started here, and the requests it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.model.expectations import Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExpectation(Expectation):
    """A request sent ``times`` times, and the status it is answered with."""

    get: str | None = None
    """A path with its query, sent by GET."""
    post: str | None = None
    """A path with its query, sent by POST."""
    body: str = ""
    """The body of a POST."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of the request."""
    times: int = 1
    """How often it is sent."""
    status: int = 200
    """The status of each answer."""
    hostile: bool = False
    """Send the built-in corpus of hostile requests instead, each once."""

    def __post_init__(self) -> None:
        kinds = (self.get is not None, self.post is not None, self.hostile)
        if sum(kinds) != 1:
            raise ValueError("a request has one of `get`, `post` and `hostile`")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceExpectation(Expectation):
    """The command that starts the service, where it logs, and the requests it is sent.

    In ``start`` and ``environment``, ``{port}`` is replaced by a free port, ``{scratch}`` by a
    temporary folder, ``{python}`` by this interpreter.
    """

    start: str
    """A command line, split as a shell splits words; run in the contract's folder."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Environment variables of the service."""
    ready: str = "/"
    """A path that answers with a status below 400 once the service is up."""
    log: str | None = None
    """The log file, relative to ``{scratch}``; ``-`` is standard output."""
    metrics: str | None = None
    """The path of the metrics, in Prometheus's text format."""
    requests: tuple[RequestExpectation, ...] = ()
    """The requests it is sent, in order."""
    start_within: float = 20.0
    """Seconds until ``ready`` answers."""
    stop_within: float = 10.0
    """Seconds from SIGTERM until the service has ended."""
