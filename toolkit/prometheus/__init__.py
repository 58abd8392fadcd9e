"""Prometheus without a server: expositions, rule files, and the selectors of PromQL.

This package is independent of contracts and checks, and can be used by itself.
"""
