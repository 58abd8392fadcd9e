"""Checks, filters and report formats of other packages."""
