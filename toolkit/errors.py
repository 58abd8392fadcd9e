"""Every exception the toolkit raises on purpose.

ToolkitError
├── ContractError      the contract is invalid
├── UsageError         the command line is invalid
├── InputError         an input file is invalid
│   ├── PipelineError      a Logstash configuration (carries every fault found)
│   └── Unsupported        it is valid, and the emulation does not cover it
└── Unavailable        a system could not be queried, or did not answer
"""

from __future__ import annotations

from typing import ClassVar, Self

from toolkit.findings import Finding, Location


class ToolkitError(Exception):
    """Base of the tree above; catch it to catch them all.

    ``findings`` holds every fault, the first of which names the error.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, *findings: Finding) -> None:
        first = findings[0]
        super().__init__(f"{first.where}: {first.what}")
        self.findings = findings

    @classmethod
    def of(cls, *, what: str, where: Location, why: str, fix: str) -> Self:
        """Return the error of one fault.

        Args:
            what: The fact.
            where: Its place.
            why: The reason.
            fix: One thing to do.
        """
        return cls(Finding(what, where, why, fix))

    @property
    def finding(self) -> Finding:
        """The first fault."""
        return self.findings[0]


class ContractError(ToolkitError):
    """The contract is invalid."""


class UsageError(ToolkitError):
    """The command line is invalid."""


class InputError(ToolkitError):
    """An input file is invalid."""


class PipelineError(InputError):
    """The Logstash configuration is invalid, or would not start."""


class Unsupported(InputError):
    """The input is valid, and the emulation does not cover it."""

    exit_code = 3


class Unavailable(ToolkitError):
    """A system could not be queried, or did not answer."""

    exit_code = 3
