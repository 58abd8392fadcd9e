"""Writes saved objects into Kibana; only a person's own words get here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.connectors.http import Client

_RESOLVABLE = frozenset({"conflict", "ambiguous_conflict", "missing_references"})
"""Refusals of one object for which Kibana leaves all of the others unwritten too."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An object that was not imported, and Kibana's reason."""

    kind: str
    """``conflict``, ``ambiguous_conflict``, ``missing_references``, ``unsupported_type``, …"""
    type: str
    id: str
    title: str
    reason: str
    missing: tuple[tuple[str, str], ...] = ()
    """Type and id of what it refers to, and is not there."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of importing a file."""

    written: frozenset[tuple[str, str]]
    """Type and id of the objects that were written, as the file has them."""
    refused: tuple[Refusal, ...] = ()
    moved: tuple[tuple[tuple[str, str], str], ...] = ()
    """Type and id of those that got another id, since another space has theirs; and that id."""
    warnings: tuple[str, ...] = ()

    def id_of(self, kind: str, name: str) -> str:
        """The id an object has now."""
        return dict(self.moved).get((kind, name), name)


def import_objects(client: Client, name: str, data: bytes, *, overwrite: bool = True) -> Imported:
    """Import an export of saved objects; importing it twice changes nothing.

    Args:
        client: The connection to Kibana.
        name: The name of the file.
        data: Its content, NDJSON.
        overwrite: Replace objects that exist.

    Raises:
        Unavailable: Kibana does not respond, or rejects the request as a whole.
    """
    answer = client.data(
        "POST",
        "/api/saved_objects/_import",
        params={"overwrite": "true"} if overwrite else {},
        files={"file": (name, data, "application/ndjson")},
    )
    return _imported(answer)


def _imported(body: Mapping[str, Any]) -> Imported:
    refused = tuple(map(_refusal, body.get("errors") or ()))
    # Kibana names what it would have written, even where it wrote nothing.
    nothing = any(each.kind in _RESOLVABLE for each in refused)
    results = body.get("successResults") or ()
    return Imported(
        frozenset() if nothing else frozenset(map(_named, results)),
        refused,
        tuple(
            (_named(each), str(each["destinationId"]))
            for each in results
            if each.get("destinationId")
        ),
        tuple(str(each.get("message")) for each in body.get("warnings") or ()),
    )


def _named(each: Mapping[str, Any]) -> tuple[str, str]:
    return str(each.get("type")), str(each.get("id"))


def _refusal(error: Mapping[str, Any]) -> Refusal:
    cause = error.get("error") or {}
    references = cause.get("references") or ()
    kind = str(cause.get("type") or "unknown")
    return Refusal(
        kind,
        str(error.get("type")),
        str(error.get("id")),
        str((error.get("meta") or {}).get("title") or error.get("title") or error.get("id")),
        str(cause.get("message") or _REASONS.get(kind, kind)),
        tuple(map(_named, references)),
    )


_REASONS = {
    "conflict": "it is there already",
    "ambiguous_conflict": "several objects there come from it",
    "missing_references": "what it refers to is not there",
    "unsupported_type": "this Kibana has no such type",
}
