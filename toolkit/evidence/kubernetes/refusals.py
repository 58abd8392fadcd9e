"""What it means when the API server does not answer with what was asked for."""

from __future__ import annotations

import json

from toolkit.findings import Finding, Location
from toolkit.kubernetes.manifests import mapping


def refusal(path: str, status: int, body: str) -> Finding:
    """Why a path gave nothing."""
    resource, namespace = _resource(path.partition("?")[0])
    if status == 403:
        return Finding(
            what=f"{resource} may not be read in the namespace `{namespace}`",
            where=place(path),
            why=f"the API server says: {message_of(body)}",
            fix=f"grant it; `kubectl auth can-i list {resource} -n {namespace}` must say yes.",
        )
    return Finding(
        what=f"the API server has no answer about {resource} (HTTP {status})",
        where=place(path),
        why=f"it says: {message_of(body)}",
        fix="look at what it says, and run again.",
    )


def place(path: str) -> Location:
    """What a path is about."""
    resource, namespace = _resource(path.partition("?")[0])
    return Location("kubernetes:" + "/".join(part for part in (namespace, resource) if part))


def message_of(body: str) -> str:
    """The message in an answer, which is a Status, or plain text."""
    try:
        message = mapping(json.loads(body)).get("message")
    except ValueError:
        message = body
    return str(message or "nothing").strip().partition("\n")[0][:300]


def _resource(path: str) -> tuple[str, str]:
    """The resource as `kubectl` takes it, and its namespace."""
    parts = path.strip("/").split("/")
    group = "" if parts[0] == "api" else f".{parts[1]}"
    if "namespaces" not in parts:
        return f"{parts[-2]}{group}", ""
    place = parts.index("namespaces")
    return f"{parts[place + 2]}{group}", parts[place + 1]
