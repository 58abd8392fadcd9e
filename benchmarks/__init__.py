"""What the toolkit costs in time of the processor."""
