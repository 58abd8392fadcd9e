"""Checks of log lines; the name of this package is the first part of their ids."""
