"""Findings for failed requests to a server, without secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ssl import SSLError
from typing import Any
from urllib.parse import urlsplit

from toolkit.connectors.http.access import Access
from toolkit.findings import Finding


def no_client(access: Access) -> Finding:
    """The package by which servers are reached is not installed."""
    return Finding(
        what="the package `requests` is not installed",
        where=access.where,
        why=f"{access.system} is reached by it, and it is an extra",
        fix="run `pip install 'telemetry-contract[live]'`.",
    )


def no_ca(access: Access, error: OSError) -> Finding:
    """The file with the certificates that sign the server's holds none."""
    reason = "it holds no certificate" if isinstance(error, SSLError) else error.strerror
    return Finding(
        what=f"`{access.ca}` cannot be read as certificates",
        where=access.where,
        why=f"they verify the server's certificate; the system reports: {reason}",
        fix="name a file of certificates in PEM form.",
    )


def refused(access: Access, request: str, status: int, text: str, body: Any) -> Finding:
    """The server answered that it will not.

    Args:
        access: The server.
        request: Its method and path, without parameters.
        status: The HTTP status.
        text: The answer.
        body: The response parsed as JSON; None if it is invalid.
    """
    reason = access.redacted(_reason(body, text)) or f"HTTP {status}"
    what, fix = _REFUSALS.get(status, ("{system} refused {request}", "read its response."))
    if status == 403 and (missing := _PRIVILEGES.search(reason)):
        fix = f"give the user the {missing[1]} privilege `{missing[2]}`."
    else:
        fix = access.hint(status, request) or fix
    words = {"system": access.system, "request": f"`{request}`", "name": access.system.upper()}
    return Finding(
        what=f"{what.format(**words)} (HTTP {status})",
        where=access.where,
        why=f"it reports: {reason}",
        fix=fix.format(**words),
        kind={403: "forbidden", 413: "too-large"}.get(status, ""),
    )


_LOG_IN = "set TOOLKIT_{name}_API_KEY, or _USERNAME and _PASSWORD."
_WAIT = "wait until it is less busy, and run again."
_REFUSALS: Mapping[int, tuple[str, str]] = {
    401: ("{system} rejected the credentials for {request}", _LOG_IN),
    403: ("{system} does not allow {request}", "give the user the privilege to do this."),
    404: ("{system} has nothing at {request}", "correct the address, and its path."),
    405: ("this {system} lacks {request}", "ask one that has the module."),
    413: ("{request} is too large for {system}", "raise the limit of the server or of a proxy."),
    429: ("{system} is too busy for {request}", _WAIT),
    502: ("a proxy finds no {system} for {request}", "start {system}, or correct the proxy."),
    503: ("{system} is not ready for {request}", "wait until it is, and run again."),
    504: ("a gateway timed out on {request}", "see why {system} is slow, and run again."),
}
_PRIVILEGES = re.compile(r"granted by the (index|cluster) privileges \[([\w:*]+)")
"""The least of those that Elasticsearch names comes first."""
_CONTEXT = re.compile(r" for REST request \[.*\]$")


def redirected(access: Access, request: str, status: int, target: str) -> Finding:
    """Return the finding of a redirect by the server or a proxy; only a browser follows it.

    Args:
        access: The server.
        request: The request, such as ``GET /_search``.
        status: The status of the response.
        target: The URL of its ``Location`` header.
    """
    place = urlsplit(target)
    login = re.search(r"/login\b|/sso\b|/o?auth|/saml|/security/", place.path) is not None
    shown = f"{place.hostname or ''}{place.path or '/'}"
    log_in = _LOG_IN.format(name=access.system.upper())
    return Finding(
        what=f"`{request}` is redirected{' to a login page' if login else ''} (HTTP {status})",
        where=access.where,
        why=f"it redirects to `{shown}`{', which is for people at a browser' if login else ''}",
        fix=log_in if login else "name the address it redirects to, with its path.",
    )


