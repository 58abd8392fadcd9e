"""Saved objects out of Kibana's export, which it refuses as a whole if one is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.connectors.http import Client, Reply
from toolkit.connectors.http.failures import cut_off, refused
from toolkit.errors import InputError, Unavailable
from toolkit.evidence.kibana.kibana_queries import DeployedObjects
from toolkit.languages.positioned_json import read_json

_PATH = "/api/saved_objects/_export"
_Names = tuple[tuple[str, str], ...]


def exported(client: Client, names: _Names) -> DeployedObjects:
    """Those of the objects that are there, and the names of the others.

    Raises `Unavailable` where Kibana refuses them for another reason than that they are
    missing, and where the end of its answer is.
    """
    missing: _Names = ()
    while left := tuple(name for name in names if name not in missing):
        reply = _export(client, left)
        if reply.status == 200:
            return DeployedObjects(_objects(client, reply), missing)
        absent = tuple(name for name in _absent(reply.body) if name in left)
        if not absent:
            finding = refused(client.access, f"POST {_PATH}", 400, reply.text, _cause(reply.body))
            raise Unavailable(finding)
        missing += absent
    return DeployedObjects("", missing)


def _export(client: Client, names: _Names) -> Reply:
    objects = [{"type": kind, "id": name} for kind, name in names]
    body = {"objects": objects, "includeReferencesDeep": False, "excludeExportDetails": False}
    return client.send("POST", _PATH, takes=(400,), json=body)


def _objects(client: Client, reply: Reply) -> str:
    """The lines without the last one, which counts them."""
    lines = [line for line in reply.text.splitlines() if line.strip()]
    try:
        *objects, details = (read_json(line, "kibana") for line in lines)
    except (InputError, ValueError):
        raise Unavailable(cut_off(client.access, f"POST {_PATH}")) from None
    whole = all(isinstance(each, dict) for each in (*objects, details))
    if not whole or details.get("exportedCount") != len(objects):
        raise Unavailable(cut_off(client.access, f"POST {_PATH}"))
    return "\n".join(lines[:-1])


def _refusals(body: Any) -> Iterator[Mapping[str, Any]]:
    attributes = body.get("attributes") if isinstance(body, dict) else None
    objects = attributes.get("objects") if isinstance(attributes, dict) else None
    return (each for each in objects or () if isinstance(each, dict))


def _status(refusal: Mapping[str, Any]) -> Any:
    return (refusal.get("error") or {}).get("statusCode")


def _absent(body: Any) -> Iterator[tuple[str, str]]:
    """Type and id of the objects it does not find."""
    for each in _refusals(body):
        if _status(each) == 404:
            yield str(each.get("type")), str(each.get("id"))


def _cause(body: Any) -> Any:
    """Return Kibana's reason for the first object that it did not export."""
    return next((each["error"] for each in _refusals(body) if _status(each) != 404), body)
