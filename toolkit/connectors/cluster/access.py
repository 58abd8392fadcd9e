"""Which cluster is asked; who asks is kubectl's affair, and no credentials come here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from toolkit.model.expectations.targets import KubernetesTarget


@dataclass(frozen=True, slots=True)
class Access:
    """A context of a kubeconfig."""

    context: str
    kubeconfig: str | None = None
    """A file; None leaves it to the environment, as kubectl does."""
    timeout: float = 10.0
    """Seconds one request may take."""

    @property
    def options(self) -> tuple[str, ...]:
        """What kubectl needs to know of it."""
        own = () if self.kubeconfig is None else ("--kubeconfig", self.kubeconfig)
        return ("--context", self.context, *own)


def access(context: str | None, target: KubernetesTarget | None, folder: Path) -> Access | None:
    """Put together what the command line and the contract say; None where both name nothing.

    What the contract says of a cluster is said of the context that it names, and of no other.
    """
    own = target if target and context in (None, target.context) else None
    if own is None:
        return None if context is None else Access(context)
    kubeconfig = None if own.kubeconfig is None else str((folder / own.kubeconfig).resolve())
    return Access(own.context, kubeconfig, own.timeout)
