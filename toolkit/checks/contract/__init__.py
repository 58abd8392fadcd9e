"""Checks of the contract itself."""
