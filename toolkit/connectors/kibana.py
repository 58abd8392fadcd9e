"""Kibana, written to only when a person says so: imports saved objects."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from toolkit.errors import Unavailable, UsageError
from toolkit.findings import Finding, Location

__all__ = ["Imported", "Kibana", "Refusal"]

_AWAY = (502, 503, 504)
"""The statuses of a Kibana that starts, or whose Elasticsearch does."""
_SILENT, _DISTRUSTED = 0, -1
"""In place of a status: no answer, and none that may be believed."""
_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """An object that was not taken, and what Kibana says of it."""

    type: str
    id: str
    title: str
    reason: str
    missing: tuple[tuple[str, str], ...] = ()
    """Type and id of what it refers to, and is not there."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file."""

    count: int
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Kibana:
    """A Kibana that runs, and one of its spaces."""

    url: str = field(repr=False)
    space: str | None = None
    api_key: str | None = field(default=None, repr=False)
    ca: str | None = None
    """A file with the certificates that sign the server's."""
    timeout: float = 30.0
    """Seconds one request may take."""
    pause: Callable[[float], None] = field(default=time.sleep, repr=False)

    def __post_init__(self) -> None:
        """Raises `UsageError` for an address that is none."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(_no_address())

    @property
    def shown(self) -> str:
        """The address as people see it, without what stands before ``@``."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))

    @property
    def base(self) -> str:
        """The address of the space."""
        return self.shown + (f"/s/{quote(self.space, safe='')}" if self.space else "")

    def dashboard(self, name: str) -> str:
        """Where a person opens a dashboard, by its id."""
        return f"{self.base}/app/dashboards#/view/{quote(name, safe='')}"

    def import_objects(self, name: str, data: bytes, *, patience: float = 0.0) -> Imported:
        """Import an export, over what is there; the same import twice does no harm.

        A Kibana that does not answer yet is asked again for ``patience`` seconds. Raises
        `Unavailable` where it does not answer, or refuses the request as a whole.
        """
        deadline = time.monotonic() + patience
        while True:
            status, body = self._post(name, data)
            if status == 200 and isinstance(body, Mapping):
                return _imported(body)
            if status not in (_SILENT, *_AWAY) or time.monotonic() >= deadline:
                finding = body if isinstance(body, Finding) else self._refused(status, body)
                raise Unavailable(finding)
            self.pause(_PAUSE)

    def _post(self, name: str, data: bytes) -> tuple[int, Any]:
        """The status and the body; or that there was no answer, and why."""
        try:
            import requests
        except ImportError:
            raise Unavailable(_no_client()) from None
        key = {"Authorization": f"ApiKey {self.api_key}"} if self.api_key else {}
        try:
            answer = requests.post(
                f"{self.base}/api/saved_objects/_import",
                params={"overwrite": "true"},
                files={"file": (name, data, "application/ndjson")},
                headers={"kbn-xsrf": "toolkit", **key},
                auth=self._basic(),
                verify=self.ca or True,
                timeout=self.timeout,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError as error:
            return _DISTRUSTED, self._unreachable(error, distrusted=True)
        except (requests.RequestException, OSError) as error:
            return _SILENT, self._unreachable(error)
        return answer.status_code, _read(answer.text)

    def _basic(self) -> tuple[str, str] | None:
        parts = urlsplit(self.url)
        return (parts.username, parts.password or "") if parts.username else None

    def _refused(self, status: int, body: Any) -> Finding:
        said = body.get("message") if isinstance(body, Mapping) else body
        what, fix = _REFUSALS.get(status, ("Kibana refuses the import", "see what Kibana says."))
        return Finding(
            what=f"{what} (HTTP {status})",
            where=Location(self.shown),
            why=f"Kibana says: {str(said or 'nothing').partition(chr(10))[0][:300]}",
            fix=fix,
        )

    def _unreachable(self, error: Exception, *, distrusted: bool = False) -> Finding:
        return Finding(
            what=f"Kibana {'cannot be trusted' if distrusted else 'does not answer'}",
            where=Location(self.shown),
            why=f"the connection says: {_words(error)}",
            fix="name the certificate that signed the server's: `--ca FILE`."
            if distrusted
            else "start it, correct the address, or give it time: `--wait 300`.",
        )


_REFUSALS: Mapping[int, tuple[str, str]] = {
    302: ("Kibana wants somebody to log in", "give `--api-key-file FILE`."),
    401: ("Kibana does not know who asks", "give `--api-key-file FILE`."),
    403: (
        "Kibana does not allow the import",
        "give the key the privilege to manage saved objects.",
    ),
    404: ("this is no Kibana, or it has no such space", "correct the address, or `--space`."),
    413: ("the export is too large for this Kibana", "import it in parts."),
    503: ("Kibana is not ready yet", "wait for it: `--wait 300`."),
}


def _imported(body: Mapping[str, Any]) -> Imported:
    errors = body.get("errors") or ()
    return Imported(int(body.get("successCount") or 0), tuple(map(_refusal, errors)))


def _refusal(error: Mapping[str, Any]) -> Refusal:
    cause = error.get("error") or {}
    references = cause.get("references") or ()
    return Refusal(
        str(error.get("type")),
        str(error.get("id")),
        str((error.get("meta") or {}).get("title") or error.get("title") or error.get("id")),
        str(cause.get("message") or cause.get("type") or "no reason is given"),
        tuple((str(each.get("type")), str(each.get("id"))) for each in references),
    )


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _words(error: Exception) -> str:
    """What went wrong, without names of classes and addresses of objects."""
    inner: Any = error
    while getattr(inner, "args", None) and isinstance(inner.args[0], BaseException):
        inner = getattr(inner.args[0], "reason", None) or inner.args[0]
    text = str(inner).rpartition(": ")[2] or type(error).__name__
    return text.strip("'\"() ")[:200]


def _no_address() -> Finding:
    return Finding(
        what="the address of Kibana is none",
        where=Location("command line"),
        why="an address has a scheme and a host; it is not shown here, since it may hold a secret",
        fix="write `http://HOST:5601` or `https://HOST:5601`.",
    )


def _no_client() -> Finding:
    return Finding(
        what="the package `requests` is not installed",
        where=Location("kibana"),
        why="Kibana is reached by way of it, and it is an extra",
        fix="run `pip install 'telemetry-contract[live]'`.",
    )
