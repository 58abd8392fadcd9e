"""The command line: one command is one module, imported when it is called."""

from __future__ import annotations

import gc

import click

from toolkit.cli._commands import Commands

__all__ = ["main"]

_COMMANDS = {
    "Commands": {
        "init": "Write a contract, toolkit.yml, for the files found here.",
        "verify": "Compare logs, metrics and manifests with the contract.",
        "trace": "Trace one line through a pipeline to the fields it becomes.",
        "scale": "Load the service until its autoscaler acts, or simulate that.",
        "explain": "Explain a check and how to fix its findings; list all checks.",
    },
    "More": {
        "impact": "Print the sources of a field or metric, and all that reads it.",
        "budget": "Compare the resources that manifests request with a node.",
        "logs": "Load lines into a store; print latency, status and failures.",
        "logstash": "Run, check, trace and test Logstash configurations.",
        "grok": "Match lines with a grok expression; explain a mismatch.",
        "kibana": "Import data views and dashboards into a running Kibana.",
        "trust": "Allow the commands that a contract runs on this machine.",
        "doctor": "List what the checks need, and what of it is missing here.",
        "schema": "Print the JSON Schema of a contract, for editors.",
    },
}


@click.group(
    cls=Commands, package="toolkit.cli", sections=_COMMANDS, aliases={"checks": "explain"}
)
@click.version_option(package_name="telemetry-contract", prog_name="toolkit")
def main() -> None:
    """Prove that logs and metrics arrive as a contract promises.

    Start with `toolkit init`, then `toolkit verify`.

    Exits 0 if every promise holds, 1 if one is broken, 2 if the call or the contract
    cannot be understood, 3 if something could not be looked at.
    """
    # A run keeps most of what it makes: it looked for garbage in a tenth of its time.
    gc.set_threshold(50_000)
