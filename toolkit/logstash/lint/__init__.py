"""Remarks on a configuration that Logstash accepts."""
