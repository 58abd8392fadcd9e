"""Trees are input of the toolkit: nothing in them is a test of this repository."""

collect_ignore_glob = ["*/*"]
