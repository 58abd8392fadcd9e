"""Checks that what was sent, what was logged and what was counted are the same."""
