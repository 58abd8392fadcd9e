"""Renders kustomizations and charts with the programs on the path, without the network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from toolkit.evidence.kubernetes.arrangement import (
    Rendering,
    Renderings,
    RenderQuery,
    RenderTarget,
)
from toolkit.model.queries import Answer

_PATIENCE = 60
"""Seconds for one target."""
_NOWHERE = "http://127.0.0.1:9"
"""A proxy that refuses every connection."""
_WRAPPER = """\
resources: [{folder}]
buildMetadata: [originAnnotations]
"""


def render(query: RenderQuery, folder: Path) -> Answer[Renderings]:
    """Render the targets of a query.

    Args:
        query: The targets.
        folder: The folder of the contract.
    """
    root = (folder / query.root).resolve()
    outputs = tuple(_rendered(target, root) for target in query.targets)
    programs = ", ".join(dict.fromkeys(target.program for target in query.targets))
    return Answer(Renderings(outputs), programs or "nothing", len(outputs), "renderings")


def _rendered(target: RenderTarget, root: Path) -> Rendering:
    with tempfile.TemporaryDirectory() as scratch:
        command = _COMMANDS[target.program](target, root / target.folder, Path(scratch))
        if not command:
            return Rendering(target.folder, "", _MISSING[target.program])
        try:
            done = subprocess.run(
                command,
                env=_environment(scratch),
                cwd=scratch,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                timeout=_PATIENCE,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return Rendering(target.folder, "", str(error))
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"it ends with code {done.returncode}"]
        said = lines[-1].removeprefix("Error: ").removeprefix("error: ")
        return Rendering(target.folder, "", said.replace(str(root), "."))
    return Rendering(target.folder, done.stdout)


def _environment(scratch: str) -> Mapping[str, str]:
    """No credentials, no configuration of the user, no way out."""
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), _NOWHERE)
    helm = {f"HELM_{each}_HOME": scratch for each in ("CACHE", "CONFIG", "DATA")}
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": scratch,
        "KUBECONFIG": os.devnull,
        "GIT_ALLOW_PROTOCOL": "none",
        **proxies,
        **helm,
    }


def _kustomize(target: RenderTarget, folder: Path, scratch: Path) -> Sequence[str]:
    """Build a kustomization around it, which has the origin of each object written down."""
    around = os.path.relpath(folder, scratch.resolve())
    (scratch / "kustomization.yaml").write_text(_WRAPPER.format(folder=around), "utf-8")
    if program := shutil.which("kustomize"):
        return [program, "build", "."]
    program = shutil.which("kubectl")
    return [program, "kustomize", "."] if program else []


def _helm(target: RenderTarget, folder: Path, scratch: Path) -> Sequence[str]:
    program = shutil.which("helm")
    if program is None:
        return []
    namespace = ["--namespace", target.namespace] if target.namespace else []
    return [program, "template", target.name, str(folder), *namespace]


RENDERERS = {"kustomize": ("kustomize", "kubectl"), "helm": ("helm",)}
"""The programs that can render, each by itself."""
_COMMANDS = {"kustomize": _kustomize, "helm": _helm}
_MISSING = {
    "kustomize": "neither kustomize nor kubectl is installed",
    "helm": "helm is not installed",
}
