"""Elasticsearch without Elasticsearch: index templates, and what a mapping makes of values.

This package knows nothing of contracts or checks and can be used by itself.
"""
