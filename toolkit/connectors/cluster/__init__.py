"""Clusters of Kubernetes that run; they are read, and never written to."""
