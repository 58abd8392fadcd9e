"""Why a Kibana did not answer, in the four parts of every message, and without secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ssl import SSLError
from typing import Any
from urllib.parse import urlsplit

from toolkit.connectors.kibana.access import Access
from toolkit.findings import Finding, Location

_LOGIN = "set TOOLKIT_KIBANA_API_KEY, or _USERNAME and _PASSWORD."


def no_client() -> Finding:
    """The package by which Kibana is reached is not installed."""
    return Finding(
        what="the package `requests` is not installed",
        where=Location("kibana"),
        why="Kibana is reached by way of it, and it is an extra",
        fix="run `pip install 'telemetry-contract[live]'`.",
    )


def no_ca(access: Access, error: Exception) -> Finding:
    """The file with the certificates that sign the server's is none."""
    said = "it holds no certificate" if isinstance(error, SSLError) else _words(error)
    return Finding(
        what=f"`{access.ca}` cannot be read as certificates",
        where=_where(access),
        why=f"they tell whether the server can be trusted; the system says: {said}",
        fix="name a file of certificates in PEM form.",
    )


def refused(access: Access, request: str, status: int, text: str, body: Any) -> Finding:
    """Kibana answered that it will not."""
    said = _without_secrets(access, _reason(body, text)) or f"HTTP {status}"
    what, fix = _REFUSALS.get(status, ("Kibana refuses {}", "see what Kibana says."))
    if status == 403 and "_import" in request:
        fix = "give the user the privilege to manage saved objects."
    if status == 404 and access.space:
        fix = f"correct the address, or create the space `{access.space}`."
    return Finding(
        what=f"{what.format(f'`{request}`')} (HTTP {status})",
        where=_where(access),
        why=f"it says: {said}",
        fix=fix,
    )


_REFUSALS: Mapping[int, tuple[str, str]] = {
    401: ("Kibana does not know who asks {}", _LOGIN),
    403: (
        "Kibana does not allow {}",
        "give the user the privilege to read data views and saved objects.",
    ),
    404: ("there is nothing at {}", "correct the address, and the path Kibana is served under."),
    413: ("Kibana finds {} too large", "import it in parts."),
    429: ("Kibana is too busy for {}", "wait until it is less busy, and run again."),
    502: ("a proxy finds no Kibana behind it for {}", "start Kibana, or correct the proxy."),
    503: ("Kibana is not ready for {}", "wait until it has started, and run again."),
    504: ("a proxy waited in vain for {}", "see why Kibana is slow, and run again."),
}


def redirected(access: Access, request: str, status: int, target: str) -> Finding:
    """Kibana, or what stands before it, sends elsewhere; only a browser follows that."""
    place = urlsplit(target)
    login = re.search(r"/login\b|/sso\b|/o?auth|/saml|/security/", place.path) is not None
    shown = f"{place.hostname or ''}{place.path or '/'}"
    return Finding(
        what=f"Kibana wants somebody to log in for `{request}` (HTTP {status})"
        if login
        else f"`{request}` is to be had elsewhere (HTTP {status})",
        where=_where(access),
        why=f"it redirects to `{shown}`{', which is for people at a browser' if login else ''}",
        fix=_LOGIN if login else "name the address it redirects to, with its path.",
    )


def no_json(access: Access, request: str, text: str) -> Finding:
    """There is an answer, and it is none of Kibana's."""
    title = re.search(r"<title[^>]*>([^<]{1,80})", text, re.IGNORECASE)
    page = bool(title) or text.lstrip()[:1] == "<"
    shown = title[1].strip() if title else text.strip().partition("\n")[0][:80]
    return Finding(
        what=f"`{request}` is answered by {'a web page' if page else 'a text'}, not by data",
        where=_where(access),
        why=f"it {'is titled' if title else 'begins'}: {_without_secrets(access, shown)}",
        fix="name the address of Kibana itself, not that of a proxy or of its login page.",
    )


def cut_off(access: Access, request: str) -> Finding:
    """An answer has no end."""
    return Finding(
        what=f"the answer to `{request}` was cut off",
        where=_where(access),
        why="its last part is missing; what is there proves nothing of the rest",
        fix="see what a proxy on the way allows, and run again.",
    )


def unreachable(access: Access, error: Exception) -> Finding:
    """There was no answer."""
    said = _without_secrets(access, _words(error))
    what, fix = "does not answer", "start it, or correct its address."
    if "expired" in said:
        what, fix = "cannot be trusted", "renew the server's certificate."
    elif "certificate" in said or "SSL" in said:
        what = "cannot be trusted"
        fix = "name the certificate that signed the server's: TOOLKIT_KIBANA_CA."
    elif "timed out" in said:
        what = f"does not answer within {access.timeout:g} s"
        fix = "see why it is slow, or raise `timeout:` of the target."
    return Finding(
        what=f"Kibana at {access.shown} {what}",
        where=_where(access),
        why=f"the connection says: {said}",
        fix=fix,
    )


def _where(access: Access) -> Location:
    return Location(f"kibana:{urlsplit(access.url).netloc}")


def _reason(body: Any, text: str) -> str:
    """The first line of what it says."""
    said = body.get("message") or body.get("error") if isinstance(body, Mapping) else text
    return str(said or "").strip().partition("\n")[0][:300]


def _words(error: Exception) -> str:
    """What went wrong, without names of classes and addresses of objects."""
    inner: Any = error
    while getattr(inner, "args", None) and isinstance(inner.args[0], BaseException):
        reason = getattr(inner.args[0], "reason", None)
        inner = reason if isinstance(reason, BaseException) else inner.args[0]
    text = str(inner)
    if "certificate" in text:
        found = re.search(r"certificate verify failed: ([^(']+)", text)
        return f"its certificate is not valid: {found[1].strip()}" if found else "certificate"
    if "timed out" in text:
        return "timed out"
    said = re.sub(r"\[Errno -?\d+\] ?", "", text.rpartition(": ")[2])
    return said.strip("'\" ")[:200] or type(error).__name__


def _without_secrets(access: Access, text: str) -> str:
    for secret in (access.password, access.api_key):
        if secret:
            text = text.replace(secret, "…")
    return text
