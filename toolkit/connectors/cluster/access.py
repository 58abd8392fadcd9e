"""A kubectl context; authentication is left to kubectl."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from toolkit.model.expectations.targets import KubernetesTarget


@dataclass(frozen=True, slots=True)
class ClusterAccess:
    """A context of a kubeconfig."""

    context: str
    kubeconfig: str | None = None
    """A file; None leaves it to the environment, as kubectl does."""
    timeout: float = 10.0
    """Seconds one request may take."""

    @property
    def options(self) -> tuple[str, ...]:
        """The arguments of kubectl for this cluster."""
        own = () if self.kubeconfig is None else ("--kubeconfig", self.kubeconfig)
        return ("--context", self.context, *own)

    @classmethod
    def named(
        cls, context: str | None, target: KubernetesTarget | None, folder: Path
    ) -> Self | None:
        """Combine what the command line and the contract name.

        Args:
            context: The context that the command line names.
            target: What the contract has of its own context, and of no other.
            folder: What the path of the kubeconfig is relative to.

        Returns:
            None if nothing names a context.
        """
        own = target if target and context in (None, target.context) else None
        if own is None:
            return None if context is None else cls(context)
        kubeconfig = None if own.kubeconfig is None else str((folder / own.kubeconfig).resolve())
        return cls(own.context, kubeconfig, own.timeout)
