"""Grafana without Grafana: dashboards, their queries, and what variables stand for.

This package knows nothing of contracts or checks and can be used by itself.
"""
