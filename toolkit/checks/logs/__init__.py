"""Checks of what becomes of log lines."""
