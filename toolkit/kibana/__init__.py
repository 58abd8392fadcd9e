"""Kibana without Kibana: saved objects, what they refer to, and the fields they read.

This package knows nothing of contracts or checks and can be used by itself.
"""
