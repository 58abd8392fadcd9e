"""Evidence on the service: requests sent to it and its answers."""
