"""The server's own functions for the creation of an object, without a server."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from typing import Any

from tests.cluster.parts import part


def ask(objects: Iterable[Any], *, defaulted: bool = False) -> list[dict[str, Any]]:
    """Return the answers of `tests/cluster/validator`, one for each object.

    Args:
        objects: Manifests.
        defaulted: With ``object``, which is the manifest with the server's defaults.
    """
    lines = [json.dumps({"body": each, "object": defaulted}) for each in objects]
    done = subprocess.run(
        [part("kube-validator")],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]
