"""Checks of the metrics, and of the rules that read them."""
