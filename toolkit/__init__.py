"""Verify that logs and metrics arrive as a contract says they should."""
