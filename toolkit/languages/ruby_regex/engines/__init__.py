"""The two engines: the standard library's, and a backtracking machine."""
