"""A package that extends the toolkit."""
