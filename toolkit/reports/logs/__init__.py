"""Latency, status and unparsed lines of loaded logs."""