def no_json(access: Access, request: str, text: str) -> Finding:
    """Return the finding of a response that is not JSON.

    Args:
        access: The server.
        request: The request, such as ``GET /_search``.
        text: The text of the response.
    """
    title = re.search(r"<title[^>]*>([^<]{1,80})", text, re.IGNORECASE)
    page = bool(title) or text.lstrip()[:1] == "<"
    shown = title[1].strip() if title else text.strip().partition("\n")[0][:80]
    return Finding(
        what=f"`{request}` is answered by {'a web page' if page else 'a text'}, not by data",
        where=access.where,
        why=f"it {'is titled' if title else 'begins'}: {access.redacted(shown)}",
        fix=f"name the address of {access.system} itself, not of a proxy or its login page.",
    )


def cut_off(access: Access, request: str) -> Finding:
    """An answer has no end."""
    return Finding(
        what=f"the answer to `{request}` was cut off",
        where=access.where,
        why="its last part is missing; what is there proves nothing of the rest",
        fix="see what a proxy on the way allows, and run again.",
    )


def unreachable(access: Access, error: Exception) -> Finding:
    """There was no answer."""
    reason = access.redacted(_words(error))
    what, fix = next(
        (each for sign, each in _SILENCES.items() if re.search(sign, reason)),
        ("does not answer", "start it, or correct its address."),
    )
    if access.url.startswith("http:") and re.search(r"(?i)closed connection|aborted", reason):
        fix = "start it, or write `https://` if it wants that."
    return Finding(
        what=f"{access.system} at {access.shown} {what.format(timeout=access.timeout)}",
        where=access.where,
        why=f"the connection failed: {reason}",
        fix=fix.format(name=access.system.upper()),
    )


_SILENCES = {
    "timed out": (
        "does not answer within {timeout:g} s",
        "see why it is slow, or raise `timeout:` of the target.",
    ),
    r"WRONG_VERSION|RECORD_LAYER|HTTP_REQUEST|PACKET_LENGTH|UNKNOWN_PROTOCOL": (
        "does not speak TLS",
        "write `http://`, or ask the port that does.",
    ),
    "expired": ("cannot be trusted", "renew the server's certificate."),
    "mismatch|hostname .* match|not valid for": (
        "cannot be trusted",
        "ask it by a name that its certificate is for, or have that name added.",
    ),
    "certificate|TLS|SSL": (
        "cannot be trusted",
        "name the certificate that signed the server's: TOOLKIT_{name}_CA.",
    ),
}
"""Problem and fix, by a pattern in the message of a connection error."""


def _reason(body: Any, text: str) -> str:
    """The first line of the reason that an answer gives."""
    reason = body.get("message") or body.get("error") if isinstance(body, Mapping) else text
    if isinstance(reason, Mapping):
        first = (reason.get("root_cause") or [reason])[0]
        reason = first.get("reason") or reason.get("reason") or reason.get("type")
    return _CONTEXT.sub("", str(reason or "").strip().partition("\n")[0])[:300]


def _words(error: Exception) -> str:
    """Return the message of an error, without class names and addresses of objects."""
    inner = innermost(error)
    text = str(inner)
    if "certificate verify failed" in text:
        found = re.search(r"certificate verify failed: ([^('\"]+)", text)
        return f"its certificate is not valid: {found[1].strip(' .,')}" if found else "certificate"
    if "timed out" in text:
        return "timed out"
    if text.startswith("[SSL"):
        return text.partition(" (")[0]
    plain = re.sub(r"\[Errno -?\d+\] ?", "", text.rpartition(": ")[2])
    return plain.strip("'\" ")[:200] or type(error).__name__


def innermost(error: BaseException) -> BaseException:
    """Return the error that others are wrapped around."""
    inner = [each for each in error.args if isinstance(each, BaseException)]
    reason = getattr(error, "reason", None)
    inner += [reason] if isinstance(reason, BaseException) else []
    return innermost(inner[-1]) if inner else error
