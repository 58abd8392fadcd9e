"""What several formats share: the order of findings, and lines for a terminal."""
