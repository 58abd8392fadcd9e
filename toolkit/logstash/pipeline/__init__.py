"""Pipelines: a configuration compiled, run and observed."""
