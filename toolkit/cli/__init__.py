"""The command line: one command is one module, imported when it is called."""

from __future__ import annotations

import click

from toolkit.cli._commands import Commands

__all__ = ["main"]

_COMMANDS = {
    "verify": "Compare what happens with what a contract promises.",
    "trace": "Follow one line through a pipeline to the fields it becomes.",
    "impact": "Print what a field or a metric comes from, and all that depends on it.",
    "logs": "Load lines into a store, and ask it for latency, status and failures.",
    "init": "Write a contract for the files that are found.",
    "logstash": "Run, check and follow Logstash configurations without Logstash.",
    "grok": "Match lines with an expression, and explain where it stopped.",
    "scale": "Load the service until it is scaled, and back.",
    "budget": "Print what manifests ask of their node: requests, limits, heaps.",
    "kibana": "Load data views and dashboards into a Kibana that runs.",
    "explain": "Say what a check looks for, why it matters, and how to fix a finding.",
    "checks": "List all checks.",
    "doctor": "Say what is reachable, and what will be unproven for lack of it.",
    "schema": "Print the JSON Schema of a contract.",
}


@click.group(cls=Commands, package="toolkit.cli", modules=_COMMANDS)
@click.version_option(package_name="telemetry-contract", prog_name="toolkit")
def main() -> None:
    """Prove that logs and metrics arrive as a contract promises.

    Exits 0 if every promise holds, 1 if one is broken, 2 if the call or the contract
    cannot be understood, 3 if something could not be looked at.
    """
