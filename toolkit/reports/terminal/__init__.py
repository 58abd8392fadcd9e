"""Text for a terminal: findings, traces, events, trees."""
