"""Prometheus without Prometheus: expositions, rule files, and what PromQL reads.

This package knows nothing of contracts or checks and can be used by itself.
"""
