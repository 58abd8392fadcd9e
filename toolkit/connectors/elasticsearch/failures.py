"""Why a server did not answer, in the four parts of every message, and without secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from toolkit.connectors.elasticsearch.access import Access
from toolkit.findings import Finding, Location

__all__ = ["no_ca", "no_client", "refused", "unreachable"]


def no_client() -> Finding:
    """The official client is not installed."""
    return Finding(
        what="the client of Elasticsearch is not installed",
        where=Location("elasticsearch"),
        why="`--live` asks by way of the package `elasticsearch`, which is an extra",
        fix="run `pip install 'telemetry-contract[live]'`.",
    )


def no_ca(access: Access, error: Exception) -> Finding:
    """The file with the certificates that sign the server's is none."""
    said = (error.strerror if isinstance(error, OSError) else None) or "it holds no certificate"
    return Finding(
        what=f"`{access.ca}` cannot be read as certificates",
        where=Location(f"elasticsearch:{access.shown}"),
        why=f"they tell whether the server can be trusted; the system says: {said}",
        fix="name a file of certificates in PEM form.",
    )


def refused(access: Access, request: str, status: int, body: Any) -> Finding:
    """The server answered that it will not."""
    asked = f"`{request.partition('?')[0]}`"
    said = _without_secrets(access, _reason(body) or f"HTTP {status}")
    what, fix = _REFUSALS.get(status, ("Elasticsearch refuses {}", "see what the server says."))
    if status >= 500 or status == 429:
        what, fix = (
            "Elasticsearch is too busy for {}",
            "wait until it is less busy, and run again.",
        )
    return Finding(
        what=f"{what.format(asked)} (HTTP {status})",
        where=Location(f"elasticsearch:{access.shown}"),
        why=f"the server says: {said}",
        fix=fix,
        kind="forbidden" if status == 403 else "",
    )


_REFUSALS = {
    401: (
        "Elasticsearch does not know who asks {}",
        "set TOOLKIT_ELASTICSEARCH_API_KEY, or _USERNAME and _PASSWORD.",
    ),
    403: (
        "Elasticsearch does not allow {}",
        "give the user the privileges `view_index_metadata` and `read` of these indices.",
    ),
    404: ("Elasticsearch has nothing at {}", "correct the index of the contract."),
    405: ("this Elasticsearch lacks {}", "ask one that has the module."),
}


def unreachable(access: Access, error: Exception) -> Finding:
    """There was no answer."""
    said = _without_secrets(access, _words(error))
    what, fix = "does not answer", "start it, or correct its address."
    if "expired" in said:
        what, fix = "cannot be trusted", "renew the server's certificate."
    elif re.search(r"certificate|TLS|SSL", said):
        what = "cannot be trusted"
        fix = "name the certificate that signed the server's: TOOLKIT_ELASTICSEARCH_CA."
    return Finding(
        what=f"Elasticsearch at {access.shown} {what}",
        where=Location(f"elasticsearch:{access.shown}"),
        why=f"the connection says: {said}",
        fix=fix,
    )


def _reason(body: Any) -> str:
    """The first line of what the server says in the body of its answer."""
    error = body.get("error", body) if isinstance(body, Mapping) else body
    if isinstance(error, Mapping):
        causes = error.get("root_cause") or [error]
        error = causes[0].get("reason") or error.get("reason") or error.get("type")
    return str(error or "").partition("\n")[0][:300]


def _words(error: Exception) -> str:
    """What went wrong, without the names of classes and the addresses of objects."""
    text = str(getattr(error, "message", "") or error).partition("\n")[0]
    text = re.sub(r"<[^<>]*>[:,]?\s*", "", text)
    plain = re.findall(r"\[SSL[^\]]*\][^(]*|(?:\[Errno \d+\] )?([A-Z][a-z]+ [^()'\"]+)", text)
    if "certificate" in text:
        found = re.search(r"certificate verify failed: ([^(']+)", text)
        return f"its certificate is not valid: {found[1].strip()}" if found else "certificate"
    return next((each.strip() for each in plain if each), text)[:200]


def _without_secrets(access: Access, text: str) -> str:
    for secret in (access.password, access.api_key):
        if secret:
            text = text.replace(secret, "…")
    return text
