"""Systems that run, which may be asked, and how they are reached."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.model.expectations import Expectation

__all__ = ["ElasticsearchTarget", "TargetsExpectation"]


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
class TargetsExpectation(Expectation):
    """What `toolkit verify --live` asks."""

    elasticsearch: ElasticsearchTarget | None = None
