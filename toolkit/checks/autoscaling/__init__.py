"""Checks of what can keep an autoscaler from acting."""
