"""Kubernetes without Kubernetes: manifests with positions, quantities, selectors, workloads.

This package knows nothing of contracts or checks and can be used by itself.
"""
