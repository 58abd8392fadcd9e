"""Load for the service, by Locust."""
