"""Queries, the evidence that answers them, and its derivation.

Leaves name what a connector must fetch. Everything else here is a pure function.
"""
