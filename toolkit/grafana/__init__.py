"""Grafana without a server: dashboards, their queries, and their variables.

This package is independent of contracts and checks, and can be used by itself.
"""
