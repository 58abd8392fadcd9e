"""Scales a service on this machine as its autoscaler would, under the load of Locust."""
