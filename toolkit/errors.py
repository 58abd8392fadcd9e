"""Every exception the toolkit raises on purpose.

ToolkitError
├── ContractError      the contract cannot be understood
├── UsageError         the call cannot be understood
├── InputError         a file given to the toolkit cannot be understood
│   ├── PipelineError      a Logstash configuration (carries every fault found)
│   └── Unsupported        it is valid, and the emulation does not cover it
└── Unavailable        a system could not be asked, or did not answer
"""

from __future__ import annotations

from typing import ClassVar

from toolkit.findings import Finding


class ToolkitError(Exception):
    """Base of the tree above; catch it to catch them all.

    ``findings`` holds every fault, the first of which names the error.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, *findings: Finding) -> None:
        first = findings[0]
        super().__init__(f"{first.where}: {first.what}")
        self.findings = findings

    @property
    def finding(self) -> Finding:
        """The first fault."""
        return self.findings[0]


class ContractError(ToolkitError):
    """The contract cannot be understood."""


class UsageError(ToolkitError):
    """The call cannot be understood."""


class InputError(ToolkitError):
    """A file given to the toolkit cannot be understood."""


class PipelineError(InputError):
    """The Logstash configuration cannot be understood, or would not start."""


class Unsupported(InputError):
    """The input is valid, and the emulation does not cover it."""

    exit_code = 3


class Unavailable(ToolkitError):
    """A system could not be asked, or did not answer."""

    exit_code = 3
