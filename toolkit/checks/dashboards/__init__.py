"""Checks of the dashboards that show metrics."""
