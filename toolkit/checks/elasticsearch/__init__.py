"""Checks of how Elasticsearch stores the events."""
