"""Error responses of the API server."""

from __future__ import annotations

from toolkit.errors import InputError
from toolkit.findings import Finding, Location
from toolkit.kubernetes.manifests import mapping
from toolkit.languages.positioned_json import read_json


def refusal(path: str, status: int, body: str) -> Finding:
    """Return the finding for a path without a result.

    Args:
        path: The requested path.
        status: The HTTP status.
        body: The body of the response.
    """
    resource, namespace = _resource(path.partition("?")[0])
    if status == 403:
        return Finding(
            what=f"{resource} may not be read in the namespace `{namespace}`",
            where=place(path),
            why=f"the API server answered: {message_of(body)}",
            fix=f"grant it; `kubectl auth can-i list {resource} -n {namespace}` must print `yes`.",
        )
    return Finding(
        what=f"the API server did not return {resource} (HTTP {status})",
        where=place(path),
        why=f"it answered: {message_of(body)}",
        fix="resolve the error of the API server, and run again.",
    )


def place(path: str) -> Location:
    """Return the location for a path."""
    resource, namespace = _resource(path.partition("?")[0])
    return Location("kubernetes:" + "/".join(part for part in (namespace, resource) if part))


def message_of(body: str) -> str:
    """Return the message of a response: that of a Status object, or the plain text."""
    try:
        message = mapping(read_json(body, "kubernetes")).get("message")
    except InputError:
        message = body
    return str(message or "nothing").strip().partition("\n")[0][:300]


def _resource(path: str) -> tuple[str, str]:
    """Return the resource as `kubectl` names it, and its namespace."""
    parts = path.strip("/").split("/")
    group = "" if parts[0] == "api" else f".{parts[1]}"
    if "namespaces" not in parts:
        return f"{parts[-2]}{group}", ""
    place = parts.index("namespaces")
    return f"{parts[place + 2]}{group}", parts[place + 1]
