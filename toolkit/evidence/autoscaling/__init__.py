"""Evidence on autoscalers: their targets, simulated and observed scaling."""
