"""What Acme adds to the toolkit."""
