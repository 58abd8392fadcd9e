"""Runs and simulations of an autoscaler: tables, plots, data."""
