"""Kibana without a server: saved objects, their references, and the fields they read.

This package is independent of contracts and checks, and can be used by itself.
"""
