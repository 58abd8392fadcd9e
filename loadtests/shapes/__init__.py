"""How many users there are when; one shape a file, since Locust takes the first it finds."""
