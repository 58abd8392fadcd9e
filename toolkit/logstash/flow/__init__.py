"""How values move through a configuration, read from its text."""
