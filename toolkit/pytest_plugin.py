"""The pytest plugin by its former name, which environments that are installed already look up."""

from __future__ import annotations

pytest_plugins = ("telemetry_contract.plugin",)
