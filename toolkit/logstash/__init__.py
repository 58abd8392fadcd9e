"""Logstash without Logstash: its configuration language, its events and its filters.

This package knows nothing of contracts or checks and can be used by itself.
"""
