"""What can be known: queries, the evidence that answers them, and how it is derived.

Leaves name what a connector must fetch. Everything else here is a pure function.
"""
