"""Checks of Kibana's saved objects."""
