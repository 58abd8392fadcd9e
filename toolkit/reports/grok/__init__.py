"""Captures of grok expressions as JSON."""
