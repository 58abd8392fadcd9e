"""Evidence on delivery: sent lines that are indexed, missing, rejected or duplicated."""
