"""The nouns of the toolkit, in the order in which data passes through them.

contract and its expectations → queries → answers → checks and steps → judgements → report.
All of it is frozen data: no input or output, no formatting.
"""
