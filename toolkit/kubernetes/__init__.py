"""Kubernetes without a cluster: manifests with positions, quantities, selectors, workloads.

This package is independent of contracts and checks, and can be used by itself.
"""
