"""Findings for failed requests to a cluster."""

from __future__ import annotations

import re

from toolkit.connectors.cluster.access import ClusterAccess
from toolkit.evidence.kubernetes.refusals import message_of
from toolkit.findings import Finding, Location
from toolkit.kubernetes.manifests import Manifest

FINAL = "final"
"""The kind of failures that are not worth a retry."""


def no_kubectl() -> Finding:
    """Return the finding of a missing kubectl."""
    return Finding(
        what="there is no `kubectl` to ask the cluster with",
        where=Location("PATH"),
        why="it knows how a context is reached, and who asks",
        fix="install kubectl, or add its folder to PATH.",
    )


def no_context(access: ClusterAccess, words: str) -> Finding:
    """Return the finding of a kubectl that exited before its first request."""
    last = words.strip().rpartition("\n")[2].removeprefix("error: ") or "nothing"
    missing = "does not exist" in last
    return Finding(
        what=f"the kubeconfig has no context `{access.context}`"
        if missing
        else f"kubectl cannot use the context `{access.context}`",
        where=_of(access),
        why=f"kubectl reports: {last}",
        fix="name one of those that `kubectl config get-contexts` lists."
        if missing
        else "make `kubectl version` work with it first.",
    )


def unknown_user(access: ClusterAccess, body: str) -> Finding:
    """Return the finding of HTTP 401."""
    return Finding(
        what=f"the API server of `{access.context}` rejected the credentials (HTTP 401)",
        where=_of(access),
        why=f"it reports: {message_of(body)}; the credentials may have expired",
        fix="log in again, and try `kubectl auth whoami`.",
        kind=FINAL,
    )


def unreachable(access: ClusterAccess, words: str) -> Finding:
    """Return the finding of a request that kubectl could not forward."""
    text = " ".join(words.split())[:300]
    if re.search(r"getting credentials|exec: ", text):
        return Finding(
            what=f"kubectl gets no credentials for `{access.context}`",
            where=_of(access),
            why=f"it reports: {text}",
            fix="log in again with the tool that the kubeconfig names.",
        )
    if re.search(r"x509|certificate", text):
        return Finding(
            what=f"the API server of `{access.context}` cannot be trusted",
            where=_of(access),
            why=f"kubectl reports: {text}",
            fix="correct the certificates of the cluster in the kubeconfig.",
        )
    return Finding(
        what=f"the API server of `{access.context}` cannot be reached",
        where=_of(access),
        why=f"kubectl reports: {text}",
        fix="start the cluster, or correct its address in the kubeconfig.",
    )


def silent(access: ClusterAccess, error: Exception) -> Finding:
    """Return the finding of a missing or truncated response."""
    return Finding(
        what=f"the API server of `{access.context}` does not answer",
        where=_of(access),
        why=f"within {access.timeout:g} s: {error or type(error).__name__}",
        fix="see whether `kubectl get --raw /readyz` answers, and run again.",
    )


def gone(known: Manifest) -> Finding:
    """Return the finding of an object that was deleted during a run."""
    return Finding(
        what=f"{known} was deleted in the middle of the run",
        where=known.locate(),
        why="the API server does not find it any more (HTTP 404)",
        fix="make it again, and let nothing else change it while the run lasts.",
        kind=FINAL,
    )


def _of(access: ClusterAccess) -> Location:
    return Location(f"kubernetes:{access.context}")
