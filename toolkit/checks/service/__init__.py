"""Checks of the service itself, started here."""
