"""The defaults that the API server of Kubernetes 1.34.4 fills in.

They hold for the objects that people write; those of other versions differ in few fields.
What the server stores otherwise (a Secret's `stringData`, addresses, owners) is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.kubernetes.defaulting.forms import filled
from toolkit.kubernetes.defaulting.kinds import KINDS

__all__ = ["defaulted"]


def defaulted(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an object as the API server stores it; of unknown kinds, unchanged.

    Parts of the wrong type are left alone, as the server refuses them.

    >>> defaulted({"apiVersion": "v1", "kind": "Secret", "data": {}})["type"]
    'Opaque'
    """
    group = str(body.get("apiVersion") or "").rpartition("/")[0]
    form = KINDS.get((group, str(body.get("kind"))))
    return body if form is None else filled(body, form)
