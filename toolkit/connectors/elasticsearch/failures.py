"""Why a server did not answer, in the four parts of every message, and without secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ssl import SSLError
from typing import Any

from toolkit.connectors.elasticsearch.access import Access
from toolkit.findings import Finding, Location


def no_client() -> Finding:
    """The official client is not installed."""
    return Finding(
        what="the client of Elasticsearch is not installed",
        where=Location("elasticsearch"),
        why="`--live` asks by way of the package `elasticsearch`, which is an extra",
        fix="run `pip install 'telemetry-contract[live]'`.",
    )


def no_ca(access: Access, error: OSError) -> Finding:
    """The file with the certificates that sign the server's is none."""
    said = "it holds no certificate" if isinstance(error, SSLError) else error.strerror
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
    if status == 403 and (named := _PRIVILEGES.search(said)):
        fix = f"give the user the {named[1]} privilege `{named[2]}`."
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
        kind=_KINDS.get(status, ""),
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
    413: (
        "an event is too large for {}",
        "raise the limit of the server, or of what is before it.",
    ),
}
_KINDS = {403: "forbidden", 413: "too-large"}
_PRIVILEGES = re.compile(r"granted by the (index|cluster) privileges \[([\w:*]+)")
"""The least of those that the server names comes first."""
_REQUEST = re.compile(r" for REST request \[.*\]$")


def unreachable(access: Access, error: Exception) -> Finding:
    """There was no answer."""
    said = _without_secrets(access, _words(error))
    what, fix = next(
        (each for sign, each in _SILENCES.items() if re.search(sign, said)),
        ("does not answer", "start it, or correct its address."),
    )
    if access.url.startswith("http:") and "aborted" in said:
        fix = "start it, or write `https://` if it wants that."
    return Finding(
        what=f"Elasticsearch at {access.shown} {what}",
        where=Location(f"elasticsearch:{access.shown}"),
        why=f"the connection says: {said}",
        fix=fix,
    )


_SILENCES = {
    "timed out": (
        "does not answer in time",
        "wait until it is less busy, or allow it more: `targets: {elasticsearch: {timeout: …}}`.",
    ),
    r"WRONG_VERSION|RECORD_LAYER|HTTP_REQUEST|PACKET_LENGTH|UNKNOWN_PROTOCOL": (
        "does not speak TLS",
        "write `http://`, or ask the port that does.",
    ),
    "expired": ("cannot be trusted", "renew the server's certificate."),
    "mismatch|hostname .* match": (
        "cannot be trusted",
        "ask it by a name that its certificate is for, or have that name added.",
    ),
    "certificate|TLS|SSL": (
        "cannot be trusted",
        "name the certificate that signed the server's: TOOLKIT_ELASTICSEARCH_CA.",
    ),
}
"""By signs in what a connection says: what is the matter, and what to do."""


def _reason(body: Any) -> str:
    """The first line of what the server says in the body of its answer."""
    error = body.get("error", body) if isinstance(body, Mapping) else body
    if isinstance(error, Mapping):
        causes = error.get("root_cause") or [error]
        error = causes[0].get("reason") or error.get("reason") or error.get("type")
    return _REQUEST.sub("", str(error or "").partition("\n")[0])[:300]


def _words(error: Exception) -> str:
    """What went wrong, without the names of classes and the addresses of objects."""
    text = str(getattr(error, "message", "") or error).partition("\n")[0]
    text = re.sub(r"<[^<>]*>[:,]?\s*", "", text)
    plain = re.findall(r"\[SSL[^\]]*\][^(]*|(?:\[Errno \d+\] )?([A-Z][a-z]+ [^()'\"]+)", text)
    if "certificate" in text:
        found = re.search(r"certificate verify failed: ([^(]+)", text)
        return f"its certificate is not valid: {found[1].strip(' .')}" if found else "certificate"
    return next((each.strip() for each in plain if each), text)[:200]


def _without_secrets(access: Access, text: str) -> str:
    header = (access.authorization or "").partition(" ")[2]
    for secret in (access.password, access.api_key, header):
        if secret:
            text = text.replace(secret, "…")
    return text
