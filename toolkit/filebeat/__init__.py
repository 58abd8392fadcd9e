"""Filebeat without Filebeat: what its configuration does to lines before Logstash sees them.

This package knows nothing of contracts or checks and can be used by itself.
"""
